package fields

import "strings"

// name fills in what each value is known by.
func (d *document) name() {
	beside := map[*key]string{} // by what holds them: the text beside a key such as "name"
	for _, n := range d.nodes {
		if n.kind != comment && n.at != nil && !n.at.index && isNaming(n.at.name) && len(n.text) <= maxKey && beside[n.at.up] == "" {
			beside[n.at.up] = n.text
		}
	}
	var before *node
	for _, n := range d.nodes {
		if n.kind == comment {
			continue
		}
		if own := n.at.last(); own != nil {
			n.names = append(n.names, own.name)
			if isOnlyValue(own.name) || strings.EqualFold(own.name, "key") {
				n.nameAbove(own, beside)
			}
			// The text of an XML element beside its attribute name, and that of a list of them.
			if other := beside[n.at]; other != "" && !isNaming(own.name) {
				n.names = append(n.names, other)
			}
		}
		if flag, ok := flagBefore(before, n); ok {
			n.names = append(n.names, flag)
		}
		before = n
	}
}

// nameAbove adds the names of a value that is only called one: what stands beside it, and what holds it.
func (n *node) nameAbove(own *key, beside map[*key]string) {
	if isOnlyValue(own.name) && beside[own.up] != "" {
		n.names = append(n.names, beside[own.up])
	}
	if above := own.up.last(); above != nil {
		n.names = append(n.names, above.name)
	}
}

func isNaming(name string) bool {
	switch strings.ToLower(name) {
	case "name", "key", "@name", "@key", "variable", "env_var":
		return true
	}
	return false
}

func isOnlyValue(name string) bool {
	switch strings.ToLower(name) {
	case "value", "@value", "val", "default", "defaultvalue", "content", "string", "#text", "_":
		return true
	}
	return false
}

// flagBefore is the name of the option that stands in front of n in the same list of arguments.
func flagBefore(before, n *node) (name string, ok bool) {
	if before == nil || !n.at.index || !before.at.index || before.at.up != n.at.up || len(before.text) > maxKey {
		return "", false
	}
	name = strings.TrimLeft(before.text, "-")
	return name, len(name) < len(before.text) && !strings.ContainsAny(name, "= ") && !strings.HasPrefix(n.text, "-")
}
