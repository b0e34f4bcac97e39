package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"kerbside"
	"kerbside/draft"
	"kerbside/extract"
	"kerbside/extract/llm"
	"kerbside/prompts"
)

// model serves one answer to every question, as a language model would.
func model(t *testing.T, answer string) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer sk-secret" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		b, _ := json.Marshal(answer)
		fmt.Fprintf(w, "data: {\"choices\": [{\"index\": 0, \"delta\": {\"content\": %s}, \"finish_reason\": \"stop\"}]}\n\ndata: [DONE]\n\n", b)
	}))
	t.Cleanup(server.Close)
	return server
}

// program runs a command line in this process.
func program(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), append([]string{"kerbside"}, args...), strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

const modelText = "Home visit on 3 March at four. Mum, Orla Kemp, and Jude were in. The television was on in the front room. Jude told me he gets scared when Rick shouts. I will ring the school by Friday."

const modelAnswer = `{"risks": [{"quote": "the television was on", "polarity": "affirmed", "temporality": "current", "attribution": "observed", "who": ""},
 {"quote": "Rick has a knife", "polarity": "affirmed", "temporality": "current", "attribution": "child_said", "who": "Jude"},
 {"quote": "gets scared when Rick shouts", "polarity": "negated", "temporality": "current", "attribution": "child_said", "who": "Jude"}],
 "strengths": [], "actions": [], "child_voice": [], "people": [{"quote": "Home visit", "name": "Dracula", "role": "lodger", "presence": "present"}],
 "visit": [{"quote": "Mum, Orla Kemp, and Jude were in", "field": "seen_alone", "value": "yes"}, {"quote": "in the front room", "field": "place", "value": "front room"}]}`

func TestExtractWithModel(t *testing.T) {
	path := filepath.Join(t.TempDir(), "note.txt")
	if err := os.WriteFile(path, []byte(modelText), 0o600); err != nil {
		t.Fatal(err)
	}
	server := model(t, modelAnswer)
	t.Setenv(llmKeyVariable, "sk-secret")
	_, alone, _ := program(t, "extract", path, "--visit-date", "2026-03-03")
	t.Setenv("KERBSIDE_LLM_URL", server.URL)
	t.Setenv("KERBSIDE_LLM_MODEL", "scripted")
	code, out, errs := program(t, "--json", "extract", path, "--visit-date", "2026-03-03")
	if code != exitDone {
		t.Fatalf("%d: %s", code, errs)
	}
	if err := conforms(recordSchema, []byte(out)); err != nil {
		t.Error(err)
	}
	for _, w := range []string{"knife", "Dracula", "lodger", "sk-secret"} {
		if strings.Contains(out, w) || strings.Contains(errs, w) {
			t.Errorf("%q got out", w)
		}
	}
	var r kerbside.Record
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatal(err)
	}
	if n := len(r.Risks); n == 0 || r.Risks[n-1].Standing != kerbside.Proposed || r.Risks[n-1].Text != "The television was on" {
		t.Errorf("risks: %+v", r.Risks)
	}
	if r.Proposals == nil || r.Proposals.Engine != "llm/1 scripted proposals/1" || r.Visit.SeenAlone.Value == kerbside.Yes || r.Warnings[len(r.Warnings)-1].Code != kerbside.WarnEngines {
		t.Errorf("proposals: %+v, warnings: %+v", r.Proposals, r.Warnings)
	}
	if !strings.Contains(errs, `"the language model reads"`) {
		t.Errorf("no progress: %s", errs)
	}
	// The rules are chosen by name, and are what is left when the model cannot be used.
	if _, out, _ := program(t, "extract", path, "--visit-date", "2026-03-03", "--engine", "rules"); out != alone {
		t.Error("--engine rules is not the rules' record")
	}
	t.Setenv(llmKeyVariable, "wrong")
	code, out, errs = program(t, "extract", path, "--visit-date", "2026-03-03")
	if code != exitDone || strings.Contains(errs, "Jude") || !strings.Contains(out, kerbside.WarnModelDown) {
		t.Errorf("%d: %s", code, errs)
	}
}

