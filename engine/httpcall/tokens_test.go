package httpcall

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// A mint makes tokens, each with the next number.
type mint struct {
	life  time.Duration
	made  int
	err   error
	takes time.Duration
	ended []error // of contexts that ended before
}

func (m *mint) fetch(ctx context.Context) (fetched, error) {
	m.made++
	select {
	case <-time.After(m.takes):
	case <-ctx.Done():
		m.ended = append(m.ended, ctx.Err())
		return fetched{}, ctx.Err()
	}
	return fetched{fmt.Sprint("token-", m.made), m.life}, m.err
}

// wants gets a token and says what it must be.
func wants(t *testing.T, store *tokens, m *mint, want string) {
	t.Helper()
	if got, err := store.get(t.Context(), "key", m.fetch); got != want || err != nil {
		t.Errorf("token = %q, %v, want %q", got, err, want)
	}
}

func TestTokensAreRefreshedBeforeTheyEnd(t *testing.T) {
	for _, tt := range []struct{ life, good, late time.Duration }{
		{time.Hour, 58 * time.Minute, 59*time.Minute + time.Second},
		{time.Minute, 47 * time.Second, 49 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			store, m := &tokens{}, &mint{life: tt.life}
			began := time.Now()
			wants(t, store, m, "token-1")
			time.Sleep(tt.good)
			wants(t, store, m, "token-1")
			time.Sleep(tt.late - time.Since(began))
			wants(t, store, m, "token-2")
			wants(t, store, m, "token-2")
		})
	}
}

// A token is used to its end where no other is to be had, and the service is
// not asked by every call meanwhile.
func TestTokenOutlivesAFailedRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, m := &tokens{}, &mint{life: time.Hour}
		wants(t, store, m, "token-1")
		m.err = errors.New("out of order")
		time.Sleep(time.Hour - 30*time.Second)
		wants(t, store, m, "token-1")
		wants(t, store, m, "token-1")
		if m.made != 2 {
			t.Errorf("%d fetches, want 2", m.made)
		}
		time.Sleep(time.Minute)
		if _, err := store.get(t.Context(), "key", m.fetch); !errors.Is(err, m.err) {
			t.Errorf("after its end: %v", err)
		}
	})
}

// Who gives up leaves the others waiting, and the last one ends the fetch.
func TestTokenWaiters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, m := &tokens{}, &mint{life: time.Hour, takes: 5 * time.Second}
		impatient, leave := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() {
			_, err := store.get(impatient, "key", m.fetch)
			left <- err
		}()
		synctest.Wait()
		got := make(chan string, 1)
		go func() {
			token, _ := store.get(t.Context(), "key", m.fetch)
			got <- token
		}()
		synctest.Wait()
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("who left got %v", err)
		}
		if token := <-got; token != "token-1" || m.made != 1 {
			t.Errorf("who stayed got %q after %d fetches", token, m.made)
		}

		brief, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := store.get(brief, "other", m.fetch); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("alone: %v", err)
		}
		synctest.Wait()
		if len(m.ended) != 1 {
			t.Errorf("the fetch that nobody waits for goes on")
		}
		store.mu.Lock()
		defer store.mu.Unlock()
		if len(store.fetchings) != 0 {
			t.Errorf("%d fetches are kept", len(store.fetchings))
		}
	})
}

// A fetch ends in its own time, whatever its callers allow.
func TestTokenFetchIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, m := &tokens{}, &mint{takes: time.Hour}
		if _, err := store.get(t.Context(), "key", m.fetch); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("err = %v", err)
		}
	})
}

func TestTokensAreBounded(t *testing.T) {
	store, m := &tokens{}, &mint{life: time.Hour}
	wants(t, store, m, "token-1")
	for i := range mostTokens + 10 {
		if _, err := store.get(t.Context(), i, m.fetch); err != nil {
			t.Fatal(err)
		}
		if i%100 == 0 {
			wants(t, store, m, "token-1") // used again and again, it stays
		}
	}
	if len(store.kept) != mostTokens || store.order.Len() != mostTokens {
		t.Errorf("%d tokens and %d places, want %d", len(store.kept), store.order.Len(), mostTokens)
	}
}

// What is dropped is the token that was refused, not one that came after it.
func TestDropTokens(t *testing.T) {
	store, m := &tokens{}, &mint{life: time.Hour}
	wants(t, store, m, "token-1")
	store.drop("key", "token-1")
	wants(t, store, m, "token-2")
	store.drop("key", "token-1")
	wants(t, store, m, "token-2")
}

func TestTokenFetchPanics(t *testing.T) {
	store := &tokens{}
	if _, err := store.get(t.Context(), "key", func(context.Context) (fetched, error) { panic("boom") }); err == nil {
		t.Error("a panic gave a token")
	}
}

// Where another token is slow to come, the one at hand is used as long as it is
// good, and the other one once it is there.
func TestSlowRefreshHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, m := &tokens{}, &mint{life: time.Hour}
		wants(t, store, m, "token-1")
		time.Sleep(time.Hour - 30*time.Second)
		m.takes = 5 * time.Second
		began := time.Now()
		wants(t, store, m, "token-1")
		wants(t, store, m, "token-1")
		if took := time.Since(began); took != refreshWait {
			t.Errorf("held up for %s", took)
		}
		time.Sleep(5 * time.Second)
		wants(t, store, m, "token-2")
		if m.made != 2 || len(m.ended) > 0 {
			t.Errorf("%d fetches, %v", m.made, m.ended)
		}
	})
}

// A service that refuses every token has them fetched anew once in a while, not
// by each call.
func TestTokensThatAreAllRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, m := &tokens{}, &mint{life: time.Hour}
		refused := func(want string) {
			t.Helper()
			wants(t, store, m, want)
			store.drop("key", want)
		}
		refused("token-1")
		refused("token-2")
		refused("token-2")
		time.Sleep(refreshPause)
		refused("token-2")
		refused("token-3")
		refused("token-3")
		if m.made != 3 {
			t.Errorf("%d fetches, want 3", m.made)
		}
	})
}
