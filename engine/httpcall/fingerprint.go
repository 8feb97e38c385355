package httpcall

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
)

// A fingerprint tells requests apart that are not wholly alike: by where they
// go, how far their connections reach, how far the answer is read, and
// everything that is sent, credentials among it. So an answer to a request
// that depends on its caller is of no use to another.
type fingerprint [sha256.Size]byte

// fingerprint returns that of the request. The error is that of a call that
// cannot show whom it is from.
func (x *exchange) fingerprint(ctx context.Context, c *Client) (fingerprint, error) {
	r := x.request
	var sender any
	if r.credential != nil && r.credential.proof != nil {
		var err error
		if sender, err = r.credential.proof.identity(ctx, c); err != nil {
			return fingerprint{}, err
		}
	}
	h := sha256.New()
	add := func(part string) {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part)))) // so that parts cannot run into one another
		h.Write([]byte(part))
	}
	add(x.name)
	add(fmt.Sprintf("%+v %s", x.reach, x.redirects))
	read := &x.reading
	add(fmt.Sprintf("%s %d %d %v", read.as, read.maxBytes, read.maxItems, read.expect))
	add(fmt.Sprintf("%T %+v", sender, sender))
	add(r.method)
	add(r.url(x.address.base.origin, r.query.String()))
	for _, name := range slices.Sorted(maps.Keys(r.header)) {
		for _, value := range r.header[name] {
			add(name)
			add(value)
		}
	}
	add("")
	h.Write(r.body)
	return fingerprint(h.Sum(nil)), nil
}
