package engine_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"sync"
	"time"
)

// corpusCertificates are the variables of the corpus that hold certificates
// and keys: those of a client, those of one that has ended, a key that belongs
// to neither, and an authority.
var corpusCertificates = sync.OnceValue(func() map[string]string {
	year := func(y int) time.Time { return time.Date(y, time.January, 1, 0, 0, 0, 0, time.UTC) }
	client, clientKey := certificate(year(2020), year(2200))
	ended, endedKey := certificate(year(2020), year(2025))
	authority, otherKey := certificate(year(2020), year(2200))
	return map[string]string{
		"CLIENT_CERTIFICATE": client, "CLIENT_KEY": clientKey,
		"ENDED_CERTIFICATE": ended, "ENDED_KEY": endedKey,
		"OTHER_KEY": otherKey, "AUTHORITY": authority,
	}
})

// certificate makes a certificate that signs itself, and its key, as PEM. It
// panics where the machine has no randomness.
func certificate(from, to time.Time) (chain, key string) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "corpus"}, NotBefore: from, NotAfter: to,
		BasicConstraintsValid: true, IsCA: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		panic(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))
}
