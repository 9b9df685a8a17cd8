package fields

import (
	"encoding/json"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// A file of the format as large as they get: what is realistic, again and again.
func large(b *testing.B, path string, size int) (Format, []byte) {
	b.Helper()
	for _, r := range corpus(b) {
		if r.path == path {
			text, _ := r.expand(1)
			separator := map[string]string{"config/default.json": ",", ".kube/config": "---\n"}[path]
			long := strings.Repeat(text+separator, size/len(text))
			if separator == "," {
				long = "[" + long + "{}]"
			}
			f, _ := Of(path, "")
			return f, []byte(long)
		}
	}
	b.Fatal("no such file")
	return Format{}, nil
}

func benchmarkRead(b *testing.B, path string) {
	f, text := large(b, path, 200_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Read(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadDotenv(b *testing.B)     { benchmarkRead(b, ".env") }
func BenchmarkReadINI(b *testing.B)        { benchmarkRead(b, ".aws/credentials") }
func BenchmarkReadProperties(b *testing.B) { benchmarkRead(b, "gradle.properties") }
func BenchmarkReadJSON(b *testing.B)       { benchmarkRead(b, "config/default.json") }
func BenchmarkReadYAML(b *testing.B)       { benchmarkRead(b, ".kube/config") }

// The yardsticks: the libraries' parsers, once, over the same bytes.
func BenchmarkYardstickJSON(b *testing.B) {
	_, text := large(b, "config/default.json", 200_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		var v any
		if err := json.Unmarshal(text, &v); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkYardstickYAML(b *testing.B) {
	_, text := large(b, ".kube/config", 200_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		decoder := yaml.NewDecoder(strings.NewReader(string(text)))
		for {
			var n yaml.Node
			if decoder.Decode(&n) != nil {
				break
			}
		}
	}
}
