package fields

import (
	"path"
	"strings"
)

func formatINI(name string, dialect ini, marks ...func(*document)) Format {
	return Format{Name: name, lex: dialect.lex, judge: byName, marks: marks}
}

func formatJSON(name string, judge policy, marks ...func(*document)) Format {
	return Format{Name: name, lex: lexJSON, judge: judge, same: sameJSON, marks: append(marks, markServers, markSecrets)}
}

func formatYAML(name string, judge policy, marks ...func(*document)) Format {
	return Format{Name: name, lex: lexYAML, judge: judge, same: sameYAML, marks: append(marks, markServers, markLists, markPagers, markSecrets)}
}

func formatTOML(name string, judge policy, marks ...func(*document)) Format {
	return Format{Name: name, lex: lexTOML, judge: judge, same: sameTOML, marks: append(marks, markServers)}
}

func formatXML(name string, marks ...func(*document)) Format {
	return Format{Name: name, lex: lexXML, judge: byName, same: sameXML, marks: marks}
}

func formatColumns(name string, c columns, secrets ...string) Format {
	return Format{Name: name, lex: c.lex, judge: shown, marks: []func(*document){named(everything, secrets...)}}
}

var (
	iniGeneric = ini{operators: "=:", comments: "#;", nested: true, loose: true}
	iniPython  = ini{operators: "=:", comments: "#;", nested: true}
	iniNPM     = ini{operators: "=", comments: "#;", loose: true}
	iniGit     = ini{operators: "=", comments: "#;", git: true}
	iniAWS     = ini{operators: "=", comments: "#;", nested: true}
	iniMySQL   = ini{operators: "=", comments: "#;", loose: true}
)

// entry is the names of files and the format they are in.
type entry struct {
	patterns string // of path.Match, for the last names of a path in lower case, separated by blanks
	format   func() Format
}

