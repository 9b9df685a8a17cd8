package rules

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"cofferdam/workspace"
)

// body is made-up base64, long enough for a key.
const body = "MIIEpAIBAAKCAQEA0Zq1w2e3r4t5y6u7i8o9p0"

// inspected is the verdict on a name that has content decide.
var inspected = Verdict{Action: Inspect}

func TestCredential(t *testing.T) {
	key := func(kind string) string { return "-----BEGIN " + kind + "PRIVATE " + "KEY-----" }
	for name, test := range map[string]struct {
		content string
		want    bool
	}{
		"dotenv":            {"A=1\nDB_PASSWORD=hunter2\n", true},
		"dotenv export":     {"export API_TOKEN='a1b2c3d4e5'\n", true},
		"numbered key":      {"PASSWORD_2=swordfish\n", true},
		"weak number":       {"password: 123456\n", true},
		"yaml":              {"db:\n  user: app\n  password: hunter2 # why\n", true},
		"yaml block":        {"password: |\n  hunter2\n", true},
		"json":              {`{"clientSecret": "Zx9-kd83jd"}`, true},
		"json in json":      {`{"a": "{\"password\": \"hunter2\"}"}`, true},
		"xml element":       {"<server><password>hunter2</password></server>", true},
		"xml attribute":     {`<user name="a" password="hunter2"/>`, true},
		"xml pair":          {`<add key="ApiKey" value="a8f7d6e5c4" />`, true},
		"plist":             {"<key>API_TOKEN</key>\n<string>a8f7d6e5c4</string>", true},
		"container env":     {"- name: DB_PASSWORD\n  value: \"hunter2\"\n", true},
		"connection string": {"Server=db;User Id=sa;Password=Sw0rdfish;", true},
		"half redacted":     {"Server=db;Password=COFFERDAM_SECRET_ABCDEFGHIJKLMNOP;AccessToken=Sw0rdfish;", true},
		"python":            {"import os\nSECRET_KEY = 'django-insecure-a1b2c3'\n", true},
		"go map":            {"package a\n\nvar m = map[string]string{\"password\": \"hunter2\"}\n", true},
		"ruby hash":         {"config.secret_key => '0f1e2d3c4b5a6978'\n", true},
		"crlf":              {"A=1\r\nDB_PASSWORD=hunter2\r\n", true},
		"utf-16":            {"\xff\xfep\x00a\x00s\x00s\x00w\x00o\x00r\x00d\x00=\x00h\x00u\x00n\x00t\x00e\x00r\x002\x00", true},
		"npmrc":             {"//registry.example.com/:_authToken=npm-a1b2c3d4e5\n", true},
		"npmrc old":         {"_auth=dXNlcjpodW50ZXIy\n", true},
		"docker config":     {`{"auths": {"x": {"auth": "dXNlcjpodW50ZXIy"}}}`, true},
		"kubeconfig":        {"    client-key-data: LS0tLS1CRUdJTiBSU0E0\n", true},
		"binary":            {"\x01\x02\x00\x03", true},
		"core dump":         {"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x04\x00\x3e\x00", true},

		"empty":                  {"", false},
		"log of a test":          {"--- PASS: TestName (0.00s)\n", false},
		"empty value":            {"PASSWORD=\nTOKEN=\"\"\nSECRET: ''\n", false},
		"placeholders":           {"PASSWORD=changeme\nTOKEN=<your-token>\nSECRET_KEY=xxxxxxxx\nAPI_KEY=YOUR_API_KEY_HERE\npassword: \"********\"\n", false},
		"variables":              {"PASSWORD=${DB_PASSWORD}\nTOKEN=$TOKEN\nSECRET_KEY={{ secret }}\npassword: !vault x\nTOKEN=$(cat /run/token)\n", false},
		"code that reads":        {"import os\nSECRET_KEY = os.environ['SECRET_KEY']\npassword = getpass()\ntoken = process.env.TOKEN\n", false},
		"variables in a program": {"package a\n\nfunc f() {\n\tpassword := readPassword\n\tcfg.Token = tok\n}\n", false},
		"prose":                  {"Password: the one that you were given.\nYour token: see the page about tokens\n", false},
		"schema":                 {`{"password": {"type": "string"}, "token": "string"}`, false},
		"translation":            {`{"password": "Contraseña"}`, false},
		"paths":                  {"password_file: /run/secrets/db\ntoken: ./token.txt\nsecret: kv.data.password\nssl_key = /etc/ssl/key.pem\nPASSWORD=/run/secrets/db_password\n", false},
		"names":                  {"secretName: my-secret\nsecret: app-tls\nimagePullSecret: regcred\n", false},
		"other words":            {"bypass: always\nnextToken: a1b2c3d4e5f6\ncompass: north9\n", false},
		"url without password":   {"https://example.com:8080/a@b\nssh://git@example.com\nhttps://user:${PASS}@host\nhttp://user:password@host\n", false},
		"header placeholder":     {"Authorization: Bearer <token>\nAuthorization: Bearer $TOKEN\nAuthorization: Bearer YOUR_TOKEN_HERE\n", false},
		"public key":             {"-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n", false},
		"pem in prose":           {key("RSA ") + "\n...\n", false},
		"pem name in code":       {"package a\n\nconst begin = \"" + key("") + "\"\n", false},
		"png":                    {"\x89PNG\r\n\x1a\n\x00\x00", false},
		"header in words":        {"curl -H 'Authorization: Bearer admin-token'\n", false},
		"sequence":               {"TOKEN_SECRET=abcdef0123456789\n", false},
		"redacted connection":    {`<add connectionString="Server=db;User Id=sa;Password=COFFERDAM_SECRET_ABCDEFGHIJKLMNOP;" />`, false},
		"encrypted":              {"password: ENC[AES256_GCM,data:abc123]\n", false},
	} {
		t.Run(name, func(t *testing.T) {
			why, got := NewSet(nil, nil).Credential(inspected, []byte(test.content))
			if got != test.want {
				t.Errorf("Credential(%q) = %v (%s), want %v", test.content, got, why, test.want)
			}
		})
	}
}

