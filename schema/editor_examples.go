package schema

// fieldExamples are values that show what fields take, by their object
// and name. Each is taken by the parser; a test sees to it.
var fieldExamples = map[*Object]map[string][]any{
	&toolObject: {
		"tool":         {"list_issues"},
		"title":        {"List issues"},
		"description":  {"List the issues of a repository, newest first."},
		"tags":         {[]string{"issues"}},
		"inputSchema":  {map[string]any{"type": "object", "properties": map[string]any{"name": map[string]any{"type": "string", "description": "Whom to greet"}}, "required": []string{"name"}, "additionalProperties": false}},
		"outputSchema": {map[string]any{"type": "object", "properties": map[string]any{"count": map[string]any{"type": "integer"}}, "required": []string{"count"}}},
		"expr":         {`"Hello, " + input.name`},
		"result":       {map[string]any{"count": "${len(response.body)}"}},
		"isError":      {`response.body.ok == false`},
	},
	&upstreamObject: {
		"upstream": {"github"},
		"baseUrl":  {"https://api.github.com"},
	},
	&serverObject: {
		"server":       {"everyday"},
		"version":      {"1.0.0"},
		"instructions": {"Call find_place first and pass its coordinates on."},
		"expose":       {[]string{"REGION"}},
	},
	&httpObject: {
		"upstream": {"github"},
		"url":      {"https://api.example.com/v1/things/${input.id}"},
		"path":     {"/repos/${input.owner}/${input.repo}/issues"},
		"json":     {map[string]any{"title": "${input.title}"}},
		"form":     {map[string]any{"title": "${input.title}"}},
		"paginate": {map[string]any{"next": "link"}, map[string]any{"next": map[string]any{"page": "${page + 1}"}, "items": "response.body.items"}},
		"headers":  {map[string]any{"Accept": "application/json"}},
		"query":    {map[string]any{"state": "${input.state}", "per_page": 20}},
	},
	&authObject: {
		"bearer": {"${env.API_TOKEN}"},
		"basic":  {map[string]any{"username": "${env.API_USER}", "password": "${env.API_PASSWORD}"}},
		"header": {map[string]any{"name": "X-Api-Key", "value": "${env.API_KEY}"}},
		"query":  {map[string]any{"name": "key", "value": "${env.API_KEY}"}},
	},
	&accessObject: {
		"scopes": {[]string{"issues:read"}},
		"roles":  {[]string{"support"}},
		"when":   {`caller.claims.department == "sales"`},
	},
	&errorObject: {
		"when":    {"response.status == 404"},
		"message": {"There is no repository ${input.owner}/${input.repo}."},
	},
	&stepObject: {
		"id":      {"point"},
		"when":    {`input.detailed`},
		"forEach": {`input.ids`},
		"expr":    {`steps.point.body.name`},
		"tool":    {"find_place"},
		"input":   {map[string]any{"name": "${input.city}"}},
		"sleep":   {"500ms"},
	},
	&logObject: {
		"message": {"Found ${len(steps.found.body)}."},
	},
	&progressObject: {
		"message": {"Asking for the forecast"},
		"done":    {1},
		"total":   {3},
	},
	&iconObject: {
		"src":      {"https://example.com/icon.png"},
		"mimeType": {"image/png"},
		"sizes":    {[]string{"48x48"}},
	},
}

// formExamples are those of forms that have none by field.
var formExamples = map[Form][]any{
	DurationForm: {"10s", "1m30s"},
	SizeForm:     {"256KiB"},
}

// examplesOf returns values that show what a field of an object takes.
func examplesOf(o *Object, f *Field) []any {
	if own := fieldExamples[o][f.Name]; own != nil {
		return own
	}
	if f.Type.Of != nil && f.Type.Of.Form == StatusForm {
		return []any{"2xx", []any{200, 404}}
	}
	return formExamples[f.Type.Form]
}
