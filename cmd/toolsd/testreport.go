package main

import (
	"encoding/xml"
	"fmt"
	"io"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

// writeTestJSON writes the outcome of tests for programs, with the errors of
// what could not be tested.
func writeTestJSON(w *world, run *engine.TestRun) error {
	type difference struct {
		Where    string `json:"where"`
		Expected string `json:"expected"`
		Got      string `json:"got"`
	}
	type failure struct {
		Line        int          `json:"line,omitempty"`
		Column      int          `json:"column,omitempty"`
		Message     string       `json:"message"`
		Differences []difference `json:"differences,omitempty"`
		Notes       []string     `json:"notes,omitempty"`
	}
	type test struct {
		Tool     string    `json:"tool"`
		Name     string    `json:"name"`
		File     string    `json:"file"`
		Line     int       `json:"line"`
		Column   int       `json:"column"`
		Passed   bool      `json:"passed"`
		Failures []failure `json:"failures,omitempty"`
	}
	type fault struct {
		File    string `json:"file"`
		Line    int    `json:"line"`
		Column  int    `json:"column"`
		Code    string `json:"code"`
		Message string `json:"message"`
		Hint    string `json:"hint,omitempty"`
	}
	report := struct {
		Passed   int      `json:"passed"`
		Failed   int      `json:"failed"`
		Untested []string `json:"untested"`
		Errors   []fault  `json:"errors,omitempty"`
		Tests    []test   `json:"tests"`
	}{Passed: len(run.Tests) - failed(run), Failed: failed(run), Untested: append([]string{}, run.Untested...), Tests: []test{}}
	for _, d := range run.Diagnostics {
		if d.Severity == schema.Error {
			report.Errors = append(report.Errors, fault{d.Place.File, d.Place.Line, d.Place.Column, d.Code, d.Message, d.Hint})
		}
	}
	for i := range run.Tests {
		t := &run.Tests[i]
		written := test{t.Tool, t.Name, t.Place.File, t.Place.Line, t.Place.Column, t.Passed(), nil}
		for _, f := range t.Failures {
			entry := failure{Line: f.Place.Line, Column: f.Place.Column, Message: f.Message, Notes: f.Notes}
			for _, d := range f.Differences {
				entry.Differences = append(entry.Differences, difference{d.Where, d.Want, d.Got})
			}
			written.Failures = append(written.Failures, entry)
		}
		report.Tests = append(report.Tests, written)
	}
	return writeJSON(w.stdout, report)
}

// The parts of a report as JUnit wrote it first and build servers read it.
type (
	junitReport struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string        `xml:"classname,attr"`
		Name    string        `xml:"name,attr"`
		File    string        `xml:"file,attr"`
		Line    int           `xml:"line,attr"`
		Failure *junitMessage `xml:"failure"`
		Error   *junitMessage `xml:"error"`
	}
	junitMessage struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeTestJUnit writes a suite for each file. What has an error, so that it
// could not be tested, is a case with an error.
func writeTestJUnit(w *world, run *engine.TestRun) error {
	report := &junitReport{}
	for _, d := range run.Diagnostics {
		if d.Severity == schema.Error {
			report.add(d.Place.File, junitCase{Class: "check", Name: point(d.Place), File: d.Place.File, Line: d.Place.Line,
				Error: &junitMessage{Message: d.Message + " [" + d.Code + "]", Text: d.Hint}})
		}
	}
	for i := range run.Tests {
		t := &run.Tests[i]
		c := junitCase{Class: t.Tool, Name: t.Name, File: t.Place.File, Line: t.Place.Line}
		if !t.Passed() {
			c.Failure = &junitMessage{Message: t.Failures[0].Message, Text: point(t.Place) + "\n" + failureText(t)}
		}
		report.add(t.Place.File, c)
	}
	if _, err := io.WriteString(w.stdout, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w.stdout)
	e.Indent("", "  ")
	if err := e.Encode(report); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w.stdout)
	return err
}

// add adds a case to the suite of its file.
func (r *junitReport) add(file string, c junitCase) {
	at := -1
	for i := range r.Suites {
		if r.Suites[i].Name == file {
			at = i
		}
	}
	if at < 0 {
		at, r.Suites = len(r.Suites), append(r.Suites, junitSuite{Name: file})
	}
	s := &r.Suites[at]
	s.Cases = append(s.Cases, c)
	r.Tests, s.Tests = r.Tests+1, s.Tests+1
	if c.Failure != nil {
		r.Failures, s.Failures = r.Failures+1, s.Failures+1
	}
	if c.Error != nil {
		r.Errors, s.Errors = r.Errors+1, s.Errors+1
	}
}
