package engine

import "testing"

func TestFence(t *testing.T) {
	all := func(string) (string, bool) { return "value", true }
	for _, tt := range []struct {
		name  string
		allow []string
		want  bool
	}{
		{name: "API_KEY", want: true},
		{name: "TOOLSD", want: true},
		{name: "AzureWebJobsStorage"},
		{name: "azurewebjobsstorage"}, // the same one on Windows
		{name: "Identity_Header"},
		{name: "TOOLSD_HOSTS_ALLOW"},
		{name: "AZURE_FEDERATED_TOKEN"}, // is in AZURE_FEDERATED_TOKEN_FILE
		{name: "AWS_WEB_IDENTITY_TOKEN"},
		{name: "AZURE_CLIENT_SECRET", want: true},
		{name: "API_KEY", allow: []string{}},
		{name: "API_KEY", allow: []string{"API_*"}, want: true},
		{name: "api_key", allow: []string{"API_*"}},
		{name: "API_KEY", allow: []string{"API"}},
		{name: "TOOLSD_STATE_KEYS", allow: []string{"TOOLSD_STATE_KEYS"}, want: true},
	} {
		if _, got := Fence(all, tt.allow)(tt.name); got != tt.want {
			t.Errorf("%s with %q: seen %t, want %t", tt.name, tt.allow, got, tt.want)
		}
	}
}
