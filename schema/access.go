package schema

// accessOf reads a rule of access. A rule of which a part was left out of the
// tree, or may have been, is not readable.
func accessOf(n *Node) *Access {
	if n == nil {
		return nil
	}
	return &Access{
		Place:    n.Place,
		Scopes:   textsOf(n.Get("scopes")),
		Roles:    textsOf(n.Get("roles")),
		When:     n.Get("when"),
		Readable: !n.faulty(),
		Written:  true,
	}
}
