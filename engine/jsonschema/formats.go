package jsonschema

import (
	"maps"
	"slices"
)

// formats are the values of `format` that are asserted, with what a value
// looks like.
var formats = map[string]string{
	"date":                  "a date such as 2026-01-31",
	"date-time":             "a time such as 2026-01-31T12:00:00Z",
	"time":                  "a time of day such as 12:00:00Z",
	"duration":              "a duration such as P1DT12H",
	"email":                 "an email address",
	"hostname":              "a host name",
	"ipv4":                  "an IPv4 address",
	"ipv6":                  "an IPv6 address",
	"uri":                   "a URI such as https://example.com/a",
	"uri-reference":         "a URI or a relative reference",
	"iri":                   "an IRI such as https://example.com/a",
	"iri-reference":         "an IRI or a relative reference",
	"uri-template":          "a URI template such as /users/{id}",
	"uuid":                  "a UUID such as 123e4567-e89b-12d3-a456-426614174000",
	"json-pointer":          "a JSON pointer such as /a/0",
	"relative-json-pointer": "a relative JSON pointer such as 1/a",
	"regex":                 "a regular expression",
	"semver":                "a version such as 1.2.3",
	"period":                "a period such as 2026-01-01T00:00:00Z/P1D",
}

// formatNames are the names of formats, sorted.
var formatNames = slices.Sorted(maps.Keys(formats))
