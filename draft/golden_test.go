package draft_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"kerbside"
	"kerbside/draft"
	"kerbside/export"
	"kerbside/prompts"
)

var update = flag.Bool("update", false, "write the golden drafts anew; read them as their readers before committing them")

func newDrafter(t testing.TB) *draft.Drafter {
	t.Helper()
	set, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	d, err := draft.New(set, draft.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var families = map[string]func(testing.TB) *family{"siblings": siblings, "no-access": noAccess, "looked-after": lookedAfter, "secrets": secrets}

func (f *family) draft(d *draft.Drafter, o kerbside.DraftOptions) *kerbside.Draft {
	f.t.Helper()
	out, err := d.Draft(f.t.Context(), f.r, []*kerbside.Source{f.src}, o)
	if err != nil {
		f.t.Fatal(err)
	}
	return out
}

func TestGolden(t *testing.T) {
	d := newDrafter(t)
	for name, make := range families {
		f := make(t)
		for _, a := range kerbside.Audiences() {
			got := f.draft(d, kerbside.DraftOptions{Audience: a})
			var b bytes.Buffer
			if err := (export.Exporter{}).Export(&b, got, kerbside.ExportOptions{Format: kerbside.FormatMarkdown}); err != nil {
				t.Fatal(err)
			}
			b.WriteString("\n---\n")
			for _, w := range got.Withheld {
				b.WriteString("withheld " + w.Kind + ": " + w.Reason + "\n")
			}
			for _, o := range got.Omissions {
				b.WriteString("omitted " + o.Kind + ": " + o.Text + "\n")
			}
			path := filepath.Join("testdata", name, string(a)+".md")
			if *update {
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(b.Bytes(), want) {
				t.Errorf("%s differs; got:\n%s", path, b.String())
			}
		}
	}
}
