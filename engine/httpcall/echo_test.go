package httpcall

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/toolsd/toolsd/engine/expression"
)

// What an answer that was kept, or came to another call, repeats of the token
// with which it was fetched, is hidden from each reader.
func TestKeptAnswersThatEcho(t *testing.T) {
	service := giveTokens(t, nil)
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Echo", r.Header.Get("Authorization"))
		fmt.Fprintf(w, "you said %s", r.Header.Get("Authorization"))
	}))
	defer upstream.Close()
	p := build(t, tool(upstream.URL, "cache: {ttl: 1m}\n"+oauth2(service.URL, ""), "path: /a"), oauthSecrets)
	c := newClient(t, ClientOptions{})
	for i := range 3 {
		seen := &echoObserver{}
		response, err := p.Run(WithObserver(t.Context(), seen), c, inputs(nil))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(response, seen.header); strings.Contains(got, "a-token") {
			t.Errorf("call %d: %s", i, got)
		}
	}
}

type echoObserver struct {
	Observer
	header http.Header
}

func (*echoObserver) Request(string, string, http.Header, string) {}

func (*echoObserver) Reused(time.Duration, string) {}

func (o *echoObserver) Response(_ int, h http.Header, _ int, _ time.Duration) { o.header = h }

// The reason of a failure, which the log has, may quote the upstream; what it
// was shown is hidden there too.
func TestCausesHideWhatWasShown(t *testing.T) {
	service := giveTokens(t, nil)
	for name, upstream := range map[string]string{
		"status line": raw(t, func(r *http.Request) string { return r.Header.Get("Authorization") + "\r\n\r\n" }),
		"header": raw(t, func(r *http.Request) string {
			return "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + r.Header.Get("Authorization") + "\r\n\r\n"
		}),
		"coding": raw(t, func(r *http.Request) string {
			return "HTTP/1.1 200 OK\r\nContent-Encoding: " + r.Header.Get("Authorization") + "\r\nContent-Length: 1\r\n\r\nx"
		}),
	} {
		p := build(t, tool(upstream, "retry: {attempts: 1}\n"+oauth2(service.URL, ""), ""), oauthSecrets)
		_, err := p.Run(t.Context(), newClient(t, ClientOptions{}), inputs(nil))
		if got := reasons(err); strings.Contains(got, "a-token") || !strings.Contains(got, masked) {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// reasons is what an error says to all of its readers.
func reasons(err error) string {
	if f := failureOf(err); f != nil && f.Cause != nil {
		return f.Message + ": " + f.Cause.Error()
	}
	return fmt.Sprint(err)
}

func TestSpellingsOfSecrets(t *testing.T) {
	const secret = `wJalr/K7+MD'ENG&b<P=x~ü?`
	for name, text := range map[string]string{
		"PHP":       `wJalr\/K7+MD'ENG&b<P=x~\u00fc?`,
		".NET":      `wJalr/K7\u002BMD\u0027ENG\u0026b\u003CP=x~\u00FC?`,
		"all":       `wJalr\u002fK7\u002bMD\u0027ENG\u0026b\u003cP\u003dx\u007e\u00fc\u003f`,
		"base64":    "d0phbHIvSzcrTUQnRU5HJmI8UD14fsO8Pw==",
		"base64url": "d0phbHIvSzcrTUQnRU5HJmI8UD14fsO8Pw",
	} {
		m := newMask(secret)
		if got := m.text("<" + text + ">"); got != "<***>" && got != "<***==>" {
			t.Errorf("%s: %s", name, got)
		}
	}
	// One whose base64 is spelt unlike in the two alphabets.
	const other = "??>>??>>~~"
	for _, text := range []string{"Pz8-Pj8_Pj5-fg", "Pz8-Pj8_Pj5-fg==", "Pz8+Pj8/Pj5+fg", "Pz8+Pj8/Pj5+fg=="} {
		m := newMask(other)
		if got := m.text(text); strings.TrimRight(got, "=") != masked {
			t.Errorf("%s: %s", text, got)
		}
		if !m.concerns(&answer{body: []byte(text)}) {
			t.Errorf("%s passes unseen", text)
		}
	}
}

func failureOf(err error) *expression.Failure {
	f, _ := errors.AsType[*expression.Failure](err)
	return f
}
