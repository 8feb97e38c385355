package functions

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadLocalSettings(t *testing.T) {
	for name, test := range map[string]struct {
		file string
		want LocalSettings
	}{
		"no file": {"", LocalSettings{}},
		"all": {
			`{ // for this machine
				"IsEncrypted": false,
				"Values": {"A": "text", "N": 1.50, "I": 12345678901234567890, "T": true, "F": false, "NULL": null, "EMPTY": "", "a": "other",},
				"Host": {"CORS": "https://a.example, https://b.example,", "CORSCredentials": true, "LocalHttpPort": 7071},
				"ConnectionStrings": {}
			}`,
			LocalSettings{
				Values: map[string]string{"A": "text", "N": "1.50", "I": "12345678901234567890", "T": "True", "F": "False", "a": "other"},
				CORS:   []string{"https://a.example", "https://b.example"},
			},
		},
		"no values": {`{"isEncrypted": false}`, LocalSettings{Values: map[string]string{}}},
		"every origin": {
			`{"IsEncrypted": false, "Host": {"CORS": "*"}}`,
			LocalSettings{Values: map[string]string{}, CORS: []string{"*"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadLocalSettings(folder(t, "local.settings.json", test.file))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestReadLocalSettingsFaults(t *testing.T) {
	for name, test := range map[string]struct{ file, want string }{
		"encrypted":     {`{"IsEncrypted": true}`, `local.settings.json: IsEncrypted: encrypted settings cannot be read: write "IsEncrypted": false`},
		"does not say":  {`{"Values": {}}`, `local.settings.json: IsEncrypted: encrypted settings cannot be read: write "IsEncrypted": false`},
		"nested values": {`{"IsEncrypted": false, "Values": {"B": ["secret"], "A": {"x": "secret"}}}`, "local.settings.json: Values.A: a value is text: quote it\nlocal.settings.json: Values.B: a value is text: quote it"},
		"wrong type":    {"{\n\"IsEncrypted\": false,\n\"Host\": {\"CORS\": [\"*\"]}}", "local.settings.json:3: Host.CORS: want string, found array"},
		"broken":        {`{"IsEncrypted": false,, }`, "local.settings.json:1: invalid character '}' looking for beginning of object key string"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadLocalSettings(folder(t, "local.settings.json", test.file))
			if err == nil {
				t.Fatal("no error")
			}
			if d := cmp.Diff(test.want, err.Error()); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestEnviron(t *testing.T) {
	s := LocalSettings{Values: map[string]string{"B": "file", "SET": "file", "EMPTY": "file", "A": "file"}}
	got := s.Environ([]string{"SET=outer", "EMPTY=", "OTHER=x=y", "NOTHING="})
	want := []string{"SET=outer", "OTHER=x=y", "NOTHING=", "A=file", "B=file", "EMPTY=file"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if len(s.Values) != 4 {
		t.Errorf("the settings became %q", s.Values)
	}
	if got := (LocalSettings{}).Environ([]string{"A=1"}); !cmp.Equal(got, []string{"A=1"}) {
		t.Errorf("without a file the environment became %q", got)
	}
}
