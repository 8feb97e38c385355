package httpcall

import "testing"

// What a service says itself is found in the shapes of well-known ones.
func TestWhatServicesSay(t *testing.T) {
	tests := []struct{ name, body, message string }{
		{"Google", `{"error": {"code": 400, "message": "Invalid value.", "details": [{"fieldViolations": [{"field": "qty", "description": "must be positive"}]}]}}`, "Invalid value: qty: must be positive"},
		{"GitHub", `{"message": "Validation Failed", "errors": [{"resource": "Issue", "field": "title", "code": "missing_field"}, {"message": "too long"}], "documentation_url": "https://x.example"}`,
			"Validation Failed: title: missing_field; too long"},
		{"RFC 9457", `{"type": "https://x.example/credit", "title": "Not enough credit", "detail": "It costs 50.", "invalid-params": [{"name": "age", "reason": "must be positive"}]}`, "It costs 50: age: must be positive"},
		{"title alone", `{"title": "Not enough credit"}`, "Not enough credit"},
		{"OAuth", `{"error": "invalid_grant", "error_description": "The code has expired"}`, "The code has expired"},
		{"a word", `{"error": "invalid_grant"}`, "invalid_grant"},
		{"FastAPI", `{"detail": [{"loc": ["body", "items", 0], "msg": "field required", "type": "missing"}]}`, "body.items.0: field required"},
		{"Rails", `{"errors": {"name": ["can't be blank", "is too short"], "age": "must be a number"}}`, "age: must be a number; name: can't be blank, is too short"},
		{"JSON:API", `{"errors": [{"title": "Invalid", "detail": "is not a date", "source": {"pointer": "/data/day"}}]}`, "/data/day: is not a date"},
		{"GraphQL", `{"errors": [{"message": "no such user", "path": ["user", 0]}]}`, "user.0: no such user"},
		{"texts", `{"errors": ["first", "second"]}`, "first; second"},
		{"a list", `[{"message": "first", "errorCode": "X"}]`, "first"},
		{"Stripe", `{"error": {"message": "No such customer", "param": "customer"}}`, "No such customer"},
		{"AWS", `{"__type": "ValidationException", "Message": "1 error"}`, "1 error"},
		{"Atlassian", `{"errorMessages": ["The issue is closed"], "errors": {}}`, "The issue is closed"},
		{"many faults", `{"errors": ["1", "2", "3", "4", "5", "6"]}`, "1; 2; 3; 4; 5"},
		{"nothing", `{"ok": false}`, ""}, {"no object", `7`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := record(t, replyJSON(422, tt.body))
			_, err := call(t, build(t, tool(server.base(), "", "path: /"), nil), nil)
			want := "api answered 422 Unprocessable Entity"
			if tt.message != "" {
				want += ": " + tt.message
			}
			if got := failure(t, err); got != want+" (check the arguments)" {
				t.Errorf("message = %s\nwant      %s", got, want)
			}
		})
	}
}

// What to try next depends on whether the call may have taken effect.
func TestAdvice(t *testing.T) {
	const harm = "it may have taken effect all the same, so check before trying again"
	tests := []struct {
		name, http, answer, message string
	}{
		{"500 of a GET", "path: /", reply(500, ""), "api answered 500 Internal Server Error (try again later)"},
		{"500 of a POST", "method: POST", reply(500, ""), "api answered 500 Internal Server Error (" + harm + ")"},
		{"500 of a DELETE", "method: DELETE", reply(500, ""), "api answered 500 Internal Server Error (try again later)"},
		{"502 of a POST with a key", "method: POST\nheaders: {Idempotency-Key: '${uuid()}'}", reply(502, ""), "api answered 502 Bad Gateway (" + harm + ")"},
		{"503 of a POST", "method: POST", reply(503, "", "Retry-After: 7"), "api answered 503 Service Unavailable (try again after 7 s)"},
		{"429 of a POST", "method: POST", reply(429, ""), "api answered 429 Too Many Requests (try again later)"},
		{"501", "path: /", reply(501, ""), "api answered 501 Not Implemented (the service cannot do this)"},
		{"403", "path: /", reply(403, "you shall not", "Content-Type: text/plain"),
			"api answered 403 Forbidden: you shall not (the credentials of this server do not allow this; it can only be tried with other arguments, or by whoever runs it)"},
		{"409", "method: PUT", reply(409, ""), "api answered 409 Conflict (what is there is in another state than the call expects; look at it before trying again)"},
		{"413", "method: PUT", reply(413, ""), "api answered 413 Request Entity Too Large (send less)"},
		{"302", "method: POST", reply(302, "", "Location: /x"), "api answered 302 Found (it redirects, which this tool does not follow; whoever runs this server has to look at it)"},
		{"silence to a POST", "method: POST\ntimeout: 50ms", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n", "api did not answer within 50 ms; " + harm},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hold := make(chan struct{})
			server := recordEach(t, func(int) string {
				if tt.name == "silence to a POST" {
					<-hold
				}
				return tt.answer
			})
			_, err := call(t, build(t, tool(server.base(), "retry: {attempts: 1}", tt.http), nil), nil)
			close(hold)
			if got := failure(t, err); got != tt.message {
				t.Errorf("message = %s\nwant      %s", got, tt.message)
			}
		})
	}
}
