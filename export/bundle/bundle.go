// Package bundle puts everything about one visit into one file that shows by itself whether it is as it left: a ZIP of transcripts, record,
// drafts in all their forms and tables, with a manifest of hashes that is signed with the installation's key.
//
// A bundle holds no sound: the manifest names each recording's hash. It holds no path of the machine that it was made on.
package bundle

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"kerbside"
)

// Schema is the value of [Manifest.Schema].
const Schema = "kerbside.bundle/v1"

// The files beside what the manifest lists.
const (
	manifestName  = "manifest.json"
	signatureName = "manifest.sig"
)

// Signer signs texts with the installation's key.
type Signer interface {
	Sign(text string) (string, error) // as a signed note (golang.org/x/mod/sumdb/note)
	Verifier() string                 // the key that checks it, which may be given to anybody
}

// Manifest says what a bundle holds and where that comes from.
type Manifest struct {
	Schema    string                `json:"schema"`
	Visit     string                `json:"visit"`
	Date      string                `json:"date"` // of the visit, "" when it was not stated
	MadeAt    time.Time             `json:"made_at"`
	MadeWith  map[string]string     `json:"made_with"` // programs and versions
	Sounds    []Sound               `json:"recordings"`
	Extractor string                `json:"extractor"`
	Templates []Template            `json:"templates"`
	Approval  *kerbside.Approval    `json:"approval"` // null: nobody has approved it as it is
	Decisions []Decision            `json:"decisions"`
	Key       string                `json:"key"`      // that checks the signature; compare it with one that you had before
	LeftOut   kerbside.List[string] `json:"left_out"` // tables that could not be made of this visit, and why
	Files     kerbside.List[File]   `json:"files"`
}

// Sound is a recording and what wrote its words.
type Sound struct {
	Transcript  string         `json:"transcript"`
	Version     int            `json:"version"`
	Recording   string         `json:"recording"`
	SHA256      string         `json:"sha256"`
	DurationMS  int64          `json:"duration_ms"`
	Engine      string         `json:"engine"`
	EngineVer   string         `json:"engine_version"`
	Model       string         `json:"model"`
	ModelSHA256 string         `json:"model_sha256"`
	Parameters  map[string]any `json:"parameters"`
}

// Template is what a draft was composed with.
type Template struct {
	Audience kerbside.Audience `json:"audience"`
	Name     string            `json:"name"`
	Version  string            `json:"version"`
}

// Decision is what a person decided about exact versions.
type Decision struct {
	Action  string    `json:"action"`
	By      string    `json:"by"`
	At      time.Time `json:"at"`
	Comment string    `json:"comment,omitempty"`
	Covers  []string  `json:"covers"` // SHA-256 of what it was about
}

