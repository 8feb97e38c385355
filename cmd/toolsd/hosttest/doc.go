// Package hosttest tries toolsd under a real Azure Functions host: what `func
// start` runs is the binary of cmd/toolsd with the settings files of the
// repository's root, and what the tests see is what a client sees.
//
// The tests need Core Tools and about half a minute, so they are built with
// the tag functionshost alone and take the path of func from TOOLSD_TEST_FUNC:
//
//	TOOLSD_TEST_FUNC=$(.ci/functions-host) go test -tags functionshost ./cmd/toolsd/hosttest
package hosttest
