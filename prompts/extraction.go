package prompts

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed extract polish
var embeddedExtraction embed.FS

// Extraction is what a language model is asked. Its file is a front matter (name, version) and two parts, "## system" and
// "## user"; in the second, {visit_date}, {marker} and {text} are filled in.
type Extraction struct {
	Name, Version string
	System, User  string
}

// LoadExtraction reads the built-in prompt, or the one of the same name in the last of the folders that has it.
func LoadExtraction(folders ...fs.FS) (Extraction, error) {
	return load("extract", "proposals.prompt", folders)
}

// LoadPolish reads what a language model is asked to make of a draft's sentences, in the same way.
func LoadPolish(folders ...fs.FS) (Extraction, error) {
	return load("polish", "polish.prompt", folders)
}

func load(room, file string, folders []fs.FS) (Extraction, error) {
	builtin, err := fs.Sub(embeddedExtraction, room)
	if err != nil {
		return Extraction{}, fmt.Errorf("prompts: %w", err)
	}
	for i := len(folders) - 1; i >= 0; i-- {
		text, err := read(folders[i], file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return Extraction{}, fmt.Errorf("prompts: %w", err)
		}
		return ParseExtraction(text)
	}
	text, err := read(builtin, file)
	if err != nil {
		return Extraction{}, fmt.Errorf("prompts: %w", err)
	}
	return ParseExtraction(text)
}

// ParseExtraction reads one prompt file. It refuses one whose user part would leave out the text or the marker that encloses it.
func ParseExtraction(file string) (Extraction, error) {
	rest, ok := strings.CutPrefix(file, "---\n")
	front, body, ok2 := strings.Cut(rest, "\n---\n")
	if !ok || !ok2 {
		return Extraction{}, errors.New(`it must start with a front matter between two lines of "---"`)
	}
	kv, _, faults := keys(front, 1)
	if len(faults) > 0 {
		return Extraction{}, faults[0]
	}
	p := Extraction{Name: kv["name"], Version: kv["version"]}
	if p.Name == "" || p.Version == "" || len(kv) != 2 {
		return Extraction{}, errors.New("the front matter must hold name and version, and no more")
	}
	body, ok = strings.CutPrefix(body, "## system\n")
	p.System, p.User, ok2 = strings.Cut(body, "\n## user\n")
	if !ok || !ok2 || strings.TrimSpace(p.System) == "" {
		return Extraction{}, errors.New(`it must have the parts "## system" and "## user"`)
	}
	before, after, ok := strings.Cut(p.User, "{text}")
	if !ok || !strings.Contains(before, "{marker}") || !strings.Contains(after, "{marker}") || strings.Contains(after, "{text}") {
		return Extraction{}, errors.New("the user part must hold {text} once, with {marker} before and after it")
	}
	return p, nil
}

// Ask fills the user part in.
func (p Extraction) Ask(visitDate, marker, text string) string {
	if visitDate == "" {
		visitDate = "a day that is not known"
	}
	before, after, _ := strings.Cut(p.User, "{text}")
	fill := strings.NewReplacer("{visit_date}", visitDate, "{marker}", marker)
	return fill.Replace(before) + text + fill.Replace(after)
}
