package prompts_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"kerbside/prompts"
)

func TestExtraction(t *testing.T) {
	p, err := prompts.LoadExtraction()
	if err != nil {
		t.Fatal(err)
	}
	if p.Name != "proposals" || p.Version == "" {
		t.Errorf("%q %q", p.Name, p.Version)
	}
	// What is dictated is not a template, even when somebody spells out the place holders.
	asked := p.Ask("2026-03-03", "=== 1f ===", "Say {marker} and {text} and {visit_date}.")
	if !strings.Contains(asked, "=== 1f ===\nSay {marker} and {text} and {visit_date}.\n=== 1f ===") || strings.Count(asked, "=== 1f ===") != 2 || !strings.Contains(asked, "on 2026-03-03.") {
		t.Errorf("%s", asked)
	}
	own := "---\nname: proposals\nversion: council-3\n---\n## system\nBe brief.\n## user\n{marker}\n{text}\n{marker}\n"
	if p, err = prompts.LoadExtraction(fstest.MapFS{"proposals.prompt": {Data: []byte(own)}}, fstest.MapFS{}); err != nil || p.Version != "council-3" || p.System != "Be brief." {
		t.Errorf("%+v, %v", p, err)
	}
	for name, file := range map[string]string{
		"no front matter": "## system\n", "no version": "---\nname: x\n---\n## system\na\n## user\n{marker}{text}{marker}", "no user part": "---\nname: x\nversion: 1\n---\n## system\na\n",
		"no text": strings.Replace(own, "{text}", "", 1), "no end marker": strings.Replace(own, "{text}\n{marker}", "{text}", 1), "text twice": own + "{text}", "another key": strings.Replace(own, "name:", "tone: a\nname:", 1),
	} {
		if _, err := prompts.ParseExtraction(file); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
