package scan

import "testing"

func TestPlaceholders(t *testing.T) {
	const token = "COFFERDAM_PRIVATE_KEY_ABCDEFGHIJKLM234"
	pem := "-----BEGIN RSA PRIVATE KEY-----\n" + token + "\n  " + token + "\n-----END RSA PRIVATE KEY-----"
	long := "q7RkVb2Xw9LmTz4PcYh8"
	for secret, want := range map[string]bool{
		token: true, pem: true, "admin:" + token: true, "postgres://app:" + token + "@db.example.com:5432/app?sslmode=require": true,
		"": false, "COFFERDAM_": false, token[:20]: false, long: false, token + long: false, long + token: false,
	} {
		if got := placeholders(secret); got != want {
			t.Errorf("placeholders(%q) = %v, want %v", secret, got, want)
		}
	}
}
