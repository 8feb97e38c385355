package httpcall

import (
	"container/list"
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	mostTokens   = 1024            // that are kept; the one that was used longest ago goes first
	earliest     = time.Minute     // before its end at which a token is fetched anew, at most a fifth of its life
	refreshWait  = time.Second     // that calls wait for another token while the one at hand is good
	refreshPause = 5 * time.Second // after a refresh that failed while the token is good, or that gave another one which was refused too
)

// A fetcher asks for a new token.
type fetcher func(context.Context) (fetched, error)

// tokens are those of a client, by what makes them. However many calls want
// one, it is fetched once. The zero value is empty and ready, and safe for
// concurrent use.
type tokens struct {
	mu        sync.Mutex
	kept      map[any]*list.Element // of *keptToken
	order     list.List             // the one that was used last in front
	fetchings map[any]*fetching
}

// A keptToken is a token that may be used.
type keptToken struct {
	key     any
	token   string
	refresh time.Time // from when on another is fetched; guarded by tokens.mu
	end     time.Time
	refused bool      // it stays only so that the next one is known to follow it
	instead time.Time // when it followed one that was refused; zero when it did not
}

// A fetching is one fetch and those that wait for it. It ends with the last of
// them, unless one had a good token and did not stay.
type fetching struct {
	began   time.Time
	waiting int // guarded by tokens.mu
	cancel  context.CancelFunc
	done    chan struct{} // closed when token and err are set
	token   string
	err     error
}

// get returns the token of a key, and fetches it when there is none or when it
// is about to end: a service that is slow to give another one holds nobody up
// as long as the one before is good. The error is that of fetch, or the cause of a context that
// ended before; others that wait for the same token go on waiting.
func (t *tokens) get(ctx context.Context, key any, fetch fetcher) (string, error) {
	now := time.Now()
	t.mu.Lock()
	k := t.find(key)
	if k != nil && now.Before(k.refresh) {
		t.mu.Unlock()
		return k.token, nil
	}
	f := t.fetchings[key]
	if f == nil {
		f = t.start(ctx, key, fetch)
	}
	f.waiting++
	t.mu.Unlock()
	var impatient <-chan time.Time
	if k != nil && now.Before(k.end) {
		impatient = time.After(time.Until(f.began.Add(refreshWait)))
	}
	select {
	case <-f.done:
		return f.token, f.err
	case <-impatient:
		return k.token, nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if f.waiting--; f.waiting == 0 {
		f.cancel()
		if t.fetchings[key] == f {
			delete(t.fetchings, key)
		}
	}
	return "", context.Cause(ctx)
}

// start begins a fetch, which no single caller can cancel. t.mu is held.
func (t *tokens) start(ctx context.Context, key any, fetch fetcher) *fetching {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tokenTime)
	f := &fetching{began: time.Now(), cancel: cancel, done: make(chan struct{})}
	if t.fetchings == nil {
		t.fetchings = map[any]*fetching{}
	}
	t.fetchings[key] = f
	go func() {
		defer cancel()
		asked := time.Now()
		got, err := guardedFetch(ctx, fetch)
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.fetchings[key] == f {
			delete(t.fetchings, key)
		}
		f.token, f.err = got.token, err
		if err == nil {
			t.keep(key, got, asked)
		} else if k := t.find(key); k != nil && time.Now().Before(k.end) {
			k.refresh = time.Now().Add(refreshPause)
			f.token, f.err = k.token, nil
		}
		close(f.done)
	}()
	return f
}

// guardedFetch turns a panic into an error: there is no call beneath it that
// would.
func guardedFetch(ctx context.Context, fetch fetcher) (got fetched, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &tokenFault{cause: fmt.Errorf("panic: %v", r)}
		}
	}()
	return fetch(ctx)
}

// find returns the token of a key that may be used, or nil. t.mu is held.
func (t *tokens) find(key any) *keptToken {
	e := t.kept[key]
	if e == nil {
		return nil
	}
	t.order.MoveToFront(e)
	if k := e.Value.(*keptToken); !k.refused {
		return k
	}
	return nil
}

// keep puts a token in the place of the one before. t.mu is held.
func (t *tokens) keep(key any, got fetched, asked time.Time) {
	k := &keptToken{key: key, token: got.token, end: asked.Add(got.life)}
	k.refresh = k.end.Add(-min(earliest, got.life/5))
	if e := t.kept[key]; e != nil {
		if t.order.Remove(e).(*keptToken).refused {
			k.instead = asked
		}
	}
	if t.kept == nil {
		t.kept = map[any]*list.Element{}
	}
	t.kept[key] = t.order.PushFront(k)
	for t.order.Len() > mostTokens {
		last := t.order.Back()
		delete(t.kept, t.order.Remove(last).(*keptToken).key)
	}
}

// drop forgets a token that was refused, unless another has taken its place, or
// it has itself just taken that of one: a service that refuses every token does
// not have each call ask for another.
func (t *tokens) drop(key any, token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if k := t.find(key); k != nil && k.token == token && time.Since(k.instead) >= refreshPause {
		k.refused = true
	}
}
