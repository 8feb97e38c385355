package functions

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

const localFile = "local.settings.json"

// LocalSettings are what local.settings.json says for work on one machine.
// Under the host they are in effect already.
type LocalSettings struct {
	// Values are the app settings.
	Values map[string]string
	// CORS are the origins that pages may call from, or "*" for all.
	CORS []string
}

// ReadLocalSettings reads local.settings.json in a folder; without the file
// there are no settings. It refuses what `func start` refuses: encrypted
// settings, which those are that do not say "IsEncrypted": false, and values
// that are lists or objects. Errors name the file and the key, never a value.
func ReadLocalSettings(root string) (LocalSettings, error) {
	var file struct {
		IsEncrypted *bool
		Values      map[string]json.RawMessage
		Host        struct{ CORS string }
	}
	err := readJSON(filepath.Join(root, localFile), &file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return LocalSettings{}, nil
	case err != nil:
		return LocalSettings{}, err
	case file.IsEncrypted == nil || *file.IsEncrypted:
		return LocalSettings{}, errors.New(localFile + `: IsEncrypted: encrypted settings cannot be read: write "IsEncrypted": false`)
	}
	s := LocalSettings{Values: map[string]string{}}
	for origin := range strings.SplitSeq(file.Host.CORS, ",") {
		if origin = strings.TrimSpace(origin); origin != "" {
			s.CORS = append(s.CORS, origin)
		}
	}
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(file.Values)) {
		text, err := settingText(file.Values[name])
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: Values.%s: %w", localFile, name, err))
			continue
		}
		if text != "" {
			s.Values[name] = text
		}
	}
	return s, errors.Join(faults...)
}

// settingText returns a value as `func start` puts it into the environment;
// null and the empty text, which it leaves out, are empty.
func settingText(value json.RawMessage) (string, error) {
	switch value[0] {
	case '{', '[':
		return "", errors.New("a value is text: quote it")
	case 't':
		return "True", nil
	case 'f':
		return "False", nil
	case '"', 'n':
		var text string
		err := json.Unmarshal(value, &text)
		return text, err
	default:
		return string(value), nil
	}
}

// Environ returns an environment, given as os.Environ does, with the values
// added that it does not have. A variable that is set outranks the file, one
// that is empty does not.
func (s LocalSettings) Environ(environ []string) []string {
	added := maps.Clone(s.Values)
	all := make([]string, 0, len(environ)+len(added))
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if _, ok := added[name]; ok && value == "" {
			continue
		}
		delete(added, name)
		all = append(all, pair)
	}
	for _, name := range slices.Sorted(maps.Keys(added)) {
		all = append(all, name+"="+added[name])
	}
	return all
}
