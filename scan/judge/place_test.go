package judge_test

import (
	"strings"
	"testing"

	"cofferdam/rules/secret/sample"
	"cofferdam/scan/judge"
)

// verdictOf is the verdict on what is marked in template.
func verdictOf(t testing.TB, rule, path, template string) (drop bool, why string) {
	t.Helper()
	text, spans := sample.Expand(template, 1)
	if len(spans) != 1 {
		t.Fatalf("%q has %d marks; want one", template, len(spans))
	}
	s := spans[0]
	before, after := judge.Around(text, s.Start, s.End)
	return judge.Default().Verdict(judge.Case{Rule: rule, Guess: true, Path: path, Secret: text[s.Start:s.End], Before: before, After: after})
}

func TestNoSecretIsDropped(t *testing.T) {
	for _, test := range []struct{ name, rule, path, template string }{
		{"mask", "quoted-password", "a.go", `password: "«********»"`},
		{"letters of a mask", "config-secret", "a.yaml", `token: «xxxx-xxxx-xxxx»`},
		{"placeholder", "config-password", ".env", `DB_PASSWORD=«changeme»`},
		{"placeholder with a number", "config-password", "a.ini", `password = «changeme123»`},
		{"your", "config-secret", ".env", `API_KEY=«your-api-key-here»`},
		{"my", "quoted-secret", "a.js", `secret: '«my-secret-key»'`},
		{"brackets", "config-password", "a.yaml", `password: «<password>»`},
		{"square brackets", "config-password", "a.yaml", `password: «[password]»`},
		{"shell variable", "config-password", "a.yaml", `password: «${DB_PASSWORD}»`},
		{"plain shell variable", "config-password", "a.yaml", `password: «$DB_PASSWORD»`},
		{"template", "quoted-password", "a.yaml", `password: "«{{raw:{{ .Values.password }}}}»"`},
		{"format", "quoted-password", "a.c", `password = "«%s»"`},
		{"percent variable", "config-password", "a.ini", `password = «%DB_PASS%»`},
		{"row of digits", "config-secret", "a.yaml", `token: «1234567890»`},
		{"row of letters", "config-secret", "a.yaml", `token: «abcdefghijkl»`},
		{"row of keys", "config-password", "a.yaml", `password: «qwerty»`},
		{"repeated", "config-secret", "a.yaml", `token: «abababababab»`},
		{"key", "quoted-password", "a.go", `"password": "«password»"`},
		{"key in another case", "quoted-secret", "a.go", `ClientSecret = "«client_secret»"`},
		{"environment in code", "config-secret", "a.conf", `token = «process.env.TOKEN»`},
		{"python environment", "config-secret", "a.conf", `token = «os.environ["TOKEN"]»`},
		{"call", "config-secret", "a.conf", `token = «getToken()»`},
		{"vault", "config-password", "a.yaml", `password: «vault:secret/data/app#password»`},
		{"one password", "config-password", ".env", `DB_PASSWORD=«op://vault/item/field»`},
		{"sops", "config-password", "a.yaml", `password: «ENC[AES256_GCM,data:{{base64:12}},iv:{{base64:44}},type:str]»`},
		{"jasypt", "config-password", "a.properties", `password=«ENC({{base64:32}})»`},
		{"parameter store", "config-password", "a.yaml", `password: «arn:aws:secretsmanager:eu-central-1:{{digits:12}}:secret:x»`},
		{"tag", "config-password", "a.yaml", `password: «!Ref»`},
		{"alias", "config-password", "a.yaml", `password: «*default_password»`},
		{"path", "config-password", "a.yaml", `password: «/run/secrets/db»`},
		{"relative path", "quoted-secret", "a.go", `secret = "«config/keys/app.json»"`},
		{"Windows path", "config-password", "a.ini", `password = «C:\secrets\db.txt»`},
		{"URL", "quoted-secret", "a.go", `token: "«https://auth.{{host}}/token»"`},
		{"identifier", "quoted-secret", "a.ts", `token: '«accessTokenFromHeader»'`},
		{"label", "quoted-secret", "a.go", `AnnotationToken = "«kubernetes.io/service-account.token»"`},
		{"hash of an image", "config-secret", "a.yaml", `token: «sha256:{{hex:64}}»`},
		{"integrity", "generic-api-key", "package-lock.json", `"integrity": "«{{base64:64}}»"`},
		{"commit", "generic-api-key", "a.yaml", `key_commit: «{{hex:40}}»`},
		{"public key", "generic-api-key", "a.yaml", `public_key: «{{base64:44}}»`},
		{"SSH public key", "config-secret", "a.yaml", `auth_key: «ssh-ed25519 AAAAC3NzaC1lZDI1NTE5{{alnum:40}}»`},
		{"certificate", "kubernetes-secret-value", "a.yaml", `  ca: «LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0t{{alnum:200}}»`},
		{"UUID of no credential", "generic-api-key", "a.yaml", `access_id: «{{uuid}}»`},
		{"colour", "config-password", "a.ini", `pass = «#a0b1c2»`},
		{"image", "quoted-secret", "a.js", `key: "«data:image/png;base64,{{base64:64}}»"`},
		{"sentence", "quoted-password", "a.js", `password: "«Please enter your password»"`},
		{"label for people", "quoted-password", "a.vue", `password: "«Forgot password?»"`},
		{"translation", "quoted-password", "locales/de.json", `"password": "«Passwort»"`},
		{"translation with marks", "quoted-password", "a.json", `"password": "«Contraseña»"`},
		{"Chinese", "quoted-password", "a.json", `"password": "«密码»"`},
		{"markup", "quoted-password", "a.js", `password: "«<b>bold</b>»"`},
		{"boolean", "config-password", "a.yaml", `password: «true»`},
		{"duration", "config-secret", "a.yaml", `token: «86400000s»`},
		{"short in a test", "quoted-password", "pkg/a_test.go", `Password: "«hunter22»"`},
		{"weak in a fixture", "url-password", "testdata/a.yaml", `url: postgres://app:«sunshine9»@db/x`},
		{"weak in an example file", "config-password", ".env.example", `DB_PASSWORD=«sunshine9»`},
		{"word in a document", "document-password", "README.md", `The password: «mandatory»`},
		{"URL of documentation", "url-password", "a.go", `http://user:«pass»@{{host}}/`},
		{"words for a token", "generic-api-key", "a.yaml", `token: «bootstrap-signer-controller»`},
		{"shown in part", "docker-auth", "api.yaml", `"identitytoken": "«{{hex:14}}...»"`},
		{"basic of documentation", "header-basic", "a.md", `Authorization: Basic «{{b64:user:password}}»`},
		{"method of a program", "vault-service-token", "a.go", "// acts like «s.ReadUint16LengthPrefixed», but"},
		{"verifier's key", "generic-api-key", "a.go", `vkey := "«{{base64:44}}»"`},
		{"image by its hash", "generic-api-key", "a.yaml", `image: {{host}}/token-server:«{{hex:32}}»`},
		{"one of many random texts", "generic-api-key", "a.go", "\"WGREKEY7C7SYGKH7APIY2A6\",\n\"«{{of:ABCDEFGHJKLMNPQRSTUVWXYZ234567:26}}»\","},
		{"user that stands for one", "url-password", "a.go", `http://username:«p@ssword»@{{host}}/`},
		{"sample in a description", "generic-api-key", "a.yaml", "            example:\n              UnlockKey: \"«{{alnum:40}}»\""},
		{"texts run together", "config-password", "bin/tool", "{{of:abcdefgh:250}}PWD=«PATHrmsfssebmi1bmi2IMAGC»"},
		{"vector of cryptography", "generic-api-key", "testdata/aead.json", `"key": "«{{hex:32}}»"`},
		{"typed in a test", "quoted-secret", "a_test.go", `token := "«flwqkenfjasasdfmwerasd»"`},
		{"names in a list", "quoted-key-list", "anames.go", "\"PWD\",\n\"«FTINTRPVF»\","},
		{"algorithm", "generic-api-key", "a.md", "key exchange mechanisms: «SecP256r1MLKEM768»"},
		{"placeholder in base64", "kubernetes-secret-value", "a.yaml", `  password: «{{b64:changeme}}»`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if drop, _ := verdictOf(t, test.rule, test.path, test.template); !drop {
				t.Errorf("Verdict(%s, %s, %q) keeps it", test.rule, test.path, test.template)
			}
		})
	}
}

