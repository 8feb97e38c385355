package functions

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
)

// masterKey is the name of the key that opens the admin level.
const masterKey = "_master"

// Keys are the function keys of a server that no host stands before. They are
// safe for concurrent use; nil Keys are none.
type Keys struct {
	file *keyFile // or nil
	log  *slog.Logger

	mu  sync.Mutex
	all []key
}

// A key is kept as its hash alone.
type key struct {
	name string
	sum  [sha256.Size]byte
}

// ReadKeys reads the value of TOOLSD_KEYS: "name=key,name=key", or "@file" for
// a file with one name=key a line, where lines that begin with # do not count;
// several names let a key be replaced while the old one is still in use. The key named _master opens every level, the others that of functions. An
// empty setting gives no keys.
//
// A file is read again when it has changed. If it is missing or faulty then,
// the keys read before stay, and the logger is told once a change. Errors and
// log lines never hold a key. The logger must not be nil.
func ReadKeys(setting string, log *slog.Logger) (*Keys, error) {
	k := &Keys{log: log}
	path, isFile := strings.CutPrefix(setting, "@")
	var err error
	switch {
	case isFile:
		k.file = &keyFile{path: path}
		k.all, err = k.file.read()
	case setting != "":
		k.all, err = parseKeys(setting, ",", "entry")
	}
	if err != nil {
		return nil, fmt.Errorf("TOOLSD_KEYS: %w", err)
	}
	return k, nil
}

// parseKeys reads name=key from each piece of a text. Blank pieces and those
// that begin with # do not count; errors number the rest with them.
func parseKeys(text, separator, piece string) ([]key, error) {
	var all []key
	names := map[string]bool{}
	var faults []error
	number := 0
	for entry := range strings.SplitSeq(text, separator) {
		number++
		if entry = strings.TrimSpace(entry); entry == "" || entry[0] == '#' {
			continue
		}
		name, value, _ := strings.Cut(entry, "=")
		switch {
		case name == "" || value == "":
			faults = append(faults, fmt.Errorf("%s %d is not name=key", piece, number))
		case strings.ContainsFunc(entry, func(r rune) bool { return r <= ' ' || r > '~' }):
			faults = append(faults, fmt.Errorf("%s %d: names and keys are printable ASCII without spaces", piece, number))
		case names[name]:
			faults = append(faults, fmt.Errorf("%s %d: there is a key %q above it", piece, number, name))
		}
		names[name] = true
		all = append(all, key{name, sha256.Sum256([]byte(value))})
	}
	if len(all) == 0 && len(faults) == 0 {
		return nil, errors.New("there is no name=key in it")
	}
	return all, errors.Join(faults...)
}

// Reach reports whether there is a key that opens a level.
func (k *Keys) Reach(level Level) bool {
	for _, one := range k.current() {
		if one.opens(level) {
			return true
		}
	}
	return level == Anonymous
}

// Accept reports whether a presented key opens a level. The time it takes
// tells nothing of how much of a key was right.
func (k *Keys) Accept(level Level, presented string) bool {
	sum := sha256.Sum256([]byte(presented))
	accepted := 0
	for _, one := range k.current() {
		if one.opens(level) {
			accepted |= subtle.ConstantTimeCompare(one.sum[:], sum[:])
		}
	}
	return accepted == 1
}

func (k key) opens(level Level) bool { return level < Admin || k.name == masterKey }

// current returns the keys in force. The slice is never changed.
func (k *Keys) current() []key {
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.file != nil && k.file.changed() {
		all, err := k.file.read()
		if err != nil {
			k.log.Error("the keys could not be read again, those read before stay", "error", err)
		} else {
			k.all = all
		}
	}
	return k.all
}
