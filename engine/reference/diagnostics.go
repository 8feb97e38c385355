package reference

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/toolsd/toolsd/engine"
	"github.com/toolsd/toolsd/schema"
)

// WriteText writes an explanation for a terminal.
func (e Explanation) WriteText(w io.Writer, opts schema.TextOptions) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s (%s)\n\n", e.Code.Name, e.Code.Severity)
	for _, text := range []string{e.Code.Meaning, e.Why} {
		if text != "" {
			fmt.Fprintf(&b, "%s\n\n", wrap(text, 80))
		}
	}
	if e.Before != "" {
		fmt.Fprintf(&b, "Before:\n\n%s\n", indent(e.Before))
		if err := schema.WriteText(&b, e.Shown, opts); err != nil {
			return err
		}
		fmt.Fprintf(&b, "\nAfter:\n\n%s", indent(e.After))
		if e.Mended {
			b.WriteString("\ntoolsd check --fix mends this.\n")
		}
	}
	_, err := w.Write(append(bytes.TrimRight(b.Bytes(), "\n"), '\n'))
	return err
}

// DiagnosticsPage returns the page of all codes, as Markdown.
func DiagnosticsPage() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`# Diagnostics

What ` + "`toolsd check`" + ` can say of a definition, by code. A code never changes its meaning. Each example is checked by the program itself, and what it says of the first form is what is shown. ` + "`toolsd check --explain CODE`" + ` prints the same in a terminal.

An error keeps its definition from being served, or keeps the last good version in service; a warning harms nothing, ` + "and those of lint come from `toolsd check` alone. Where you mean what a warning is about, a comment on its line or directly above silences it: `# lint:ignore CODE reason in words`" + `.

`)
	all := engine.Codes()
	for _, severity := range []schema.Severity{schema.Error, schema.Warning} {
		var names []string
		for _, c := range all {
			if c.Severity == severity {
				names = append(names, fmt.Sprintf("[%s](#%s)", c.Name, c.Name))
			}
		}
		fmt.Fprintf(&b, "%d %ss: %s.\n\n", len(names), severity, strings.Join(names, ", "))
	}
	for _, c := range all {
		if err := explain(c).writeMarkdown(&b); err != nil {
			return nil, err
		}
	}
	return append(bytes.TrimRight(b.Bytes(), "\n"), '\n'), nil
}

func (e Explanation) writeMarkdown(b *bytes.Buffer) error {
	fmt.Fprintf(b, "## %s\n\n", e.Code.Name)
	switch {
	case engine.NeedsLint(e.Code.Name):
		b.WriteString("*Warning, of lint.* ")
	case e.Code.Severity == schema.Warning:
		b.WriteString("*Warning.* ")
	}
	b.WriteString(prose(e.Code.Meaning))
	if e.Why != "" {
		b.WriteString(" " + prose(e.Why))
	}
	b.WriteString("\n\n")
	if e.Before == "" {
		return nil
	}
	fmt.Fprintf(b, "```yaml\n%s```\n\n```\n", e.Before)
	if err := schema.WriteText(b, e.Shown, schema.TextOptions{}); err != nil {
		return err
	}
	fmt.Fprintf(b, "```\n\nInstead:\n\n```yaml\n%s```\n\n", e.After)
	if e.Mended {
		b.WriteString("`toolsd check --fix` mends this.\n\n")
	}
	return nil
}

// prose escapes what Markdown would take for markup in plain sentences. Text
// between backquotes is left as it is.
func prose(s string) string {
	parts := strings.Split(s, "`")
	if len(parts)%2 == 0 {
		return markup.Replace(s)
	}
	for i := 0; i < len(parts); i += 2 {
		parts[i] = markup.Replace(parts[i])
	}
	return strings.Join(parts, "`")
}

var markup = strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "<", `\<`, "`", "\\`", "[", `\[`, "]", `\]`)

func indent(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("  " + line)
	}
	return b.String()
}

// wrap breaks a text into lines of at most so many bytes.
func wrap(text string, width int) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
		case column+1+len(word) > width:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}
