package table

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kerbside"
)

// ProfileSchema is the value of [Profile.Schema].
const ProfileSchema = "kerbside.profile/v1"

//go:embed profiles/*.json
var builtIn embed.FS

// Profile maps what Kerbside knows of a visit to the columns of a table.
type Profile struct {
	Schema  string              `json:"schema"`
	Name    string              `json:"name"` // also that of its file
	Title   string              `json:"title"`
	Note    string              `json:"note,omitempty"` // for whoever looks after it
	Format  string              `json:"format"`         // "csv" or "json"
	Rows    string              `json:"rows"`           // what there is a row for: "visit", "child", "action", "risk", "strength", "voice"
	Only    map[string][]string `json:"only,omitempty"` // conditions: a field and the values that it may have
	Columns []Column            `json:"columns"`
	BOM     bool                `json:"bom,omitempty"` // begin with a byte order mark, as Excel wants it
	// Unguarded leaves text that looks like a formula as it is: for files that a program reads and nobody opens in a spreadsheet.
	Unguarded bool `json:"unguarded,omitempty"`
	BuiltIn   bool `json:"-"`
}

// Column is one column: a field, or a value that is always the same.
type Column struct {
	Name   string            `json:"name"`
	From   string            `json:"from,omitempty"`
	Value  string            `json:"value,omitempty"`
	Values map[string]string `json:"values,omitempty"` // from a field's fixed values to the other system's; all of them
	Date   string            `json:"date,omitempty"`   // dd, mm, yyyy and what stands between them; 2026-03-03 where empty
	Max    int               `json:"max,omitempty"`    // characters that the other system takes; 0 where it takes any
}

// File is the name of the file that the profile gives.
func (p *Profile) File() string { return p.Name + "." + p.Format }

func (p *Profile) conditions() []string { return slices.Sorted(maps.Keys(p.Only)) }

// guarded is a cell's text for a spreadsheet. Only what can be anybody's words is looked at; ids and dates stay as they are.
func (c Column) guarded(v string) string {
	if c.From == "" || c.Values != nil {
		return v
	}
	switch f, _ := fieldOf(c.From); {
	case f.kind == kindText, f.kind == kindReference && !plainReference(v):
		return Guard(v)
	}
	return v
}

func dateLayout(s string) string {
	return strings.NewReplacer("yyyy", "2006", "yy", "06", "mm", "01", "dd", "02").Replace(s)
}

// Profiles gives the built-in profiles and those of the *.json files in a folder, by name; the folder's take the place of built-in ones of
// the same name. An empty folder name is none. A profile that does not do is CodeInvalid.
func Profiles(dir string) ([]*Profile, error) {
	by := map[string]*Profile{}
	own, err := fs.Sub(builtIn, "profiles")
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, "table.Profiles", "", err)
	}
	if err := load(own, true, by); err != nil {
		return nil, err
	}
	if dir != "" {
		if _, err := os.Stat(dir); err != nil {
			return nil, kerbside.E(kerbside.CodeInvalid, "table.Profiles", fmt.Sprintf("There is no folder of profiles %q.", dir), err)
		}
		if err := load(os.DirFS(dir), false, by); err != nil {
			return nil, err
		}
	}
	var out []*Profile
	for _, name := range slices.Sorted(maps.Keys(by)) {
		out = append(out, by[name])
	}
	return out, nil
}

func load(from fs.FS, builtIn bool, into map[string]*Profile) error {
	names, err := fs.Glob(from, "*.json")
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, "table.load", "", err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(from, name)
		if err != nil {
			return kerbside.E(kerbside.CodeInvalid, "table.load", fmt.Sprintf("The profile %q cannot be read.", name), err)
		}
		p, err := Parse(b)
		if err == nil && p.Name != strings.TrimSuffix(filepath.Base(name), ".json") {
			err = kerbside.E(kerbside.CodeInvalid, "table.load", fmt.Sprintf("its name is %q; name the file so too", p.Name), nil)
		}
		if err != nil {
			return kerbside.E(kerbside.CodeInvalid, "table.load", fmt.Sprintf("The profile %q: %s", name, kerbside.MessageOf(err)), err)
		}
		p.BuiltIn = builtIn
		into[p.Name] = p
	}
	return nil
}

