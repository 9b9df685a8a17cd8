package fields

import (
	"strings"
	"testing"

	"cofferdam/rules/secret/sample"
)

func TestPromiseOfNames(t *testing.T) {
	for _, test := range []struct {
		want  promise
		names string
	}{
		{password, "password DB_PASSWORD dbPassword db.password user-pwd passwd smtp_pass PIN ansible_become_pass requirepass keystorePassword password2 admin_passphrase"},
		{machine, "token api_key apiKey APIKEY X-Api-Key client_secret clientSecret aws_secret_access_key aws_access_key_id private_key _auth auth //npm.example.org/:_authToken identitytoken AUTH_KEY LOGGED_IN_KEY NONCE_SALT client-key-data SharedAccessKey AccountKey secret_key_base webhook_url oauth_token Authorization bearer tokens credentials validationKey"},
		{nothing, "host name user username database tokenUrl token_uri password_file passwordMinLength secretName secretKeyRef max_tokens next_token public_key client_id keyId cache_key auth_type password_reset_url bypass compass author authority passage monkey keyboard MYSQL_ALLOW_EMPTY_PASSWORD token_endpoint primaryKey existingSecret minipass"},
	} {
		for name := range strings.FieldsSeq(test.names) {
			if got := promiseOf(name); got != test.want {
				t.Errorf("promiseOf(%q) = %d, want %d", name, got, test.want)
			}
		}
	}
	if promiseOf("") != nothing || promiseOf("123_-") != nothing {
		t.Error("a name without letters promises something")
	}
}

// The padding of base64 whose last letters are a word is no value.
func TestPaddingIsNoValue(t *testing.T) {
	for _, text := range []string{"LS0tPassword=", "LS0tPassword=="} {
		if parts := assignment(text, secretsIn); len(parts) > 0 {
			t.Errorf("assignment(%q) has %d parts, want none", text, len(parts))
		}
	}
}

func TestReferences(t *testing.T) {
	for _, test := range []struct {
		text string
		is   bool
		part string // that is a value after all
	}{
		{"${DB_PASSWORD}", true, ""}, {"$DB_PASSWORD", true, ""}, {"$PASSWORD", true, ""}, {"${A}:${B}", true, ""}, {"${A:?no password}", true, ""},
		{"${A:-hunter22}", true, "hunter22"}, {"${A-hunter22}", true, "hunter22"}, {"${db.password:hunter22}", true, "hunter22"}, {"${A:-${B:-hunter22}}", true, "hunter22"}, {"${A:-}", true, ""},
		{"${input:token}", true, ""}, {"${env:TOKEN}", true, ""}, {"${{ secrets.TOKEN }}", true, ""}, {"{{ vault_password }}", true, ""}, {"{{ .Values.password | default \"hunter22\" }}", true, "hunter22"},
		{"<%= ENV['A'] %>", true, ""}, {"<%= ENV.fetch(\"A\") %>", true, ""}, {"<%= ENV['A'] || 'hunter22' %>", true, "hunter22"}, {"{{ lookup('env', 'A') }}", true, ""},
		{"op://vault/item/field", true, ""}, {"vault:secret/data/app#password", true, ""}, {"env:TOKEN", true, ""}, {"ENC[AES256_GCM,data:abc,type:str]", true, ""}, {"ENC(abcdef)", true, ""}, {"{cipher}abcdef", true, ""},
		{"ssm:/app/password", true, ""}, {"arn:aws:secretsmanager:eu-west-1:1:secret:app", true, ""}, {"/run/secrets/db", true, ""}, {"<your token>", true, ""}, {"%(password)s", true, ""}, {"$(pass show app)", true, ""},
		{"#{DbPassword}", true, ""}, {"((db_password))", true, ""}, {"__DB_PASSWORD__", true, ""}, {"%DB_PASSWORD%", true, ""}, {"", true, ""},
		{"hunter22", false, ""}, {"$ecret", false, ""}, {"pa$$WORD", false, ""}, {"$2y$10$abcdef", false, ""}, {"x${A}", false, ""}, {"${A", false, ""}, {"$(echo hunter22)", false, ""}, {"{hunter22}", false, ""},
		{"ENC[", false, ""}, {"vaulted", false, ""}, {"<hunter2>", false, ""}, {"$1abc", false, ""}, {"${A}é", false, ""}, {"$ECRET", false, ""},
	} {
		is, literals := reference(test.text)
		part := ""
		for _, l := range literals {
			part += test.text[l.start:l.end]
		}
		if is != test.is || part != test.part {
			t.Errorf("reference(%q) = %v, %q; want %v, %q", test.text, is, part, test.is, test.part)
		}
	}
}