func formats() []entry {
	dotenvFormat := func() Format { return Format{Name: "dotenv", lex: dotenv{}.lex, judge: strict} }
	shellFormat := func() Format { return Format{Name: "shell", lex: dotenv{shell: true}.lex, judge: strict} }
	properties := func() Format { return Format{Name: "properties", lex: lexProperties, judge: byName} }
	hcl := func() Format { return Format{Name: "hcl", lex: lexHCL, judge: byName} }
	return []entry{
		{".envrc .envrc.* env.sh setenv.sh set_env.sh secrets.sh exports.sh", shellFormat},
		{".env .env.* *.env .flaskenv env.list .dev.vars .dev.vars.* .powenv .env-* .envs/* .envs/*/*", dotenvFormat},
		{".netrc _netrc netrc", func() Format {
			return Format{Name: "netrc", lex: lexNetrc, judge: shown, marks: []func(*document){named(everything, "password", "passwd", "account", "#password", "#passwd", "#account")}}
		}},
		{".pgpass pgpass.conf pgpass", func() Format {
			return formatColumns("pgpass", columns{names: []string{"host", "port", "database", "user", "password"}, escapes: true, label: []int{0, 1, 2, 3}}, "password")
		}},
		{".git-credentials git/credentials git-credentials", func() Format { return Format{Name: "git-credentials", lex: lexURLs, judge: everything} }},
		{"htdigest .htdigest *.htdigest", func() Format {
			return formatColumns("htdigest", columns{names: []string{"user", "realm", "hash"}, label: []int{0, 1}}, "hash")
		}},
		{"htpasswd .htpasswd *.htpasswd htpasswd.* .htpasswd.*", func() Format {
			return formatColumns("htpasswd", columns{names: []string{"user", "hash"}, label: []int{0}}, "hash")
		}},
		{"shadow shadow-", func() Format {
			f := formatColumns("shadow", columns{names: []string{"user", "hash", "rest"}, label: []int{0}})
			f.marks = []func(*document){named(hash, "hash")}
			return f
		}},
		{"gshadow gshadow-", func() Format {
			f := formatColumns("gshadow", columns{names: []string{"group", "hash", "rest"}, label: []int{0}})
			f.marks = []func(*document){named(hash, "hash")}
			return f
		}},
		{".npmrc npmrc", func() Format { return formatINI("npmrc", iniNPM) }},
		{".yarnrc", func() Format { return Format{Name: "yarnrc", lex: lexYarn, judge: byName} }},
		{".pypirc pip.conf pip.ini .pip/pip.conf .hgrc hgrc hg/hgrc uv.ini .condarc.ini", func() Format { return formatINI("python ini", iniPython) }},
		{".gitconfig .git/config gitconfig git/config .gitmodules .lfsconfig .git/config.worktree", func() Format { return formatINI("git config", iniGit) }},
		{".aws/credentials .aws/config aws_credentials aws-credentials", func() Format { return formatINI("aws", iniAWS) }},
		{"rclone.conf .rclone.conf", func() Format {
			return formatINI("rclone", iniNPM, named(everything, "key", "pass", "password2", "token"))
		}},
		{".s3cfg s3cfg .boto boto.cfg", func() Format { return formatINI("s3", iniPython) }},
		{"my.cnf .my.cnf .mylogin.cnf mysql.cnf", func() Format { return formatINI("mysql", iniMySQL) }},
		{"redis.conf redis-*.conf redis_*.conf sentinel.conf valkey.conf valkey-*.conf keydb.conf users.acl", func() Format {
			return Format{Name: "redis", lex: directives{comments: "#"}.lex, judge: byName, marks: []func(*document){markACL}}
		}},
		{"nginx.conf nginx/*.conf conf.d/*.conf sites-available/* sites-enabled/* httpd.conf apache2.conf .htaccess haproxy.cfg squid.conf mosquitto.conf auth.conf sources.list", func() Format {
			// What they pass is requests, and no secret.
			passes := named(shown, "proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass", "proxypass", "proxypassmatch", "proxypassreverse")
			return Format{Name: "directives", lex: directives{comments: "#"}.lex, judge: byName, marks: []func(*document){passes}}
		}},
		{"userlist.txt", func() Format {
			return Format{Name: "pgbouncer users", lex: directives{comments: ";"}.lex, judge: everything}
		}},
		{".curlrc _curlrc curlrc", func() Format {
			return Format{Name: "curl", lex: lexCurl, judge: byName, marks: []func(*document){named(account, "user", "u", "proxy-user")}}
		}},
		{".wgetrc wgetrc", func() Format { return formatINI("wget", iniGeneric) }},
		{"*.azureauth azureauth.properties", func() Format {
			f := properties()
			f.marks = []func(*document){named(everything, "key")}
			return f
		}},
		{"inventory hosts.ini inventory.ini inventory/hosts inventories/*/hosts ansible/hosts *.inventory", func() Format { return Format{Name: "inventory", lex: lexInventory, judge: byName} }},
		{"*.properties .sbtcredentials .sbt/.credentials .ivy2/.credentials .credentials gradle.properties", properties},
		{"*.tfvars.json *.tfstate *.tfstate.backup *.tfstate.*", func() Format {
			return formatJSON("terraform", byName, markState, named(everything, "kube_config_raw", "kube_admin_config_raw"))
		}},
		{"*.tfvars .terraformrc terraform.rc *.tfrc", hcl},
		{"wp-config.php wp-config-*.php *.config.php config.php config.inc.php configuration.php settings.php settings.local.php parameters.php database.php localsettings.php env.php local.php", func() Format {
			return Format{Name: "php", lex: lexPHP, judge: byName}
		}},
		{"nuget.config", func() Format { return formatXML("nuget", markKeys) }},
		{".docker/config.json .dockercfg .dockerconfigjson docker-config.json", func() Format { return formatJSON("docker config", byName, below(strict, "HttpHeaders")) }},
		{"auth.json", func() Format {
			return formatJSON("composer auth", byName, below(everything, "github-oauth", "gitlab-oauth", "gitlab-token", "bearer", "tokens"), named(shown, "username"))
		}},
		{".mcp.json mcp.json *mcp*.json .claude.json .claude/settings.json .claude/settings.local.json claude_desktop_config.json .cursor/*.json .gemini/settings.json .codex/*.json .vscode/mcp.json .vscode/settings.json .zed/settings.json opencode.json .continue/config.json", func() Format {
			return formatJSON("agent settings", byName, below(strict, "env", "headers", "http_headers"))
		}},
		{"mise.toml .mise.toml mise.*.toml .mise.*.toml", func() Format { return formatTOML("mise", byName, below(strict, "env")) }},
		{".codex/config.toml codex/config.toml", func() Format { return formatTOML("agent settings", byName, below(strict, "env", "http_headers")) }},
		{"secrets.json user-secrets.json secret.json .secrets.json credentials.json.secret", func() Format { return formatJSON("secrets", strict, markManifests) }},
		{"kubeconfig .kube/config *.kubeconfig kubeconfig.yaml kubeconfig.yml kubeconfig.json .kube/*.yaml .kube/*.yml kube.config", func() Format {
			return formatYAML("kubeconfig", byName, func(d *document) {
				for _, n := range d.nodes {
					if n.kind != comment && n.at.below("exec") && n.at.below("env") && n.at.name == "value" {
						n.judge = strict
					}
				}
			})
		}},
		{".bundle/config bundle/config", func() Format { return formatYAML("bundler", byName, markBundler) }},
		{".yarnrc.yml .yarnrc.yaml", func() Format { return formatYAML("yarn", byName, named(everything, "npmauthident", "npmauthtoken")) }},
		{"secrets.yml secrets.yaml .secrets.yml .secrets.yaml secrets.*.yml secrets.*.yaml", func() Format { return formatYAML("secrets", strict, markManifests) }},
		{"secrets.toml .secrets.toml", func() Format { return formatTOML("secrets", strict) }},
		{".cargo/credentials .cargo/config pipfile poetry.lock", func() Format { return formatTOML("toml", byName) }},
		{"hub .config/hub", func() Format { return formatYAML("yaml", byName) }},
		{"*.json *.jsonc *.json5 *.code-workspace .babelrc .eslintrc *.webmanifest *.ipynb", func() Format { return formatJSON("json", byName) }},
		{"*.yml *.yaml *.yml.erb *.yaml.erb .condarc .gemrc *.yml.j2 *.yaml.j2", func() Format { return formatYAML("yaml", byName) }},
		{"*.toml", func() Format { return formatTOML("toml", byName) }},
		{"*.xml *.config *.csproj *.props *.targets *.xaml *.plist *.pubxml *.pubxml.user *.nuspec *.wsdl", func() Format { return formatXML("xml") }},
		{"*.hcl", hcl},
		{"*.ini *.cfg *.cnf *.conf *.inf *.desktop *.service *.network *.netdev credentials config", func() Format { return formatINI("ini", iniGeneric) }},
	}
}

