package fields

import (
	"errors"
	"testing"
)

// What is not surely understood is refused, and the error has nothing of the text in it.
func TestRefused(t *testing.T) {
	for _, test := range []struct{ path, text string }{
		{".env", "A=1\x00"}, {".env", "A=1\rB=2\n"}, {".env", "some words\n"}, {".env", "A='x\n' y\n"}, {".env", "A=x\\\ny\n"}, {".envrc", "export A=(\nxyz\n)\n"}, {".envrc", "cat <<EOF\nxyz\nEOF\n"},
		{".netrc", "machine a password"}, {".netrc", "password a"}, {".netrc", "machine a nonsense b"}, {".netrc", "machine a password \"b"}, {".pgpass", "a:b:c\n"}, {".git-credentials", "me:you\n"},
		{".htpasswd", "me\n"}, {".yarnrc", "key\n"}, {".yarnrc", "\"key value\n"}, {"inventory", "[a\n"}, {"inventory", "host a='b\n"}, {"inventory", "host a b=c\n"},
		{".npmrc", "some words\n"}, {"a.ini", "[a\nb=c\n"}, {"a.ini", "[a] b=c\n"}, {"a.ini", "= b\n"}, {".pypirc", "[a]\nb=c\\\nd=e\n"}, {"a.properties", "a=b\\"}, {"a.properties", "a=\\u12\n"},
		{"a.ini", "https://me:abcdefgh@host = 1\n"}, {"a.properties", "https://me:abcdefgh@host = 1\n"}, {"a.json", `{"https://me:abcdefgh@host": 1}`}, {"a.json", "{"}, {"a.json", "{a: 1}"}, {"a.json", "{'a': 1}"}, {"a.json", `{"a": 1} 2`}, {"a.json", `{"a": "\q"}`}, {"a.json", "{\"a\": \"b\nc\"}"}, {"a.json", `{"a": b}`}, {"a.json", "\xff"}, {"a.json", `{"a" 1}`}, {"a.json", "/* {"},
		{"a.yml", "a: [b"}, {"a.yml", "? [a]\n: b\n"}, {"a.yml", "*a : b\n"}, {"a.yml", "a: b: c\n"}, {"a.yml", "a: \u2028b\n"}, {"a.yml", "a:\n\tb: c\n"}, {"a.yml", "x: &a {b: c}\nkind: Secret\ndata: *a\n"}, {"a.yml", "x: &a {b: c}\ndata: {<<: *a}\n"}, {"a.yml", "https://me:abcdefgh@host: 1\n"}, {"a.yml", "a: \"b"}, {"a.yml", "a: <% if %> b: c\n"},
		{"a.toml", "a = \n"}, {"a.toml", "a = \"b\n"}, {"a.toml", "password = 'x'\npassword = 'y'\n"}, {"a.toml", "[a\n"},
		{"a.xml", "<a>"}, {"a.xml", "<a></b>"}, {"a.xml", "a"}, {"a.xml", "<a/><b/>"}, {"a.xml", "<a b=c/>"}, {"a.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"}, {"a.xml", "<a>&b;</a>"}, {"a.xml", ""},
		{"a.tfvars", "a = var.b\n"}, {"a.tfvars", "a = \"${b}\"\n"}, {"a.tfvars", "a = <<EOF\nb\n"}, {"a.tfvars", "a = [1 2]\n"}, {"a.tfvars", "a {\n"}, {"a.tfvars", "a\n"},
		{"wp-config.php", "text"}, {"wp-config.php", "<?php $a = <<<X\nb\nX;"}, {"wp-config.php", "<?php $a = 'b"}, {"wp-config.php", "<?php /* a"}, {"wp-config.php", "<?php $a = `b`;"},
		{".env", "A=COFFERDAM_PROOF_0000000000000000\n"},
	} {
		f, ok := Of(test.path, "")
		if !ok {
			t.Fatalf("Of(%q): no format", test.path)
		}
		if fields, err := f.Read([]byte(test.text)); !errors.Is(err, ErrStructure) {
			t.Errorf("Read(%q) as %s = %d fields, %v; want ErrStructure", test.text, f.Name, len(fields), err)
		}
	}
	if _, err := (Format{}).Read(nil); !errors.Is(err, ErrStructure) {
		t.Errorf("Read without a format = %v", err)
	}
}

func TestOf(t *testing.T) {
	for _, test := range []struct{ path, kind, want string }{
		{".env", "", "dotenv"}, {"a/b/.env.local", "", "dotenv"}, {"prod.env", "", "dotenv"}, {".ENV", "", "dotenv"}, {".env.bak", "", "dotenv"}, {"a/.envrc", "", "shell"}, {"secrets", "dotenv", "dotenv"},
		{"x/.docker/config.json", "", "docker config"}, {"config.json", "", "json"}, {".kube/config", "", "kubeconfig"}, {"prod", "kubernetes", "kubeconfig"}, {"a/secret.yaml", "", "yaml"}, {"config/secrets.yml", "", "secrets"},
		{".git/config", "", "git config"}, {"a/.aws/credentials", "", "aws"}, {"settings.xml", "", "xml"}, {"NuGet.Config", "", "nuget"}, {"Web.config", "", "xml"}, {"terraform.tfstate", "", "terraform"}, {"a.auto.tfvars", "", "hcl"},
		{"database.yml.bak", "", "yaml"}, {"database.yml~", "", "yaml"}, {"inventory/all.yml", "", "yaml"}, {"wp-config.php", "", "php"}, {"gradle.properties", "", "properties"}, {".mcp.json", "", "agent settings"},
		{"main.go", "", ""}, {"", "", ""}, {"a/", "", ""}, {"id_rsa", "ssh", ""}, {"[", "", ""},
	} {
		f, ok := Of(test.path, test.kind)
		if f.Name != test.want || ok != (test.want != "") {
			t.Errorf("Of(%q, %q) = %q, %v; want %q", test.path, test.kind, f.Name, ok, test.want)
		}
	}
}
