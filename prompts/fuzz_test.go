package prompts_test

import (
	"strings"
	"testing"

	"kerbside/prompts"
)

// FuzzParseExtraction reads what a language model is asked: a text always stands between markers, whatever the file.
func FuzzParseExtraction(f *testing.F) {
	const good = "---\nname: x\nversion: 1\n---\n## system\nRead.\n## user\n{marker}\n{text}\n{marker}\n"
	for _, s := range []string{good, strings.Replace(good, "{text}", "{text}{text}", 1), good[:40], "", "---\n---\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, file string) {
		p, err := prompts.ParseExtraction(file)
		if err != nil {
			return
		}
		const said = "words\x00of a family {marker} {visit_date} {text}"
		asked := p.Ask("", "MARK", said)
		before, after, ok := strings.Cut(asked, said)
		if !ok || !strings.Contains(before, "MARK") || !strings.Contains(after, "MARK") {
			t.Fatalf("%q is asked as %q", file, asked)
		}
	})
}