// File is one file of the bundle.
type File struct {
	Name   string `json:"name"`
	Bytes  int    `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Part is a file to put in.
type Part struct {
	Name string // with / between folders, relative
	Body []byte
}

// Write gives a bundle of parts.
func Write(d *kerbside.Dossier, id, date string, parts []Part, leftOut []string, s Signer) ([]byte, error) {
	const op = "bundle.Write"
	fail := func(err error) ([]byte, error) {
		return nil, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	parts = slices.Clone(parts)
	slices.SortFunc(parts, func(a, b Part) int { return cmp.Compare(a.Name, b.Name) })
	m := describe(d, id, date)
	m.Key, m.LeftOut = s.Verifier(), leftOut
	files := []file{{manifestName, nil}, {signatureName, nil}}
	for _, p := range parts {
		if !clean(p.Name) || files[len(files)-1].name == p.Name {
			return fail(fmt.Errorf("a part with a bad name"))
		}
		m.Files = append(m.Files, File{p.Name, len(p.Body), kerbside.HexSHA256(p.Body)})
		files = append(files, file{p.Name, p.Body})
	}
	var body bytes.Buffer
	e := json.NewEncoder(&body)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(m); err != nil {
		return fail(err)
	}
	signed, err := s.Sign(signedText(body.Bytes()))
	if err != nil {
		return fail(err)
	}
	files[0].body, files[1].body = body.Bytes(), []byte(signed)
	out, err := pack(files)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeTooLarge, op, "This visit is larger than one file may be. Export its parts one by one.", err)
	}
	return out, nil
}

// signedText is what is signed: it cannot be taken for anything else that the key signs.
func signedText(manifest []byte) string { return Schema + "\n" + kerbside.HexSHA256(manifest) + "\n" }

func describe(d *kerbside.Dossier, id, date string) *Manifest {
	m := &Manifest{Schema: Schema, Visit: id, Date: date, MadeAt: d.At.UTC(), MadeWith: d.Versions, Extractor: d.Record.Source.Engine, Approval: d.Approval, Sounds: []Sound{}, Templates: []Template{}, Decisions: []Decision{}}
	for _, t := range d.Transcripts {
		m.Sounds = append(m.Sounds, Sound{string(t.ID), t.Version, string(t.Recording.ID), t.Recording.SHA256, t.Recording.DurationMS, t.Engine.Name, t.Engine.Version, t.Engine.Model, t.Engine.ModelSHA256, t.Engine.Parameters})
	}
	for _, x := range d.Drafts {
		m.Templates = append(m.Templates, Template{x.Audience, x.Template.Name, x.Template.Version})
	}
	for _, r := range d.Reviews {
		x := Decision{Action: string(r.Action), By: d.Names[r.By], At: r.At.UTC(), Comment: r.Comment, Covers: []string{}}
		for _, c := range r.Covers {
			x.Covers = append(x.Covers, c.SHA256)
		}
		m.Decisions = append(m.Decisions, x)
	}
	return m
}

// clean reports whether a name stays below the folder that a bundle is unpacked in.
func clean(name string) bool {
	if name == "" || strings.ContainsAny(name, "\\:\x00") || strings.HasPrefix(name, "/") || name == manifestName || name == signatureName {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return true
}

// Verify reads a bundle and reports what is wrong with it: CodeInvalid when anything was changed, added or removed since it was signed, or
// when none of the keys signed it. It then gives the manifest as far as it could be read.
func Verify(b []byte, keys ...string) (*Manifest, error) {
	const op = "bundle.Verify"
	bad := func(message string, err error) error { return kerbside.E(kerbside.CodeInvalid, op, message, err) }
	const altered = "This bundle is not as it was when it was signed: "
	files, err := unpack(b)
	if err != nil {
		return nil, bad("This is no bundle, or it was altered: "+err.Error()+".", err)
	}
	if len(files) < 2 || files[0].name != manifestName || files[1].name != signatureName {
		return nil, bad("This is a ZIP file, but no bundle of Kerbside: it does not begin with a manifest and its signature.", nil)
	}
	var m Manifest
	if json.Unmarshal(files[0].body, &m) != nil || m.Schema != Schema {
		return nil, bad(altered+"its manifest cannot be read.", nil)
	}
	for i, f := range files[2:] {
		if i >= len(m.Files) {
			return &m, bad(fmt.Sprintf("%s%q was added.", altered, f.name), nil)
		}
		want := m.Files[i]
		switch {
		case !clean(f.name):
			return &m, bad(altered+"it holds a file whose name leads out of it.", nil)
		case f.name != want.Name:
			return &m, bad(fmt.Sprintf("%sin the place of %q stands %q.", altered, want.Name, f.name), nil)
		case len(f.body) != want.Bytes || kerbside.HexSHA256(f.body) != want.SHA256:
			return &m, bad(fmt.Sprintf("%s%q was changed.", altered, f.name), nil)
		}
	}
	if len(files)-2 < len(m.Files) {
		return &m, bad(fmt.Sprintf("%s%q is missing.", altered, m.Files[len(files)-2].Name), nil)
	}
	return &m, checkSignature(&m, files[0].body, files[1].body, keys)
}

func checkSignature(m *Manifest, manifest, signed []byte, keys []string) error {
	const op = "bundle.Verify"
	open := func(key string) bool {
		v, err := note.NewVerifier(key)
		if err != nil {
			return false
		}
		n, err := note.Open(signed, note.VerifierList(v))
		return err == nil && n.Text == signedText(manifest)
	}
	if !open(m.Key) {
		return kerbside.E(kerbside.CodeInvalid, op, "The signature of this bundle is not of its manifest: one of the two was changed.", nil)
	}
	if !slices.ContainsFunc(keys, func(k string) bool { return strings.TrimSpace(k) == m.Key && open(m.Key) }) {
		return kerbside.E(kerbside.CodeInvalid, op, "Nothing was changed since this bundle was signed, but it is not known here who signed it. Get the key from whoever sent it, by another way than the bundle, and give it with --key. The bundle says that it is "+m.Key+".", nil)
	}
	return nil
}