// hash is the policy of password hashes that may be locked.
func hash(n *node, text string) verdict {
	return verdict{whole: len(text) > 3 && strings.Trim(text, "!*x") != ""}
}

// backups end the names of copies.
const backups = ".bak .backup .old .orig .save .saved .copy .prev .dist .disabled ~"

// Of is the format of the file at path, with slashes, about which a rule of some kind speaks, as rules.PathRule names kinds;
// the kind may be empty. It is not ok where no format is known by that name.
func Of(file, kind string) (Format, bool) {
	name := strings.ToLower(file)
	for range 3 {
		for suffix := range strings.FieldsSeq(backups) {
			name = strings.TrimSuffix(name, suffix)
		}
	}
	if f, ok := byPath(name); ok {
		return f, true
	}
	return byPath(exampleOf(kind))
}

// exampleOf is a name for files of a kind of rules whose own names say nothing; empty for none.
func exampleOf(kind string) string {
	switch kind {
	case "dotenv":
		return ".env"
	case "kubernetes":
		return "kubeconfig"
	case "netrc":
		return ".netrc"
	case "npm":
		return ".npmrc"
	case "git":
		return ".gitconfig"
	case "aws":
		return ".aws/credentials"
	}
	return ""
}

func byPath(name string) (Format, bool) {
	if strings.HasSuffix(name, "/") || name == "" {
		return Format{}, false
	}
	for _, e := range formats() {
		for pattern := range strings.FieldsSeq(e.patterns) {
			if ok, err := path.Match(pattern, lastNames(name, strings.Count(pattern, "/")+1)); ok && err == nil {
				return e.format(), true
			}
		}
	}
	return Format{}, false
}

// lastNames is the last n names of a path.
func lastNames(name string, n int) string {
	at := len(name)
	for range n {
		i := strings.LastIndexByte(name[:at], '/')
		if i < 0 {
			return name
		}
		at = i
	}
	return name[at+1:]
}
