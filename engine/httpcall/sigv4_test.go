package httpcall

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// The signatures are those of the test suite that AWS publishes for Signature
// Version 4.
func TestSigV4Suite(t *testing.T) {
	s := &sigV4{region: "us-east-1", service: "service", key: aws.Credentials{
		AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
	}}
	at := time.Date(2015, 8, 30, 12, 36, 0, 0, time.UTC)
	for _, tt := range []struct {
		name, method, path, contentType, body string
		signed, signature                     string
	}{
		{name: "get-vanilla", path: "/", signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
		{name: "get-vanilla-query-order-key-case", path: "/?Param2=value2&Param1=value1", signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
		{name: "get-unreserved", path: "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
		{name: "post-vanilla", method: "POST", path: "/", signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
		{name: "post-x-www-form-urlencoded", method: "POST", path: "/", contentType: "application/x-www-form-urlencoded", body: "Param1=value1",
			signed: "content-type;", signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := http.NewRequest(tt.method, "https://example.amazonaws.com"+tt.path, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			if tt.contentType != "" {
				r.Header.Set("Content-Type", tt.contentType)
			}
			hash, err := bodyHash(r)
			if err != nil {
				t.Fatal(err)
			}
			proof, err := s.sign(r, hash, at)
			if err != nil {
				t.Fatal(err)
			}
			want := "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=" +
				tt.signed + "host;x-amz-date, Signature=" + tt.signature
			if got := proof.Get("Authorization"); got != want {
				t.Errorf("Authorization = %q\nwant %q", got, want)
			}
			if got := proof.Get("X-Amz-Date"); got != "20150830T123600Z" {
				t.Errorf("X-Amz-Date = %q", got)
			}
		})
	}
}

const awsAuth = "auth: {awsSigV4: {region: eu-central-1, service: %s, accessKeyId: AKIDEXAMPLE, secretAccessKey: '${env.SECRET}', sessionToken: '${env.SESSION ?? \"\"}'}}\n"

// What is sent is signed as it is sent, each try and each redirect anew.
func TestSigV4Requests(t *testing.T) {
	for _, service := range []string{"execute-api", "s3"} {
		t.Run(service, func(t *testing.T) {
			server := recordEach(t, func(request int) string {
				switch request {
				case 0:
					return reply(503, "")
				case 1:
					return reply(302, "", "Location: /b%20c?y=2&x=1")
				}
				return reply(200, "planted-session", "Content-Type: text/plain")
			})
			e := environ{"SECRET": "planted-secret", "SESSION": "planted-session"}
			p := build(t, tool(server.base(), strings.Replace(awsAuth, "%s", service, 1)+"retry: {minWait: 1ms}\n", "path: /${input.p}\nquery: {q: '${input.p}'}"), e)
			response, err := call(t, p, map[string]any{"p": "a b/c+d"})
			if err != nil {
				t.Fatal(err)
			}
			if got := response["body"]; got != "***" {
				t.Errorf("body = %q", got)
			}
			seen := server.seen()
			if len(seen) != 3 {
				t.Fatalf("%d requests, want 3", len(seen))
			}
			s := &sigV4{region: "eu-central-1", service: service, key: aws.Credentials{
				AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "planted-secret", SessionToken: "planted-session",
			}}
			for _, text := range seen {
				verifySigV4(t, s, text)
			}
		})
	}
}

// verifySigV4 signs a request as it came and compares.
func verifySigV4(t *testing.T, s *sigV4, text string) {
	t.Helper()
	head, body, _ := strings.Cut(text, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	method, target, _ := strings.Cut(lines[0], " ")
	header := http.Header{}
	for _, l := range lines[1:] {
		name, value, _ := strings.Cut(l, ": ")
		header.Set(name, value)
	}
	r, err := http.NewRequest(method, "http://"+header.Get("Host")+strings.TrimSuffix(target, " HTTP/1.1"), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.Parse("20060102T150405Z", header.Get("X-Amz-Date"))
	if err != nil {
		t.Fatal(err)
	}
	hash, err := bodyHash(r)
	if err != nil {
		t.Fatal(err)
	}
	proof, err := s.sign(r, hash, at)
	if err != nil {
		t.Fatal(err)
	}
	for name := range proof {
		if got, want := header.Get(name), proof.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if s.service == "s3" && header.Get("X-Amz-Content-Sha256") != hash {
		t.Errorf("X-Amz-Content-Sha256 = %q, want %q", header.Get("X-Amz-Content-Sha256"), hash)
	}
}

// The path is encoded once more than it is sent for all services but S3.
func TestSigV4Path(t *testing.T) {
	const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" // SHA-256 of nothing
	for _, tt := range []struct{ service, path, header, signed string }{
		{"execute-api", "/a%2520b", "", "host;x-amz-date"},
		{"s3", "/a%20b", "x-amz-content-sha256:" + empty + "\n", "host;x-amz-content-sha256;x-amz-date"},
	} {
		s := &sigV4{region: "r", service: tt.service, key: aws.Credentials{AccessKeyID: "id", SecretAccessKey: "secret"}}
		r, err := http.NewRequest(http.MethodGet, "https://example.com/a%20b", nil)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := s.sign(r, empty, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		canonical := sha256.Sum256([]byte("GET\n" + tt.path + "\n\nhost:example.com\n" + tt.header + "x-amz-date:20260102T030405Z\n\n" + tt.signed + "\n" + empty))
		scope := "20260102/r/" + tt.service + "/aws4_request"
		sum := []byte("AWS4secret")
		for _, part := range []string{"20260102", "r", tt.service, "aws4_request", "AWS4-HMAC-SHA256\n20260102T030405Z\n" + scope + "\n" + hex.EncodeToString(canonical[:])} {
			mac := hmac.New(sha256.New, sum)
			mac.Write([]byte(part))
			sum = mac.Sum(nil)
		}
		want := "AWS4-HMAC-SHA256 Credential=id/" + scope + ", SignedHeaders=" + tt.signed + ", Signature=" + hex.EncodeToString(sum)
		if got := proof.Get("Authorization"); got != want {
			t.Errorf("%s: %s\nwant %s", tt.service, got, want)
		}
	}
}

// What belongs to Amazon in a request has to be covered by its signature.
func TestSignatureCoversAmazonsHeaders(t *testing.T) {
	s := &sigV4{region: "r", service: "s3"}
	s.key.AccessKeyID, s.key.SecretAccessKey = "id", "secret"
	r, err := http.NewRequest(http.MethodPut, "https://bucket.example.com/key", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Amz-Acl", "private")
	r.Header.Set("X-Other", "x")
	proof, err := s.sign(r, "hash", time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	if got := proof.Get("Authorization"); !strings.Contains(got, ";x-amz-acl;") || strings.Contains(got, "x-other") {
		t.Error(got)
	}
}