func TestSecretIsKept(t *testing.T) {
	for _, test := range []struct{ name, rule, path, template string }{
		{"weak", "config-password", ".env", `DB_PASSWORD=«sunshine»`},
		{"lazy, where it is real", "config-password", "deploy/.env", `DB_PASSWORD=«secretpassword»`},
		{"of a person", "quoted-password", "app.py", `password = "«{{password}}»"`},
		{"words", "quoted-password", "app.py", `password = "«{{passphrase}}»"`},
		{"Unicode with a digit", "config-password", "a.ini", `password = «Käse2Brot»`},
		{"marks", "config-password", "a.ini", `password = «p@$$w0rd!x»`},
		{"digits", "config-password", "a.yaml", `password: «24121985»`},
		{"begins with a dollar", "config-password", "a.ini", `password = «$ecr3t99»`},
		{"has a percent sign", "url-password", "a.yaml", `amqp://app:«p%40ss7W»@mq/`},
		{"slash in base64", "quoted-secret", "a.go", `secret = "«{{base64:22}}/{{base64:22}}»"`},
		{"hexadecimal", "quoted-secret", "a.go", `apiKey = "«{{hex:32}}»"`},
		{"UUID as a token", "quoted-secret", "a.go", `auth_token = "«{{uuid}}»"`},
		{"random in a test", "quoted-secret", "pkg/a_test.go", `apiKey: "«{{alnum:32}}»"`},
		{"user and password in base64", "docker-auth", ".docker/config.json", `"auth": "«{{b64:{{word}}:{{password}}}}»"`},
		{"in base64", "kubernetes-secret-value", "a.yaml", `  dsn: «{{b64:{{password}}}}»`},
		{"key is a word, too", "config-password", "a.yaml", `password: «Passw0rd-{{digits:4}}»`},
		{"no key at all", "url-password", "a.sh", `git clone https://{{word}}:«{{alnum:20}}»@{{host}}/x`},
		{"random with a user that stands for one", "url-password", "a.sh", `https://username:«{{alnum:24}}»@{{host}}/x`},
		{"service token", "vault-service-token", "a.sh", `VAULT_TOKEN=«s.{{alnum:24}}»`},
		{"hexadecimal in a test", "generic-api-key", "testdata/a.json", `"api_key": "«{{hex:32}}»"`},
		{"in a URL's query", "config-password", "a.txt", "https://x/?{{of:abcdefgh:250}}&password=«{{password}}»"},
		{"user of the same name", "url-password", "a.sh", `redis://name:«{{password}}»@{{host}}/0`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if drop, why := verdictOf(t, test.rule, test.path, test.template); drop {
				t.Errorf("Verdict(%s, %s, %q) drops it: %s", test.rule, test.path, test.template, why)
			}
		})
	}
}

