package schema

import (
	"encoding/json"
	"io"
	"net/url"
	"slices"
	"strings"
)

// A SARIFTool is the program that found the diagnostics.
type SARIFTool struct {
	Version string
	// Rules are the codes it knows.
	Rules []Code
}

// The parts of SARIF 2.1.0 that are used here, as OASIS names them.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string             `json:"id"`
		ShortDescription     sarifText          `json:"shortDescription"`
		HelpURI              string             `json:"helpUri"`
		DefaultConfiguration sarifConfiguration `json:"defaultConfiguration"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID           string          `json:"ruleId"`
		RuleIndex        int             `json:"ruleIndex"`
		Level            string          `json:"level"`
		Message          sarifText       `json:"message"`
		Locations        []sarifLocation `json:"locations"`
		RelatedLocations []sarifLocation `json:"relatedLocations,omitempty"`
		Fixes            []sarifFix      `json:"fixes,omitempty"`
	}
	sarifFix struct {
		ArtifactChanges []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		Deleted  sarifRegion `json:"deletedRegion"`
		Inserted *sarifText  `json:"insertedContent,omitempty"`
	}
	sarifLocation struct {
		ID       *int          `json:"id,omitempty"`
		Message  *sarifText    `json:"message,omitempty"`
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int        `json:"startLine"`
		StartColumn int        `json:"startColumn"`
		EndLine     int        `json:"endLine,omitempty"`
		EndColumn   int        `json:"endColumn,omitempty"`
		Snippet     *sarifText `json:"snippet,omitempty"`
	}
)

const (
	home = "https://github.com/toolsd/toolsd"
	help = home + "/blob/main/docs/diagnostics.md#"
)

// WriteSARIF writes diagnostics as a log of SARIF 2.1.0 (OASIS), which code
// scanning services take. Columns count characters, as in a Place. Each
// diagnostic has its code among the tool's rules.
func WriteSARIF(w io.Writer, ds []Diagnostic, tool SARIFTool) error {
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "toolsd", Version: tool.Version, InformationURI: home, Rules: []sarifRule{}}},
		ColumnKind: "unicodeCodePoints",
		Results:    []sarifResult{},
	}
	for _, c := range tool.Rules {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{
			ID:                   c.Name,
			ShortDescription:     sarifText{c.Meaning},
			HelpURI:              help + c.Name,
			DefaultConfiguration: sarifConfiguration{c.Severity.String()},
		})
	}
	for _, d := range ds {
		text := d.Message
		if d.Hint != "" {
			text += "\nhint: " + d.Hint
		}
		r := sarifResult{
			RuleID:    d.Code,
			RuleIndex: slices.IndexFunc(tool.Rules, func(c Code) bool { return c.Name == d.Code }),
			Level:     d.Severity.String(),
			Message:   sarifText{text},
			Locations: []sarifLocation{{Physical: sarifPlace(d.Place, d.Snippet)}},
		}
		for i, related := range d.Related {
			r.RelatedLocations = append(r.RelatedLocations, sarifLocation{
				ID: new(i), Message: &sarifText{related.Message}, Physical: sarifPlace(related.Place, ""),
			})
		}
		if d.Fix != nil {
			r.Fixes = []sarifFix{sarifEdits(d)}
		}
		run.Results = append(run.Results, r)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(sarifLog{
		Schema:  "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
		Version: "2.1.0",
		Runs:    []sarifRun{run},
	})
}

func sarifPlace(p Place, snippet string) sarifPhysical {
	l := sarifPhysical{Artifact: sarifArtifact{sarifURI(p.File)}}
	if p.Line == 0 {
		return l
	}
	l.Region = &sarifRegion{StartLine: p.Line, StartColumn: p.Column, EndColumn: p.Column + p.Length}
	if snippet != "" {
		l.Region.Snippet = &sarifText{snippet}
	}
	return l
}

// sarifEdits returns the fix of a diagnostic. A region of no length is where a
// text is inserted.
func sarifEdits(d Diagnostic) sarifFix {
	c := sarifChange{Artifact: sarifArtifact{sarifURI(d.Place.File)}}
	for _, e := range d.Fix {
		r := sarifReplacement{Deleted: sarifRegion{StartLine: e.From.Line, StartColumn: e.From.Column, EndLine: e.To.Line, EndColumn: e.To.Column}}
		if e.Text != "" {
			r.Inserted = &sarifText{e.Text}
		}
		c.Replacements = append(c.Replacements, r)
	}
	return sarifFix{[]sarifChange{c}}
}

// sarifURI returns the name of a file as a relative reference, or as a file
// URI where it is absolute.
func sarifURI(file string) string {
	if strings.HasPrefix(file, "/") {
		return (&url.URL{Scheme: "file", Path: file}).String()
	}
	return (&url.URL{Path: file}).String()
}
