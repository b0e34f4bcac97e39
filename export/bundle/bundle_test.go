package bundle_test

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"kerbside"
	"kerbside/export/bundle"
)

// key is an installation's key.
type key struct {
	signer note.Signer
	public string
}

func newKey(t testing.TB) key {
	t.Helper()
	private, public, err := note.GenerateKey(rand.Reader, "test")
	if err != nil {
		t.Fatal(err)
	}
	s, err := note.NewSigner(private)
	if err != nil {
		t.Fatal(err)
	}
	return key{s, public}
}

func (k key) Sign(text string) (string, error) {
	b, err := note.Sign(&note.Note{Text: text}, k.signer)
	return string(b), err
}

func (k key) Verifier() string { return k.public }

func dossier() *kerbside.Dossier {
	at := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	return &kerbside.Dossier{
		Record: &kerbside.Record{Source: kerbside.RecordSource{Engine: "rules/1"}}, Approval: &kerbside.Approval{By: "Sam", At: at}, At: at,
		Transcripts: []*kerbside.Transcript{{ID: "t-1", Version: 2, Recording: kerbside.RecordingRef{ID: "r-1", SHA256: strings.Repeat("a", 64), DurationMS: 9000},
			Engine: kerbside.EngineRef{Name: "whisper.cpp", Version: "1.9.1", Model: "base-q8_0", ModelSHA256: strings.Repeat("b", 64)}}},
		Drafts:  []*kerbside.Draft{{Audience: kerbside.AudienceCourt, Template: kerbside.TemplateRef{Name: "court", Version: "1"}}},
		Reviews: []kerbside.Review{{Action: kerbside.ReviewApprove, By: "u-1", At: at, Covers: kerbside.List[kerbside.Covered]{{Document: "d-1", SHA256: "cc"}}}},
		Names:   map[kerbside.UserID]string{"u-1": "Sam"}, Versions: map[string]string{"kerbside": "v1"},
	}
}

var content = []bundle.Part{{"record.json", []byte("{}\n")}, {"drafts/court.txt", []byte("Zoë was seen.\n")}, {"empty", nil}}

func write(t testing.TB, k key, parts []bundle.Part) []byte {
	t.Helper()
	b, err := bundle.Write(dossier(), "v-1", "2026-03-03", parts, nil, k)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestWriteAndVerify(t *testing.T) {
	k := newKey(t)
	b := write(t, k, content)
	if !bytes.Equal(b, write(t, k, []bundle.Part{content[2], content[0], content[1]})) {
		t.Error("the same parts give other bytes")
	}
	m, err := bundle.Verify(b, k.public)
	if err != nil || len(m.Files) != 3 || m.Approval.By != "Sam" || m.Sounds[0].Model != "base-q8_0" || m.Decisions[0].By != "Sam" || m.MadeWith["kerbside"] != "v1" {
		t.Errorf("%+v %v", m, err)
	}
	// It is a ZIP to everybody else.
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil || len(z.File) != 5 {
		t.Fatal(err)
	}
	f, err := z.File[2].Open()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(f); err != nil || string(got) != "Zoë was seen.\n" {
		t.Errorf("%q %v", got, err)
	}
	path := filepath.Join(t.TempDir(), "b.zip")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.CommandContext(t.Context(), "python3", "-c", "import sys,zipfile; print(zipfile.ZipFile(sys.argv[1]).testzip())", path).CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != "None" {
		t.Errorf("Python: %s %v", out, err)
	}
	for _, bad := range []string{"/etc/passwd", "../x", "a/../../x", "", "a//b", `C:\x`, "manifest.json"} {
		if _, err := bundle.Write(dossier(), "v-1", "", []bundle.Part{{bad, nil}}, nil, k); err == nil {
			t.Errorf("%q is put in", bad)
		}
	}
}

// Every change of every byte is found, and every byte that is cut off or added.
func TestEveryByte(t *testing.T) {
	k := newKey(t)
	b := write(t, k, content)
	for i := range b {
		for _, flip := range []byte{1, 0x80} {
			changed := bytes.Clone(b)
			changed[i] ^= flip
			if _, err := bundle.Verify(changed, k.public); kerbside.CodeOf(err) != kerbside.CodeInvalid {
				t.Fatalf("byte %d of %d: %v", i, len(b), err)
			}
		}
		if _, err := bundle.Verify(b[:i], k.public); err == nil {
			t.Fatalf("cut at %d", i)
		}
	}
	for _, other := range [][]byte{append(bytes.Clone(b), 0), append([]byte{0}, b...), append(bytes.Clone(b), b...)} {
		if _, err := bundle.Verify(other, k.public); err == nil {
			t.Error("bytes before or after it are not found")
		}
	}
}

// What somebody does who can write ZIPs.
func TestTampering(t *testing.T) {
	k, other := newKey(t), newKey(t)
	b := write(t, k, content)
	repack := func(change func(name, body string) (string, string, bool), add ...string) []byte {
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		w := zip.NewWriter(&out)
		put := func(name, body string) {
			f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
			if err == nil {
				_, err = io.WriteString(f, body)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, f := range z.File {
			r, _ := f.Open()
			body, _ := io.ReadAll(r)
			if name, text, keep := change(f.Name, string(body)); keep {
				put(name, text)
			}
		}
		for _, name := range add {
			put(name, "x")
		}
		_ = w.Close()
		return out.Bytes()
	}
	same := func(name, body string) (string, string, bool) { return name, body, true }
	cases := map[string][]byte{
		"written anew": repack(same), "added": repack(same, "more.txt"), "added twice": repack(same, "record.json"),
		"removed":           repack(func(n, b string) (string, string, bool) { return n, b, n != "record.json" }),
		"changed":           repack(func(n, b string) (string, string, bool) { return n, strings.ReplaceAll(b, "Zoë", "Ann"), true }),
		"renamed":           repack(func(n, b string) (string, string, bool) { return strings.ReplaceAll(n, "court", "family"), b, true }),
		"signed by another": write(t, other, content), "no zip": []byte("PK"), "nothing": nil,
	}
	for name, b := range cases {
		if _, err := bundle.Verify(b, k.public); kerbside.CodeOf(err) != kerbside.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := bundle.Verify(b); err == nil || !strings.Contains(kerbside.MessageOf(err), k.public) {
		t.Errorf("without a key: %v", err)
	}
	if _, err := bundle.Verify(b, "nonsense", other.public, k.public); err != nil {
		t.Errorf("one of several keys: %v", err)
	}
}

func FuzzVerify(f *testing.F) {
	k := newKey(f)
	f.Add(write(f, k, content))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := bundle.Verify(b, k.public)
		if err == nil && fmt.Sprint(m.Key) != k.public {
			t.Error("verified without the key")
		}
	})
}
