package fields

import "strings"

// markSecrets has all data of Kubernetes Secrets hidden, in whatever file and list one stands.
func markSecrets(d *document) {
	secrets := map[*key]bool{}
	for _, n := range d.nodes {
		if n.kind != comment && n.at != nil && n.at.name == "kind" && n.text == "Secret" {
			secrets[n.at.up] = true
		}
	}
	if len(secrets) == 0 {
		return
	}
	for _, n := range d.nodes {
		if n.kind != comment && isSecretData(n, secrets) {
			n.judge = everything
		}
	}
}

// markManifests has manifests of Kubernetes judged by names, and so what sops adds to a file, in files made for secrets.
func markManifests(d *document) {
	kinds, versions := map[*key]bool{}, map[*key]bool{}
	for _, n := range d.nodes {
		if n.kind != comment {
			kinds[n.at.up] = kinds[n.at.up] || n.at.name == "kind"
			versions[n.at.up] = versions[n.at.up] || n.at.name == "apiVersion"
		}
	}
	for _, n := range d.nodes {
		if n.kind == comment {
			continue
		}
		for k := n.at; k != nil; k = k.up {
			if kinds[k.up] && versions[k.up] {
				n.judge = byName
			}
		}
		if n.at.below("sops") {
			n.judge = shown
		}
	}
}

// lastApplied is where kubectl keeps the manifest that it was given.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

func isSecretData(n *node, secrets map[*key]bool) bool {
	if n.at == nil {
		return false
	}
	for k := n.at; k.up != nil; k = k.up {
		if (k.name == "data" || k.name == "stringData" || k.name == lastApplied && k == n.at) && (secrets[k.up] || k.name == lastApplied) {
			return true
		}
	}
	root := n.at
	for root.up != nil {
		root = root.up
	}
	return (root.name == "data" || root.name == "stringData") && secrets[nil]
}

// markServers has the environments and headers of MCP servers judged as environment files are.
func markServers(d *document) {
	for _, n := range d.nodes {
		if n.kind != comment && n.at.below("mcpServers", "mcp_servers", "mcp", "context_servers", "servers") && n.at.below("env", "headers", "http_headers", "environment", "requestInit") {
			n.judge = strict
		}
	}
}

// below has what stands below some names judged in a way of its own.
func below(judge policy, names ...string) func(*document) {
	return func(d *document) {
		for _, n := range d.nodes {
			if n.kind != comment && n.at.below(names...) {
				n.judge = judge
			}
		}
	}
}

// named has the values of some names judged in a way of their own.
func named(judge policy, names ...string) func(*document) {
	known := setOf(names)
	return func(d *document) {
		for _, n := range d.nodes {
			if own := n.at.last(); n.kind != comment && own != nil && known[strings.ToLower(own.name)] {
				n.judge = judge
			}
		}
	}
}

// shown is the policy of what is no secret whatever its name promises.
func shown(n *node, text string) verdict { return verdict{parts: secretsIn(text)} }

// markLists has lists of the names of secrets shown: those of compose files and service accounts.
func markLists(d *document) {
	for _, n := range d.nodes {
		if n.kind != comment && n.listedIn("secrets") && isKey(n.text) {
			n.judge = shown
		}
	}
}

// listedIn reports whether n is in a list of that name.
func (n *node) listedIn(name string) bool {
	if n.at == nil || !n.at.index {
		return false
	}
	list := n.at.last()
	return list != nil && strings.EqualFold(list.name, name)
}

// markKeys has the API keys of NuGet hidden: their names are URLs.
func markKeys(d *document) {
	for _, n := range d.nodes {
		if n.kind != comment && n.at.name == "@value" && n.at.below("apikeys") {
			n.judge = everything
		}
	}
}

// markPagers has the keys of Alertmanager's PagerDuty receivers hidden. Elsewhere a routing key is no secret.
func markPagers(d *document) {
	for _, n := range d.nodes {
		if n.kind != comment && n.at.below("pagerduty_configs") && n.at.last().name == "routing_key" {
			n.judge = everything
		}
	}
}

// markState has hidden what a Terraform state says is sensitive: outputs, and attributes by name.
func markState(d *document) {
	outputs, attributes, passwords := map[*key]bool{}, map[*key]map[string]bool{}, map[*key]bool{}
	for _, n := range d.nodes {
		if n.kind == comment || n.at == nil {
			continue
		}
		if n.at.name == "sensitive" && n.text == "true" {
			outputs[n.at.up] = true
		}
		// What a provider itself calls sensitive is not in the list.
		if n.at.name == "type" && n.text == "random_password" {
			passwords[n.at.up] = true
		}
		if list := above(n.at, "sensitive_attributes"); list != nil && n.at.name == "value" {
			if attributes[list.up] == nil {
				attributes[list.up] = map[string]bool{}
			}
			attributes[list.up][n.text] = true
		}
	}
	for _, n := range d.nodes {
		if n.kind == comment || n.at == nil {
			continue
		}
		if value := above(n.at, "value"); value != nil && value.up != nil && outputs[value.up] {
			n.judge = everything
		}
		for k := n.at; k.up != nil; k = k.up {
			if k.up.name == "attributes" && attributes[k.up.up][k.name] {
				n.judge = everything
			}
			if passwords[k.up] && (n.at.name == "result" || n.at.name == "bcrypt_hash") {
				n.judge = everything
			}
		}
	}
}

// above is k or the nearest name above it that is name.
func above(k *key, name string) *key {
	for k != nil && k.name != name {
		k = k.up
	}
	return k
}

// markBundler has the credentials of gem servers hidden: their keys are host names, with __ for a dot.
func markBundler(d *document) {
	for _, n := range d.nodes {
		if n.kind == comment || n.at == nil {
			continue
		}
		name := strings.ToUpper(n.at.name)
		if strings.HasPrefix(name, "BUNDLE_") && strings.Contains(name[len("BUNDLE_"):], "__") && !strings.HasPrefix(name, "BUNDLE_BUILD__") && !strings.HasPrefix(name, "BUNDLE_MIRROR__") && !strings.HasPrefix(name, "BUNDLE_LOCAL__") {
			n.judge = everything
		}
	}
}
