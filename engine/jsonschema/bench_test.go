package jsonschema

import "testing"

const eight = `
type: object
properties:
  city: {type: string, minLength: 1, maxLength: 100, description: The city}
  country: {type: string, pattern: '^[A-Z]{2}$', description: The country}
  days: {type: integer, minimum: 1, maximum: 14, default: 3, description: How many days}
  units: {type: string, enum: [metric, imperial], default: metric, description: Units}
  latitude: {type: number, minimum: -90, maximum: 90, description: Degrees north}
  hourly: {type: boolean, default: false, description: By the hour}
  fields: {type: array, items: {type: string}, maxItems: 10, description: Which fields}
  start: {type: string, format: date, description: The first day}
required: [city, country]
additionalProperties: false`

const eightArguments = `{"city": "Oslo", "country": "NO", "days": 7, "units": "metric", "latitude": 59.91, "hourly": true, "fields": ["rain", "wind"], "start": "2026-01-31"}`

func BenchmarkCheck(b *testing.B) {
	n := node(b, eight)
	b.ReportAllocs()
	for b.Loop() {
		if s, found := Check(n, Input, Bounds{}); s == nil {
			b.Fatal(found)
		}
	}
}

func BenchmarkType(b *testing.B) {
	s := checked(b, eight, Input)
	b.ReportAllocs()
	for b.Loop() {
		s.Type()
	}
}

func BenchmarkBuild(b *testing.B) {
	s := checked(b, eight, Input)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Build(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	v := validator(b, eight, Input)
	text := []byte(eightArguments)
	b.ReportAllocs()
	for b.Loop() {
		if _, found, err := v.Decode(text); err != nil || found != nil {
			b.Fatal(found, err)
		}
	}
}

func BenchmarkValidate(b *testing.B) {
	v := validator(b, eight, Input)
	value, _, err := v.Decode([]byte(eightArguments))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if found := v.Validate(value); found != nil {
			b.Fatal(found)
		}
	}
}
