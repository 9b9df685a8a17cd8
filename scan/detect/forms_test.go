package detect

import (
	"strings"
	"testing"
)

// What has a form of its own must be found without a telling file name or key.
func TestFormsAreFound(t *testing.T) {
	body := strings.Repeat("MIIEpAIBAAKCAQEA0Zq1w2e3r4t5y6u7i8o9p0aSdFgHjKlZxCvBnM1Qw2Er3Ty4", 1)
	key := func(kind string) string { return "-----BEGIN " + kind + "PRIVATE " + "KEY-----" }
	for name, test := range map[string]struct{ path, text string }{
		"url":              {"app.toml", "postgres://app:Hunter2kd83@db/x\n"},
		"url in prose":     {"notes.txt", "see https://me:s3cretkd9@host.corp/x.git for it"},
		"basic header":     {"a.http", "Authorization: Basic bWU6SHVudGVyMmtkODM=\n"},
		"header in code":   {"a.go", `req.Header.Set("Authorization", "Bearer a1b2c3d4e5f6g7h8i9j0k1")`},
		"netrc":            {".netrc", "machine host.corp login me password Hunter2kd83\n"},
		"htpasswd":         {".htpasswd", "me:$apr1$a1b2c3d4$e5f6g7h8i9j0k1l2m3n4o5\n"},
		"redis":            {"redis.conf", "requirepass Hunter2kd83\n"},
		"pem":              {"secret.txt.go", key("RSA ") + "\n" + body + "\n" + body + "\n-----END RSA PRIVATE " + "KEY-----\n"},
		"pem cut short":    {"a.txt", key("") + "\n" + body + "\n" + body},
		"pem with headers": {"a.pem", key("EC ") + "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n" + body + "\n" + body},
		"pem in json":      {"a.json", `{"k": "` + key("") + `\n` + body + `\n` + body + `\n-----END PRIVATE ` + `KEY-----\n"}`},
	} {
		t.Run(name, func(t *testing.T) {
			found, err := Default().Find(t.Context(), test.path, test.text, 0)
			if err != nil || len(found) == 0 {
				t.Errorf("found nothing: %v", err)
			}
		})
	}
}
