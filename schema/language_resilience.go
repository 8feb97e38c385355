package schema

// manyType is a whole number that is at least one.
var manyType = Type{Form: IntegerForm, Min: 1, Max: 1_000_000}

var rateLimitObject = Object{
	Name:    "rateLimit",
	Example: "{requests: 60, per: 1m}",
	Fields: []Field{
		{Name: "requests", Type: manyType, Required: true, Since: "0.2", Meaning: "How many requests may go out in the time."},
		{Name: "per", Type: durationType, Required: true, Since: "0.2", Meaning: "The time."},
		{Name: "burst", Type: manyType, Since: "0.2", Meaning: "How many may go out at once after a rest; without it as many as requests says."},
	},
}

var concurrencyObject = Object{
	Name:    "concurrency",
	Example: "{limit: 10}",
	Fields: []Field{
		{Name: "limit", Type: manyType, Required: true, Since: "0.2", Meaning: "How many calls are under way at once."},
		{Name: "queue", Type: Type{Form: IntegerForm, Min: 0, Max: 1_000_000}, Since: "0.2", Meaning: "How many more may wait for a place; without it ten times the limit."},
	},
}

var circuitBreakerObject = Object{
	Name:    "circuitBreaker",
	Example: "{failures: 5, openFor: 30s}",
	Fields: []Field{
		{Name: "failures", Type: manyType, Default: "5", Since: "0.2", Meaning: "How many calls must fail one after the other until none is tried any more: no answer, or a status from 500 on."},
		{Name: "openFor", Type: durationType, Default: "30s", Since: "0.2", Meaning: "For how long no call is tried."},
		{Name: "probes", Type: manyType, Default: "1", Since: "0.2", Meaning: "How many calls are tried then; when all succeed, all are again."},
	},
}

var cacheObject = Object{
	Name:    "cache",
	Example: "{ttl: 5m}",
	Fields: []Field{
		{Name: "ttl", Type: durationType, Since: "0.2", Also: []string{"maxAge", "expires"}, Meaning: "For how long an answer is used again for a request that is wholly the same."},
		{Name: "staleIfError", Type: durationType, Since: "0.2", Meaning: "For how long beyond that it is used when the upstream gives no answer, or a status from 500 on, or no token for it can be fetched."},
	},
	Choices: []Choice{{Of: []string{"ttl", "staleIfError"}, Required: true, Any: true}},
}
