package functions

import (
	"encoding/json"
	"strings"
)

// PlatformOrigins returns the origins whose pages the platform lets call the
// app: the CORS settings of a function app, which it puts into the environment.
// toolsd has to let the same pages in, or what the portal says would not hold.
// The platform answers preflights and writes the headers of CORS anew, so that
// none is there twice.
//
// The list is separated by commas, or JSON where an older platform wrote it;
// what cannot be read lets nobody in.
func PlatformOrigins(getenv func(string) string) []string {
	text := strings.TrimSpace(getenv("WEBSITE_CORS_ALLOWED_ORIGINS"))
	var listed []string
	if !strings.HasPrefix(text, "[") {
		listed = strings.Split(text, ",")
	} else if json.Unmarshal([]byte(text), &listed) != nil {
		return nil
	}
	var origins []string
	for _, origin := range listed {
		if origin = strings.TrimSpace(origin); origin != "" {
			origins = append(origins, origin)
		}
	}
	return origins
}
