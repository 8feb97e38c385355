package expression

import (
	"time"

	// Containers without files know the time zones all the same.
	_ "time/tzdata"
)

var timeFunctions = []Function{
	{Name: "date", takes: "text, text?, text? -> any", Signature: "date(text, layout, zone)", Doc: "The time that a text says, by the layout of Go or one of the usual ones.", run: date},
	{Name: "duration", takes: "text -> any", Signature: `duration("1h30m")`, Doc: "The duration that a text says.", run: onText(duration)},
	{Name: "now", takes: "other? -> any", Signature: "now()", Doc: "The time of the call.", run: now},
	{Name: "timezone", takes: "text -> any", Signature: `timezone("Europe/Berlin")`, Doc: "The time zone of a name.", run: onText(timezone)},
}

// layouts are those that date tries when it is given none.
var layouts = []string{
	time.DateOnly, time.TimeOnly, time.DateTime,
	time.RFC3339, time.RFC822, time.RFC850, time.RFC1123,
}

// date reads a time. A time zone may stand first, or its name last.
func date(b *budget, args []any) (any, error) {
	zone := time.UTC
	if first, ok := args[0].(*time.Location); ok {
		zone, args = first, args[1:]
	}
	text, err := textArgument(args, 0)
	if err != nil {
		return nil, err
	}
	if err := b.read(len(text)); err != nil {
		return nil, err
	}
	if len(args) > 2 {
		name, err := textArgument(args, 2)
		if err != nil {
			return nil, err
		}
		if zone, err = location(name); err != nil {
			return nil, err
		}
	}
	if len(args) > 1 {
		layout, err := textArgument(args, 1)
		if err != nil {
			return nil, err
		}
		t, err := time.ParseInLocation(layout, text, zone)
		if err != nil {
			return nil, unfitText("the text is not a time written as "+layout, text)
		}
		return t, nil
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, nil
		}
	}
	return nil, unfitText("the text is not a date such as 2026-01-31 or a time such as 2026-01-31T12:00:00Z", text)
}

func duration(_ *budget, text string) (any, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		return nil, unfitText("the text is not a duration such as 1h30m", text)
	}
	return d, nil
}

func timezone(_ *budget, name string) (any, error) { return location(name) }

func location(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, unfitText("the text is not the name of a time zone such as Europe/Berlin", name)
	}
	return zone, nil
}

// now is fixed by WithClock.
func now(b *budget, args []any) (any, error) {
	t := Clock(b.ctx)
	if len(args) == 0 {
		return t, nil
	}
	zone, err := argument[*time.Location](args, 0, "a time zone")
	if err != nil {
		return nil, err
	}
	return t.In(zone), nil
}
