package main

import (
	"io"
	"testing"
)

func TestParse(t *testing.T) {
	for _, args := range [][]string{{"--rounds", "0"}, {"--threads", "0"}, {"--limit", "-1"}, {"clip.wav"}, {"--nonsense"}} {
		if _, err := parse(args, io.Discard); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
	o, err := parse([]string{"--rounds", "3", "--clips"}, io.Discard)
	if err != nil || o.rounds != 3 || !o.clips || o.threads < 1 {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestChosen(t *testing.T) {
	tools := allTools(&environment{}, 2)
	if got := chosen(allTools(&environment{}, 2), ""); len(got) != len(tools) {
		t.Errorf("%d of %d", len(got), len(tools))
	}
	if got := chosen(allTools(&environment{}, 2), "kerbside,q8_0, greedy,batched"); len(got) != 4 {
		t.Errorf("%d tools", len(got))
	}
	names := map[string]bool{}
	for _, tool := range tools {
		if names[tool.name] {
			t.Errorf("two tools are named %s", tool.name)
		}
		names[tool.name] = true
	}
	if o, err := parse(nil, io.Discard); err != nil || !names[o.against] {
		t.Errorf("ratios are against %q, which is no tool", o.against)
	}
}
