package schema

import (
	"fmt"
	"slices"
	"strings"
)

// value checks a node against a type; label is what messages call it.
func (w *walker) value(n *Node, k FieldKind, t Type, label string) {
	if n.inside.bad {
		return
	}
	if w.partial && n.Kind == Null {
		n.inside.bad = true
		return
	}
	if k == Expr {
		w.expression(n, label)
		return
	}
	switch t.Form {
	case AnyForm:
		w.tree(n, k, false)
	case LeavesForm:
		w.tree(n, k, true)
	case ListForm:
		w.list(n, k, t, label)
	case MappingForm:
		w.mapping(n, k, t, label)
	case ObjectForm:
		w.member(n, t, label)
	default:
		w.scalar(n, k, t, label)
	}
	if k == Data && n.inside.flawed {
		n.inside.bad = true
	}
}

func (w *walker) list(n *Node, k FieldKind, t Type, label string) {
	if n.Kind != List {
		if t.Single && n.IsScalar() {
			w.value(n, k, *t.Of, label)
			return
		}
		w.wrongType(n, t, label)
		return
	}
	if t.NonEmpty && len(n.Items) == 0 && !n.inside.flawed {
		w.empty(n, label)
		return
	}
	kept := n.Items[:0]
	for _, item := range n.Items {
		w.value(item, k, *t.Of, label)
		n.inside.flawed = n.inside.flawed || item.faulty()
		if !item.inside.bad {
			kept = append(kept, item)
		}
	}
	n.Items = kept
}

func (w *walker) mapping(n *Node, k FieldKind, t Type, label string) {
	if n.Kind == Bool && t.OrBoolean {
		return
	}
	if n.Kind != Map {
		w.wrongType(n, t, label)
		return
	}
	w.entries(n, k, func(e Entry) { w.value(e.Value, k, *t.Of, label+"."+e.Key) })
}

// entries checks each member of a mapping with free keys and drops the bad.
func (w *walker) entries(n *Node, k FieldKind, check func(Entry)) {
	kept := n.Entries[:0]
	for _, e := range n.Entries {
		if k != Data && strings.Contains(e.Key, "${") {
			w.slotInKey(e)
			n.inside.flawed = true
			continue
		}
		check(e)
		n.inside.flawed = n.inside.flawed || e.Value.faulty()
		if !e.Value.inside.bad {
			kept = append(kept, e)
		}
	}
	n.Entries = kept
}

func (w *walker) member(n *Node, t Type, label string) {
	if n.Kind == String && slices.Contains(t.Words, n.Text) {
		return
	}
	if n.Kind != Map {
		w.wrongType(n, t, label)
		return
	}
	w.object(n, t.Object, n.Place)
}

// tree checks a value of any shape; its plain leaves become text where text
// is asked for.
func (w *walker) tree(n *Node, k FieldKind, text bool) {
	if n.inside.bad {
		return
	}
	switch n.Kind {
	case List:
		kept := n.Items[:0]
		for _, item := range n.Items {
			w.tree(item, k, text)
			n.inside.flawed = n.inside.flawed || item.faulty()
			if !item.inside.bad {
				kept = append(kept, item)
			}
		}
		n.Items = kept
	case Map:
		w.entries(n, k, func(e Entry) { w.tree(e.Value, k, text) })
	case Bool, Number:
		if text {
			n.Kind = String
		} else if n.inside.odd {
			n.inside.bad = true
			w.report(codeNumberForm, n.Place, fmt.Sprintf("%s is a number that programs read differently", n.Text), "write a plain decimal number, or quote it: '"+n.Text+"'")
		}
	}
}
