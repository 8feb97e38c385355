package main

import (
	"encoding/json"
	"net/http"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

// health answers whether the server is well, and nothing that only its
// operator should know.
func health(e *engine.Engine) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c := e.Catalog()
		status := "ok"
		if schema.HasErrors(c.Diagnostics()) {
			status = "degraded"
		}
		answer(w, map[string]string{"status": status, "digest": c.Digest()})
	})
}

// status answers what the operator wants to know: what is served, what is
// stale, and why.
func status(e *engine.Engine) http.Handler {
	type stale struct {
		Kind      schema.Kind `json:"kind"`
		Name      string      `json:"name"`
		Withdrawn bool        `json:"withdrawn"`
	}
	type finding struct {
		File     string `json:"file"`
		Line     int    `json:"line"`
		Column   int    `json:"column"`
		Severity string `json:"severity"`
		Code     string `json:"code"`
		Message  string `json:"message"`
		Hint     string `json:"hint,omitempty"`
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c := e.Catalog()
		report := struct {
			Version     string    `json:"version"`
			Generation  uint64    `json:"generation"`
			Digest      string    `json:"digest"`
			Tools       int       `json:"tools"`
			Stale       []stale   `json:"stale"`
			Diagnostics []finding `json:"diagnostics"`
		}{version(), c.Generation(), c.Digest(), len(c.Tools()), []stale{}, []finding{}}
		for _, s := range c.Stale() {
			report.Stale = append(report.Stale, stale{s.Kind, s.Name, s.Withdrawn})
		}
		for _, d := range c.Diagnostics() {
			report.Diagnostics = append(report.Diagnostics, finding{
				d.Place.File, d.Place.Line, d.Place.Column, d.Severity.String(), d.Code, d.Message, d.Hint})
		}
		answer(w, report)
	})
}

// answer writes JSON that no cache keeps.
func answer(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	// What cannot be written has lost its reader.
	_ = json.NewEncoder(w).Encode(value)
}
