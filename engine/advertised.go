package engine

import (
	"crypto/sha256"
	"encoding/json"

	"github.com/toolsd/toolsd/schema"
)

// Advertised is what clients are told of a tool. Nobody writes to its fields.
type Advertised struct {
	Name, Title, Description  string
	InputSchema, OutputSchema json.RawMessage // as written; OutputSchema may be nil
	Annotations               schema.Annotations
	Icons, Meta               json.RawMessage   // nil when not said
	Hash                      [sha256.Size]byte // of everything above
}

func advertise(name string, written *schema.Tool, p *parts) Advertised {
	a := Advertised{
		Name:        name,
		Title:       written.Title,
		Description: written.Description,
		InputSchema: p.input.JSON(),
		Annotations: written.Annotations,
	}
	if p.output != nil {
		a.OutputSchema = p.output.JSON()
	}
	if written.Icons != nil {
		a.Icons = written.Icons.JSON()
	}
	if written.Meta != nil {
		a.Meta = written.Meta.JSON()
	}
	text, err := json.Marshal(a)
	if err != nil {
		panic(err) // schemas and metadata come from Node.JSON, which is valid JSON
	}
	a.Hash = sha256.Sum256(text)
	return a
}