func TestSecretsInText(t *testing.T) {
	for _, template := range []string{
		"postgres://me:«{{alnum:12}}»@host/db", "postgres://me:«a/b@{{alnum:12}}»@host/db", "see https://me:«{{alnum:12}}»@host/ and more", "https://«{{alnum:20}}»@host/", "ssh://git@host/repository",
		"https://{{word}}:${TOKEN}@host", "https://host/?a=b&token=«{{alnum:12}}»&c=d", "redis://:«{{alnum:12}}»@host:6379/0", "mongodb://me:«{{alnum:12}}»@a:27017,b:27017/db?replicaSet=x",
		"jdbc:sqlserver://host:1433;user=me;password=«{{alnum:12}}»;encrypt=true", "jdbc:oracle:thin:me/«{{alnum:12}}»@host:1521/x", "me:«{{alnum:12}}»@tcp(host:3306)/db?parseTime=true",
		"host=db user=me password=«{{alnum:12}}» sslmode=disable", "Server=db;Password='«{{alnum:6}};{{alnum:6}}»';Timeout=5", "Endpoint=sb://x/;SharedAccessKey=«{{base64:44}}»",
		"Authorization: Bearer «{{alnum:30}}»", "curl -H \"Authorization: Basic «{{base64:44}}»\" https://host", "X-Api-Key: «{{alnum:30}}»", "--token=«{{alnum:12}}»", "run --password «{{alnum:12}}» --verbose",
		"curl -u me:«{{alnum:12}}» https://host", "password: «{{alnum:12}}»", "'password' => '«{{alnum:12}}»'", "# the password is asked for by the installer", "password: must be set by you", "bearer request", "token: ${TOKEN}",
		"define('DB_PASSWORD', '«{{alnum:12}}»');", "http://host:8080/path", "a: b", "password=", "password==", "passwords are hard", "time=12:30",
	} {
		for seed := range uint64(seeds) {
			text, want := sample.Expand(template, seed)
			parts := secretsIn(text)
			if len(parts) != len(want) {
				t.Errorf("secretsIn(%q): %d parts, want %d", template, len(parts), len(want))
				break
			}
			for i, p := range parts {
				if p.start != want[i].Start || p.end != want[i].End {
					t.Errorf("secretsIn(%q) = %d:%d, want %d:%d", template, p.start, p.end, want[i].Start, want[i].End)
				}
			}
		}
	}
}

func TestPlainValues(t *testing.T) {
	for _, test := range []struct {
		name, value string
		want        bool
	}{
		{"A", "true", true}, {"A", "8080", true}, {"A", "30s", true}, {"A", "", true}, {"A", "localhost", true}, {"A", "localhost:5432", true}, {"A", "http://localhost:3000/api", true}, {"NODE_ENV", "blue", true},
		{"A", "production", true}, {"A", "null", true}, {"A", "0.5", true}, {"PASSWORD", "true", true},
		{"A", "123456", false}, {"PIN", "1234", false}, {"PASSWORD", "production", false}, {"A", "http://me:a@localhost", false}, {"A", "http://localhost/?token=a", false}, {"A", "localhosts", false}, {"A", "blue", false},
		{"A", "http://host/", false}, {"SECRET", "redis", false}, {"A", "http://localhost/hooks/a8dj20dk29dk20dk", false},
	} {
		if got := isPlain([]string{test.name}, test.value); got != test.want {
			t.Errorf("isPlain(%q, %q) = %v", test.name, test.value, got)
		}
	}
}
