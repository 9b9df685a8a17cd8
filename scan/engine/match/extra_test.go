package match

import "strings"

// extraExprs are like the rules that scanners have besides those for known tokens: less selective, without keywords.
func extraExprs() []Expr {
	value := `["']?([^\s"'<>{}$]{4,64})["']?(?:\s|$)`
	var exprs []Expr
	for _, name := range []string{"password", "passwd", "pwd", "passphrase", "secret", "api[_-]?key", "access[_-]?token", "auth[_-]?token", "client[_-]?secret",
		"private[_-]?key", "db[_-]?pass(?:word)?", "encryption[_-]?key", "signing[_-]?key", "bearer", "credentials?", "smtp[_-]?password", "redis[_-]?url"} {
		exprs = append(exprs,
			Expr{`(?im)^[ \t]*(?:export[ \t]+)?[\w.-]{0,40}` + name + `[ \t]*=[ \t]*` + value, nil},
			Expr{`(?i)["'][\w.-]{0,40}` + name + `["'][ \t]*:[ \t]*["']([^"'\\]{6,128})["']`, nil},
			Expr{`(?im)^[ \t-]*[\w.-]{0,40}` + name + `:[ \t]+` + value, nil},
			Expr{`(?i)<` + name + `>([^<>\s]{4,128})</` + name + `>`, []string{strings.TrimRight(name, "?()[]_-:word")}})
	}
	for _, scheme := range []string{"postgres(?:ql)?", "mysql", "mongodb(?:\\+srv)?", "redis", "amqps?", "https?", "ftp", "smtp", "ldaps?", "mssql"} {
		exprs = append(exprs, Expr{`(?i)\b` + scheme + `://[^\s:/?#@"']{1,64}:([^\s/?#@"']{1,128})@[\w.-]{1,253}`, nil})
	}
	for _, prefix := range []string{"sk-or-v1-", "r8_", "gsk_", "xai-", "dckr_pat_", "sbp_", "whsec_", "nvapi-", "tskey-", "lsv2_pt_", "phc_", "re_", "vercel_", "ATCTT3", "AKCp8", "SCW"} {
		exprs = append(exprs, Expr{`\b` + prefix + `[A-Za-z0-9_-]{20,120}\b`, nil})
	}
	return append(exprs,
		Expr{`(?m)^[^:\s]{1,64}:\$(?:2[aby]|5|6|apr1|y)\$[./A-Za-z0-9$]{20,200}`, nil},
		Expr{`(?i)authorization["']?[ \t]*[:=][ \t]*["']?(?:basic|bearer)[ \t]+([A-Za-z0-9+/=._-]{8,512})`, nil},
		Expr{`(?i)machine[ \t]+\S+\s+login[ \t]+\S+\s+password[ \t]+(\S+)`, []string{"machine"}},
		Expr{`(?m)^[\w.*-]{1,64}:(?:\d{1,5}|\*):[^:\s]{1,64}:[^:\s]{1,64}:(.{1,128})$`, nil},
	)
}
