package engine

import "encoding/json"

// A Result is what a call gives back.
type Result struct {
	// IsError marks a tool error: something the model can read and act on.
	IsError bool
	// Content is never empty.
	Content []Content
	// Structured is compact JSON, an object or a list, or nil.
	Structured json.RawMessage
}

// A Content block of a result.
type Content struct {
	Type     ContentType
	Text     string // of Text
	Data     []byte // of Image, Audio and Blob
	MIMEType string // of Image, Audio and Blob
	URI      string // of Blob
}

// ContentType is the kind of a content block.
type ContentType uint8

const (
	Text ContentType = iota
	Image
	Audio
	Blob // an embedded resource with binary content
)