// Parse reads a profile and checks it; the message of its error says all that is wrong.
func Parse(b []byte) (*Profile, error) {
	const op = "table.Parse"
	var p Profile
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(&p); err != nil {
		return nil, kerbside.E(kerbside.CodeInvalid, op, formFault(err, b, d.InputOffset()), nil)
	}
	if d.More() {
		return nil, kerbside.E(kerbside.CodeInvalid, op, "there is something after it", nil)
	}
	if faults := p.check(); len(faults) > 0 {
		return nil, kerbside.E(kerbside.CodeInvalid, op, strings.Join(faults, "; "), errors.New("profile "+p.Name))
	}
	return &p, nil
}

// formFault says in which line a profile is no profile in JSON, and why; read is how far it was read, in bytes. A profile holds nothing of a family, so a key of
// it may be shown.
func formFault(err error, b []byte, read int64) string {
	why := "it is not JSON"
	var form *json.UnmarshalTypeError
	switch unknown, ok := strings.CutPrefix(err.Error(), "json: unknown field "); {
	case ok:
		why = "there is no key " + unknown
	case errors.As(err, &form) && form.Field == "":
		why = "it is not an object"
	case errors.As(err, &form):
		why = fmt.Sprintf("%s cannot be %s", form.Field, article(form.Value))
	}
	return fmt.Sprintf("near line %d: %s", kerbside.JSONLine(b, read, err), why)
}

// article puts "a" or "an" before the name of a kind of JSON value.
func article(kind string) string {
	kind, _, _ = strings.Cut(kind, " ") // "number 1.5"
	if kind == "array" || kind == "object" {
		return "an " + kind
	}
	return "a " + kind
}

func (p *Profile) check() []string {
	var faults []string
	fault := func(format string, a ...any) { faults = append(faults, fmt.Sprintf(format, a...)) }
	if p.Schema != ProfileSchema {
		fault("its schema is not %s", ProfileSchema)
	}
	if p.Name == "" || strings.Trim(p.Name, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
		fault("its name may have small letters, digits, - and _")
	}
	if p.Format != "csv" && p.Format != "json" {
		fault("its format is neither csv nor json")
	}
	if !slices.Contains(rowKinds(), p.Rows) {
		fault("its rows are none of %s", strings.Join(rowKinds(), ", "))
	}
	if len(p.Columns) == 0 {
		fault("it has no columns")
	}
	for _, name := range p.conditions() {
		f, ok := p.field(name)
		if !ok {
			fault("the condition on %q: there is no such field in its rows", name)
			continue
		}
		for _, v := range p.Only[name] {
			if f.values != nil && !slices.Contains(f.values, v) {
				fault("the condition on %s: it is never %q", name, v)
			}
		}
	}
	names := map[string]bool{}
	for i, c := range p.Columns {
		where := fmt.Sprintf("column %d (%s)", i+1, c.Name)
		if c.Name == "" || names[c.Name] {
			fault("%s has no name of its own", where)
		}
		names[c.Name] = true
		faults = append(faults, p.checkColumn(c, where)...)
	}
	return faults
}

func (p *Profile) checkColumn(c Column, where string) []string {
	var faults []string
	fault := func(format string, a ...any) { faults = append(faults, where+" "+fmt.Sprintf(format, a...)) }
	if c.From == "" {
		if c.Values != nil || c.Date != "" {
			fault("has no field to map")
		}
		return faults
	}
	if c.Value != "" {
		fault("has a field and a value")
	}
	f, ok := p.field(c.From)
	if !ok {
		fault("is from %q, which is no field of its rows", c.From)
		return faults
	}
	if c.Values != nil && f.values == nil {
		fault("maps the values of %s, which may have any", c.From)
	}
	for _, v := range f.values {
		if _, mapped := c.Values[v]; c.Values != nil && !mapped {
			fault("says nothing of the value %q of %s", v, c.From)
		}
	}
	for v := range c.Values {
		if f.values != nil && !slices.Contains(f.values, v) {
			fault("maps %q, which %s never is", v, c.From)
		}
	}
	if c.Date != "" && (f.kind != kindDate || !strings.Contains(c.Date, "dd") || !strings.Contains(c.Date, "mm") || !strings.Contains(c.Date, "yy")) {
		fault("has a form of date without dd, mm and yyyy, or no date")
	}
	if c.Max < 0 {
		fault("has a length below 0")
	}
	return faults
}

// field finds a field that a row of the profile has.
func (p *Profile) field(name string) (field, bool) {
	f, ok := fieldOf(name)
	group, _, _ := strings.Cut(name, ".")
	return f, ok && (group == "visit" || group == "draft" || group == p.Rows)
}