func TestCredentialDependsOnTheName(t *testing.T) {
	set := NewSet(nil, nil)
	program := "package a\n\nvar token = Token{secret: \"a1b2c3d4e5f6\"}\n"
	for _, test := range []struct {
		path    workspace.Path
		content string
		want    bool
	}{
		{"src/token.go", program, false},
		{"vendor/a/token.go", program, false},
		{"secrets.py", "import os\nAPI_TOKEN = 'a1b2c3d4e5f6'\n", true},
		{"settings.py", "import os\nPASSWORD = 'hunter2'\n", true},
		{"token.yaml", "token: a1b2c3d4e5f6\n", true},
		{"lib/app.jar", "PK\x03\x04\x00", false},
		{"docs/logo.bin", "\x01\x00", false},
		{"docs/old.p12", "\x01\x00", true},
		// A file that is made for credentials need not have ones that look it; elsewhere words are just words.
		{"config/kubeconfig", "users:\n- user:\n    token: words-and-more-words\n", true},
		{"config/kubeconfig", "users: [{name: a, user: {token: words-and-more-words}}]\n", true},
		{"config/kubeconfig", "users: [{name: a, user: {token: <token>}}]\n", false},
		{"config/kubeconfig", "users: [{name: a, user: {token: ${TOKEN}, exec: null}}]\n", false},
		{"config/kubeconfig", "apiVersion: v1\nkind: Config\n", false},
		{"tokens.yaml", "token: words-and-more-words\n", false},
		{"users.sqlite", "SQLite format 3\x00", true},
		{"main.go", program, false},
		{"id_rsa.pub", "PASSWORD=hunter2\n", false},
	} {
		why, got := set.Credential(set.Decide(test.path, workspace.File), []byte(test.content))
		if got != test.want {
			t.Errorf("Credential of %q = %v (%s), want %v", test.path, got, why, test.want)
		}
	}
}

// Hostile content costs time in proportion to its size.
func TestCredentialIsLinear(t *testing.T) {
	set := NewSet(nil, nil)
	for _, unit := range []string{"password", "password=", "://", "a://b:", "authorization: basic ", "private key", "-----BEGIN PRIVATE " + "KEY-----", "\n", "k", "machine a "} {
		start := time.Now()
		set.Credential(inspected, bytes.Repeat([]byte(unit), (1<<20)/len(unit)))
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("1 MiB of %q took %s", unit, took)
		}
	}
}

func FuzzCredentialNeverPanics(f *testing.F) {
	for _, seed := range []string{"password=x", "token: |\n", "\xff\xfea", "0\x82\x01", "a://b:c@d", strings.Repeat("a.", 100) + "pwd=1234"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) { NewSet(nil, nil).Credential(inspected, content) })
}