func TestEngineOptions(t *testing.T) {
	path := filepath.Join(t.TempDir(), "note.txt")
	if err := os.WriteFile(path, []byte(modelText), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--engine", "both"}, exitUsage, "needs a language model"}, {[]string{"--engine", "llm"}, exitUsage, "needs a language model"},
		{[]string{"--engine", "oracle"}, exitUsage, "There is no engine"}, {[]string{"--llm-url", "http://127.0.0.1:1"}, exitUsage, "--llm-model"},
		{[]string{"--llm-url", "http://user:sk-secret@127.0.0.1", "--llm-model", "m"}, exitUsage, llmKeyVariable},
	} {
		if code, _, errs := program(t, append([]string{"extract", path}, c.args...)...); code != c.code || !strings.Contains(errs, c.says) || strings.Contains(errs, "sk-secret") {
			t.Errorf("%q: %d, %s", c.args, code, errs)
		}
	}
	if code, _, errs := program(t, "draft", path, "--audience", "court", "--engine", "both"); code != exitUsage {
		t.Errorf("draft: %d, %s", code, errs)
	}
	// A council's own words for the model, and ones that would leave the note out.
	own := t.TempDir()
	prompt := filepath.Join(own, "proposals.prompt")
	for text, says := range map[string]string{"---\nname: ours\nversion: 3\n---\n## system\nHelp.\n## user\n{marker}\n{text}\n{marker}\n": "", "---\nname: ours\nversion: 3\n---\n## system\nHelp.\n## user\nMake it up.\n": "proposals.prompt does not do"} {
		if err := os.WriteFile(prompt, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		server := model(t, modelAnswer)
		t.Setenv(llmKeyVariable, "sk-secret")
		code, out, errs := program(t, "draft", path, "--audience", "court", "--templates", own, "--llm-url", server.URL, "--llm-model", "m")
		if (code == exitDone) != (says == "") || !strings.Contains(errs, says) || says == "" && out == "" {
			t.Errorf("%q: %d, %s", text, code, errs)
		}
	}
	// Another engine makes another record: what an earlier run made with the first is not taken for done.
	rules, both := &pipeline{engine: engineRules}, &pipeline{engine: "both m"}
	if rules.parameters() == both.parameters() {
		t.Error("the engine is not among what decides a result")
	}
}

// TestDraftsWithModel holds that what a model proposed enters no draft before a person has accepted it, and then does.
func TestDraftsWithModel(t *testing.T) {
	server := model(t, modelAnswer)
	engine, err := llm.New(llm.Options{URL: server.URL, Model: "scripted", Key: "sk-secret"})
	if err != nil {
		t.Fatal(err)
	}
	rules, err := extract.NewRules(extract.Options{})
	if err != nil {
		t.Fatal(err)
	}
	set, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	drafter, err := draft.New(set, draft.Options{})
	if err != nil {
		t.Fatal(err)
	}
	transcript, err := kerbside.TypedTranscript(modelText)
	if err != nil {
		t.Fatal(err)
	}
	sources := []*kerbside.Source{kerbside.NewSource(transcript)}
	make := func(x kerbside.Extractor) *kerbside.Record {
		r, err := x.Extract(t.Context(), sources, kerbside.ExtractOptions{VisitDate: "2026-03-03", HintFrom: "option"})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	drafts := func(r *kerbside.Record) string {
		var all strings.Builder
		for _, audience := range kerbside.Audiences() {
			d, err := drafter.Draft(t.Context(), r, sources, kerbside.DraftOptions{Audience: audience})
			if err != nil {
				t.Fatal(err)
			}
			b, err := json.Marshal(d)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(b)
		}
		return all.String()
	}
	plain, assisted := make(rules), make(extract.NewAssisted(rules, engine, extract.AssistedOptions{}))
	before := drafts(assisted)
	if before != drafts(plain) {
		t.Error("drafts differ although nobody accepted anything")
	}
	if strings.Contains(before, "television") {
		t.Fatal("a proposal is in a draft")
	}
	accepted := 0
	for i := range assisted.Risks {
		if assisted.Risks[i].Standing == kerbside.Proposed {
			assisted.Risks[i].Standing = kerbside.Accepted
			accepted++
		}
	}
	if accepted != 1 || !strings.Contains(strings.ToLower(drafts(assisted)), "television") {
		t.Errorf("%d accepted, and not in a draft", accepted)
	}
}

func TestEval(t *testing.T) {
	const cases = "../../extract/score/testdata/cases"
	code, out, errs := program(t, "eval", cases)
	if code != exitDone || !strings.Contains(out, "engine rules, text careful\ncases 4,") || !strings.Contains(out, "visit.seen_alone") || strings.Contains(out, "Rosalind") {
		t.Fatalf("%d: %s%s", code, out, errs)
	}
	type figures struct {
		Engine, Text string
		Cases, Lost  int
		Absent       int
		Groups       map[string]struct{ Matched, Predicted int }
	}
	measure := func(args ...string) (f figures) {
		t.Helper()
		code, out, errs := program(t, append([]string{"eval", cases, "--json"}, args...)...)
		if code != exitDone {
			t.Fatalf("%v: %d: %s", args, code, errs)
		}
		if err := json.Unmarshal([]byte(out), &f); err != nil {
			t.Fatal(err)
		}
		return f
	}
	careful, plain := measure(), measure("--plain")
	if careful.Cases != 4 || careful.Groups["attendees"].Matched < 10 || plain.Text != "plain" || plain.Groups["attendees"].Matched == 0 {
		t.Errorf("%+v, %+v", careful, plain)
	}
	// Transcripts: of one case, in which "bruises" was heard as something else and the end was not heard.
	dir := t.TempDir()
	transcript, err := kerbside.TypedTranscript("Child in need visit to the Harkers on Tuesday 12th May at ten past four. Mum, Rosalind Harker, and Tam, who is nine, were in. I saw Tam by himself. " +
		"Tam told me that he is scared of Uncle Vic when Vic drinks. There were no bruces on him.")
	if err != nil {
		t.Fatal(err)
	}
	if err := writeJSONFile(filepath.Join(dir, "score-1", "transcript.json"), transcript); err != nil {
		t.Fatal(err)
	}
	if heard := measure("--transcripts", dir); heard.Cases != 1 || heard.Absent != 3 || heard.Lost == 0 || heard.Groups["child_voice"].Matched != 1 {
		t.Errorf("%+v", heard)
	}
	text := t.TempDir()
	if err := writeFile(filepath.Join(text, "score-1.json"), []byte("Mum, Rosalind Harker, was in.")); err != nil {
		t.Fatal(err)
	}
	if code, _, errs := program(t, "eval", cases, "--transcripts", text); code != exitFailed || !strings.Contains(errs, "is not a transcript") || strings.Contains(errs, "Harker") {
		t.Errorf("a text for a transcript: %d: %s", code, errs)
	}
	if code, _, _ := program(t, "eval", cases, "--transcripts", t.TempDir()); code != exitFailed {
		t.Errorf("no transcripts: %d", code)
	}
	if code, _, _ := program(t, "eval", cases, "--plain", "--transcripts", dir); code != exitUsage {
		t.Errorf("plain and transcripts: %d", code)
	}
	if code, _, _ := program(t, "eval"); code != exitUsage {
		t.Errorf("no folder: %d", code)
	}
	// Drafts are of the same words, and options that would do nothing there are refused.
	drafts := func(args ...string) string {
		code, out, errs := program(t, append([]string{"eval", cases, "--drafts"}, args...)...)
		if code != exitDone {
			t.Fatalf("%v: %d: %s", args, code, errs)
		}
		return out
	}
	if c, p, h := drafts(), drafts("--plain"), drafts("--transcripts", dir); !strings.HasPrefix(c, "4 cases, ") || !strings.HasPrefix(p, "4 cases, ") || c == p || !strings.HasPrefix(h, "1 cases, ") {
		t.Errorf("%s%s%s", c, p, h)
	}
	for _, args := range [][]string{{"--drafts", "--records", dir}, {"--drafts", "--details"}} {
		if code, _, _ := program(t, append([]string{"eval", cases}, args...)...); code != exitUsage {
			t.Errorf("%v: %d", args, code)
		}
	}
	if code, _, errs := program(t, "eval", cases, "--checklists", filepath.Join(dir, "none")); code != exitFailed || !strings.Contains(errs, "There is no folder") {
		t.Errorf("a checklist that is not there: %d: %s", code, errs)
	}
	// A model alone is measured through the gate, and beside the rules it only adds.
	server := model(t, `{"risks": [{"quote": "he is scared of Uncle Vic when Vic drinks", "polarity": "affirmed", "temporality": "current", "attribution": "child_said", "who": "Tam"}]}`)
	t.Setenv(llmKeyVariable, "sk-secret")
	alone := measure("--engine", "llm", "--llm-url", server.URL, "--llm-model", "m")
	both := measure("--engine", "both", "--llm-url", server.URL, "--llm-model", "m")
	if alone.Groups["risks"].Matched != 1 || alone.Groups["attendees"].Predicted != 0 || both.Groups["risks"] != careful.Groups["risks"] || !strings.Contains(both.Engine, "rules and llm/1 m") {
		t.Errorf("%+v, %+v", alone, both)
	}
	// What the model did not read is told; where that is all of it, nothing is measured.
	var asked atomic.Int32
	tired := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) > 1 {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		server.Config.Handler.ServeHTTP(w, r)
	}))
	defer tired.Close()
	code, out, errs = program(t, "eval", cases, "--llm-url", tired.URL, "--llm-model", "m")
	if code != exitDone || !strings.Contains(out, "(the model read nothing of 3 cases, and 0 in part)") {
		t.Errorf("%d: %s%s", code, out, errs)
	}
	if code, out, errs := program(t, "eval", cases, "--llm-url", tired.URL, "--llm-model", "m"); code != exitFailed || out != "" || !strings.Contains(errs, "read none of the cases") {
		t.Errorf("%d: %s%s", code, out, errs)
	}
	for _, args := range [][]string{{"--llm-model", "m"}, {"--llm-url", "elsewhere", "--llm-model", "m"}, {"--llm-url", tired.URL}, {"--llm-url", tired.URL, "--llm-model", "m", "--llm-timeout", "0s"}} {
		if code, _, errs := program(t, append([]string{"eval", cases}, args...)...); code != exitUsage {
			t.Errorf("%v: %d: %s", args, code, errs)
		}
	}
}

