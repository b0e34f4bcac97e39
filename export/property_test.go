package export_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/net/html"

	"kerbside"
	"kerbside/export"
	"kerbside/export/page"
)

// anyDraft makes a draft of any words.
func anyDraft(t testing.TB, r *rand.Rand) *dictation {
	pool := append(strings.Fields("Mia said that he shouts at mum and she hides under the covers when dad comes home late no bruises were seen"), nasty...)
	words := func(n int) string {
		var out []string
		for range 1 + r.IntN(n) {
			out = append(out, pool[r.IntN(len(pool))])
		}
		return strings.Join(out, " ")
	}
	d := dictate(t, strings.ToValidUTF8("x "+words(200), "?"))
	evidence := func() kerbside.Evidence {
		a := r.IntN(len(d.src.Words))
		return d.src.Evidence(a, min(a+r.IntN(12), len(d.src.Words)-1))
	}
	verdicts := []kerbside.Verdict{kerbside.VerdictQuoted, kerbside.VerdictSupported, kerbside.VerdictInferred, kerbside.VerdictStated}
	d.draft.Title, d.draft.Audience = words(4), kerbside.Audiences()[r.IntN(6)]
	for range r.IntN(5) {
		block := ""
		if r.IntN(4) > 0 {
			block = words(5)
		}
		for i := range 1 + r.IntN(6) {
			if r.IntN(5) == 0 {
				d.say(block, words(20)+" .", kerbside.VerdictBoilerplate, nil)
				continue
			}
			item := fmt.Sprint("r-", i)
			e := []kerbside.Evidence{evidence()}
			for range r.IntN(3) {
				e = append(e, evidence())
			}
			d.record.Risks = append(d.record.Risks, kerbside.Risk{ID: item, Text: words(4), Attribution: kerbside.Attribution{Kind: kerbside.AdultSaid, Who: words(2), Chain: kerbside.List[string]{words(2), words(1)}}, Evidence: e})
			d.say(block, words(40)+" .", verdicts[r.IntN(4)], []string{item}, e...)
		}
	}
	return d
}

// Whatever is said, readers that are not ours open every form of it, and find it whole.
func TestAnyDraftOpens(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../docs/draft-v1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 6))
		d := anyDraft(t, r)
		o := kerbside.ExportOptions{Citations: r.IntN(2) == 0, Record: d.record, Unapproved: r.IntN(2) == 0}
		if !o.Unapproved {
			o.Approval = &kerbside.Approval{By: nasty[r.IntN(len(nasty))], At: time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)}
		}
		for _, f := range kerbside.Formats() {
			o.Format = f
			out := d.export(o)
			if out != d.export(o) {
				t.Errorf("draft %d: %s differs the second time", seed, f)
			}
			var shown string
			switch f {
			case kerbside.FormatJSON:
				v, err := jsonschema.UnmarshalJSON(strings.NewReader(out))
				if err == nil {
					err = schema.Validate(v)
				}
				var back kerbside.Draft
				if err != nil || json.Unmarshal([]byte(out), &back) != nil || len(back.Sentences) != len(d.draft.Sentences) {
					t.Errorf("draft %d: %v", seed, err)
				}
				continue
			case kerbside.FormatDOCX:
				shown = wordText(parts(t, []byte(out))["word/document.xml"])
			case kerbside.FormatHTML:
				shown = htmlText(t, out)
			case kerbside.FormatPDF:
				path := filepath.Join(dir, "any.pdf")
				if err := os.WriteFile(path, []byte(out), 0o600); err != nil {
					t.Fatal(err)
				}
				shown = run(t, "pdftotext", "-raw", path, "-")
				run(t, "pdfinfo", "-struct-text", path)
			default:
				shown = out
				if !utf8.ValidString(out) || strings.ContainsAny(out, "\x00\x1b\u202e\r") {
					t.Errorf("draft %d: %s holds control characters", seed, f)
				}
			}
			for _, s := range d.draft.Sentences {
				if f == kerbside.FormatPDF && strings.ContainsAny(s.Text(), "שא") {
					continue // poppler gives lines in the order in which they are seen
				}
				if !strings.Contains(letters(shown), letters(page.Clean(s.Text()))) && f != kerbside.FormatPDF {
					t.Errorf("draft %d: %s lacks %q", seed, f, s.Text())
				}
			}
		}
	}
}

// wordText is the text of a Word document's body.
func wordText(xml string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(xml, "<w:t") {
		if _, text, ok := strings.Cut(part, ">"); ok {
			text, _, _ = strings.Cut(text, "</w:t>")
			b.WriteString(html.UnescapeString(text))
		}
	}
	return b.String()
}

func htmlText(t testing.TB, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		switch {
		case n.Type == html.ElementNode && (n.Data == "script" || n.Data == "img" || n.Data == "iframe" || n.Data == "b"):
			t.Errorf("an element <%s>", n.Data)
		case n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "a":
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

// BenchmarkExport writes one draft of a dictation of 1,500 words, 107 sentences, in each form.
func BenchmarkExport(b *testing.B) {
	d := dictate(b, strings.Repeat("Oliver said that he hides under the covers when dad starts shouting at night. ", 107))
	for i := range 107 {
		e := d.src.Evidence(14*i, 14*i+13)
		d.say(fmt.Sprint("Heading ", i/12), e.Quote+".", kerbside.VerdictQuoted, nil, e)
	}
	b.Logf("%d words, %d sentences", len(d.src.Words), len(d.draft.Sentences))
	for _, f := range kerbside.Formats() {
		for _, citations := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/citations=%t", f, citations), func(b *testing.B) {
				o := kerbside.ExportOptions{Format: f, Citations: citations, Record: d.record, Unapproved: true}
				var n counter
				for b.Loop() {
					n = 0
					if err := (export.Exporter{}).Export(&n, d.draft, o); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(n), "bytes")
			})
		}
	}
}

type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

var _ io.Writer = (*counter)(nil)

func FuzzExport(f *testing.F) {
	for _, s := range nasty {
		f.Add(s, "What I saw")
	}
	f.Fuzz(func(t *testing.T, text, block string) {
		d := dictate(t, "He gets scared.")
		s, err := kerbside.NewSentence(block, text, kerbside.VerdictSupported, nil, d.evidence("gets scared."))
		if err != nil {
			return
		}
		d.draft.Title, d.draft.Sentences = block, kerbside.List[kerbside.Sentence]{s}
		for _, format := range kerbside.Formats() {
			out := d.export(kerbside.ExportOptions{Format: format, Citations: true, Unapproved: true})
			switch format {
			case kerbside.FormatDOCX:
				parts(t, []byte(out))
			case kerbside.FormatPDF:
				if !strings.HasSuffix(out, "%%EOF\n") || !bytes.Contains([]byte(out), []byte("/StructTreeRoot")) {
					t.Error("no PDF")
				}
			case kerbside.FormatHTML:
				htmlText(t, out)
			}
		}
	})
}
