package httpcall

import "testing"

// A fault in XML or CSV is data for the rules of errors, and the default
// message quotes it; what else comes with such a status is read as what it is.
func TestFaultsInFormats(t *testing.T) {
	const soap11 = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring xml:lang="en">no such order</faultstring></s:Fault></s:Body></s:Envelope>`
	const soap12 = `<Envelope><Body><Fault><Code><Value>Sender</Value></Code><Reason><Text xml:lang="en">no such order</Text><Text xml:lang="de">so nicht</Text></Reason></Fault></Body></Envelope>`
	const rule = "errors: [{when: 'response.body.Error.Code == \"NoSuchKey\"', message: 'not there: ${response.body.Error.Key}'}]"
	const harmless = " (try again later)"
	tests := []struct{ name, as, rules, contentType, text, message string }{
		{"SOAP 1.1", "xml", "", "text/xml; charset=utf-8", soap11, "api answered 500 Internal Server Error: no such order" + harmless},
		{"SOAP 1.2", "xml", "", "application/soap+xml", soap12, "api answered 500 Internal Server Error: no such order" + harmless},
		{"an element with a message", "xml", "", "application/xml", "<Error><Code>Busy</Code><Message>slow down</Message></Error>", "api answered 500 Internal Server Error: slow down" + harmless},
		{"a text alone", "xml", "", "application/xml", "<error>slow down</error>", "api answered 500 Internal Server Error: slow down" + harmless},
		{"an envelope without a fault", "xml", "", "text/xml", "<Envelope><Body/></Envelope>", "api answered 500 Internal Server Error" + harmless},
		{"a rule", "xml", rule, "application/xml", "<Error><Code>NoSuchKey</Code><Key>a.txt</Key></Error>", "not there: a.txt"},
		{"a rule for XML that is none", "xml", rule, "application/xml", "<Error><Code>NoSuchKey</Code>", "api answered 500 Internal Server Error" + harmless},
		{"XML that nobody reads as such", "json", rule, "application/xml", "<Error><Code>NoSuchKey</Code><Key>a.txt</Key></Error>", "api answered 500 Internal Server Error" + harmless},
		{"a page", "xml", "", "text/html", "<html><body>sorry</body></html>", "api answered 500 Internal Server Error" + harmless},
		{"JSON beside XML", "xml", "", "application/json", `{"message": "slow down"}`, "api answered 500 Internal Server Error: slow down" + harmless},
		{"CSV", "csv", "errors: [{when: 'response.body[0].fault != null', message: '${response.body[0].fault}'}]", "text/csv", "fault\nslow down\n", "slow down"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			server := record(t, reply(500, tt.text, "Content-Type: "+tt.contentType))
			p := build(t, tool(server.base(), "retry: {attempts: 1}\n"+tt.rules, "path: /\nresponse: {as: "+tt.as+"}"), nil)
			_, err := call(t, p, nil)
			if got := failure(t, err); got != tt.message {
				t.Errorf("message = %s\nwant      %s", got, tt.message)
			}
		})
	}
}