// TestModelThatWasDown wants what was made while a language model's server was down to be made again when it is up, from the words that are there, and
// once only.
func TestModelThatWasDown(t *testing.T) {
	t.Chdir(t.TempDir())
	const note = "in/note.txt"
	if err := writeFile(note, []byte(modelText)); err != nil {
		t.Fatal(err)
	}
	up, asked := false, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if !up {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		b, _ := json.Marshal(modelAnswer)
		fmt.Fprintf(w, "data: {\"choices\": [{\"index\": 0, \"delta\": {\"content\": %s}, \"finish_reason\": \"stop\"}]}\n\ndata: [DONE]\n\n", b)
	}))
	defer server.Close()
	run := func(want string, args ...string) string {
		t.Helper()
		code, out, errs := program(t, append(args, "--visit-date", "2026-03-03", "--llm-url", server.URL, "--llm-model", "scripted")...)
		if code != exitDone || !strings.Contains(out+errs, want) || strings.Contains(errs, "Jude") {
			t.Errorf("%v: %d: %s%s, want %q", args, code, out, errs, want)
		}
		return errs
	}
	has := func(path, want string) bool {
		t.Helper()
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(b), want)
	}
	const again = "The language model could not be used. The same command asks it again."
	for _, command := range [][]string{{"process", note, "--out", "one"}, {"batch", "in", "--out", "all"}} {
		record := filepath.Join(command[3], "note", "record.json")
		up = false
		run(again, command...)
		run(again, command...)
		if !has(record, kerbside.WarnModelDown) {
			t.Errorf("%v: the record does not say that the model was down", command)
		}
		if command[0] == "batch" && !has("all/manifest.csv", "in/note.txt,done,0.0,") || command[0] == "batch" && !has("all/manifest.csv", again) {
			t.Error("the manifest does not say that the model was down")
		}
		// The words are not made again: the transcript is there.
		transcript, err := os.Stat(filepath.Join(command[3], "note", "transcript.json"))
		if err != nil {
			t.Fatal(err)
		}
		up = true
		if errs := run("38 words", command...); strings.Contains(errs, "unchanged") || strings.Contains(errs, again) {
			t.Errorf("%v: %s", command, errs)
		}
		if has(record, kerbside.WarnModelDown) || !has(record, `"proposed"`) {
			t.Errorf("%v: the model was not asked again", command)
		}
		if after, err := os.Stat(filepath.Join(command[3], "note", "transcript.json")); err != nil || !after.ModTime().Equal(transcript.ModTime()) {
			t.Errorf("%v: the words were made again", command)
		}
		if command[0] == "batch" && has("all/manifest.csv", again) {
			t.Error("the manifest still says that the model was down")
		}
		before := asked
		run("unchanged", command...)
		if asked != before {
			t.Errorf("%v: the model was asked once more", command)
		}
	}
	// What it read in part is kept when it is down again, and is asked for again.
	record := filepath.Join("one", "note", "record.json")
	var r kerbside.Record
	b, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	r.Warnings = append(r.Warnings, kerbside.Warning{Code: kerbside.WarnModelPartial, Text: "A part.", Evidence: kerbside.List[kerbside.Evidence]{}})
	if err := writeJSONFile(record, r); err != nil {
		t.Fatal(err)
	}
	up = false
	run("read a part only", "process", note, "--out", "one")
	if !has(record, `"proposed"`) || has(record, kerbside.WarnModelDown) {
		t.Error("what the model had read is gone")
	}
	up = true
	run("38 words", "process", note, "--out", "one")
	if has(record, kerbside.WarnModelPartial) {
		t.Error("the model was not asked for the rest")
	}
}
