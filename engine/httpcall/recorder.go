package httpcall

import (
	"context"
	"errors"
	"net"
	"net/http"
)

// A Recorder is shown the answers to all requests of a call, redirects and
// repetitions among them, as they come. It is called by the goroutine that
// makes the call.
type Recorder interface {
	// Record is given an answer with as much of its body as a call may read;
	// with a nil header none came: err is ErrSilence when the time ran out, else
	// the reason. hide masks what the call sends that is secret.
	Record(status int, header http.Header, body []byte, err error, hide func(string) string)
}

type recorderKey struct{}

// A recording is what a context that is recorded carries.
type recording struct {
	recorder Recorder
	kept     *cache
}

// WithRecorder returns a context whose calls are recorded. Of the answers that
// were kept before they use none.
func WithRecorder(ctx context.Context, r Recorder) context.Context {
	return context.WithValue(ctx, recorderKey{}, &recording{r, newCache(defaultCacheBytes)})
}

// recordingOf returns the recording of a context, or nil.
func recordingOf(ctx context.Context) *recording {
	r, _ := ctx.Value(recorderKey{}).(*recording)
	return r
}

// exchange makes one request over the network, and shows what came of it to
// the recorder, if there is one.
func (a *attempt) exchange(r *http.Request) (*http.Response, error) {
	resp, err := roundTrip(a.client.transport(a.reachOf(r)), r)
	recorded := recordingOf(r.Context())
	if recorded == nil {
		return resp, err
	}
	var body []byte
	if err == nil {
		body, err = a.hold(r.Context(), resp)
	}
	hide := a.course.call.mask.text
	if err != nil {
		why := err
		if isSilence(err) {
			why = ErrSilence
		}
		recorded.recorder.Record(0, nil, nil, why, hide)
		return nil, err
	}
	recorded.recorder.Record(resp.StatusCode, resp.Header, body, nil, hide)
	return resp, nil
}

// reachOf returns how far the connection of a request may reach. Only at home
// is the certificate shown.
func (a *attempt) reachOf(r *http.Request) reach {
	to := a.reach
	if !a.isHome(r) {
		to.tls = tlsIdentity{}
	}
	return to
}

// isSilence reports whether an error says that the time ran out.
func isSilence(err error) bool {
	var network net.Error
	return errors.Is(err, errAttempt) || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &network) && network.Timeout()
}