// For every rule with a form of its own: only a vendor's documented value and a mask are dropped.
func TestFormsAreKept(t *testing.T) {
	verdict := func(secret string) bool {
		drop, _ := judge.Default().Verdict(judge.Case{Rule: "aws-access-token", Path: "docs/example_test.go", Secret: secret, Before: `example = "`, After: `"`})
		return drop
	}
	for secret, want := range map[string]bool{
		"AKIA" + "IOSFODNN7" + "EXAMPLE":        true,
		"AKIA" + strings.Repeat("X", 16):        false,
		"AKIAQ3EG" + "RNWYXL2M" + "5QXZ":        false,
		strings.Repeat("x", 40):                 true,
		strings.Repeat("0", 32):                 true,
		"sk_test_4eC39Hq" + "LyjWDarjtT1zdp7dc": true,
		"your-token-here":                       false,
	} {
		if got := verdict(secret); got != want {
			t.Errorf("Verdict(%q) of a form = %v, want %v", secret, got, want)
		}
	}
}

// A form of few letters stands in a long text by chance.
func TestShortFormsInBase64AreDropped(t *testing.T) {
	const rule = "square-access-token"
	for before, want := range map[string]bool{
		strings.Repeat("SIsVxVYNAEiF0nQt", 3) + "+":  true,
		strings.Repeat("SIsVxVYNAEiF0nQt", 3) + "\n": true,
		`token = "`: false,
		"https://example.net/" + strings.Repeat("v/", 20): false,
	} {
		got, _ := judge.Default().Verdict(judge.Case{Rule: rule, Path: "a.base64", Secret: "EAAA" + strings.Repeat("Q7w", 10), Before: before})
		if got != want {
			t.Errorf("Verdict(%q) behind %q = %v, want %v", rule, before, got, want)
		}
	}
}

func TestSeverityIsLowerInTests(t *testing.T) {
	for _, test := range []struct{ path, severity, want string }{
		{"app/main.go", "critical", "critical"},
		{"app/main_test.go", "critical", "high"},
		{"testdata/key.pem", "high", "medium"},
		{"src/__tests__/a.js", "medium", "low"},
		{"fixtures/a.yaml", "low", "low"},
		{"contest/attestation.go", "high", "high"},
	} {
		if got := judge.Default().Severity(test.path, test.severity); got != test.want {
			t.Errorf("Severity(%q, %q) = %q, want %q", test.path, test.severity, got, test.want)
		}
	}
}
