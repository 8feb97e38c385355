package functions

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlatformOrigins(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                     nil,
		"*":                                    {"*"},
		"https://a.example, https://b.example": {"https://a.example", "https://b.example"},
		"https://a.example,,":                  {"https://a.example"},
		`["https://a.example"," "]`:            {"https://a.example"},
		`["https://a.example"`:                 nil,
		`[{"a":1}]`:                            nil,
	} {
		got := PlatformOrigins(func(name string) string {
			return map[string]string{"WEBSITE_CORS_ALLOWED_ORIGINS": text}[name]
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", text, diff)
		}
	}
}
