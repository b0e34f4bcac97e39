// Package export writes what leaves the house: drafts in every form, tables for case systems, and a whole visit as one signed file.
//
// What is withheld and omitted is for the worker, and goes into JSON only: the other forms are for the reader. The same arguments give the
// same bytes: times are injected, nothing depends on the machine.
package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"

	"kerbside"
	"kerbside/export/bundle"
	"kerbside/export/calendar"
	"kerbside/export/docx"
	"kerbside/export/page"
	"kerbside/export/pdf"
	"kerbside/export/table"
)

// Exporter implements [kerbside.Exporter].
type Exporter struct {
	Signer   bundle.Signer    // needed for bundles only
	Profiles []*table.Profile // the tables of a bundle, but for examples
}

var _ kerbside.Exporter = Exporter{}

// Export implements [kerbside.Exporter]. Citations give, for each sentence, the words that it rests on, who said them and their time from
// the start of the recording.
func (Exporter) Export(w io.Writer, d *kerbside.Draft, o kerbside.ExportOptions) error {
	const op = "export.Export"
	if _, err := kerbside.ParseFormat(string(o.Format)); err != nil {
		return err
	}
	b, err := write(d, o)
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	if _, err := w.Write(b); err != nil {
		return kerbside.E(kerbside.CodeUnavailable, op, "The draft could not be written. It is kept; try again.", err)
	}
	return nil
}

// Bundle implements [kerbside.Exporter].
func (x Exporter) Bundle(w io.Writer, d *kerbside.Dossier) error {
	const op = "export.Bundle"
	if d.Record == nil {
		return kerbside.E(kerbside.CodeInvalid, op, "There is no record of this visit yet.", nil)
	}
	if x.Signer == nil {
		return kerbside.E(kerbside.CodeInternal, op, "", errors.New("no key to sign with"))
	}
	parts, leftOut, err := x.parts(d)
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	b, err := bundle.Write(d, table.VisitID(d), table.Day(d.Record), parts, leftOut, x.Signer)
	if err != nil {
		return err
	}
	if _, err := w.Write(b); err != nil {
		return kerbside.E(kerbside.CodeUnavailable, op, "The bundle could not be written. Everything in it is kept; try again.", err)
	}
	return nil
}

// Calendar implements [kerbside.Exporter].
func (Exporter) Calendar(w io.Writer, d []*kerbside.Dossier) error {
	const op = "export.Calendar"
	b, _, err := calendar.Write(d)
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	if _, err := w.Write(b); err != nil {
		return kerbside.E(kerbside.CodeUnavailable, op, "The calendar could not be written. Try again.", err)
	}
	return nil
}

func write(d *kerbside.Draft, o kerbside.ExportOptions) ([]byte, error) {
	switch p := page.New(d, o); o.Format {
	case kerbside.FormatMarkdown:
		return Markdown(p), nil
	case kerbside.FormatText:
		return p.Text("- "), nil
	case kerbside.FormatHTML:
		return HTML(p)
	case kerbside.FormatDOCX:
		return docx.Write(p)
	case kerbside.FormatPDF:
		return pdf.Write(p)
	}
	return JSON(leaving(d))
}

// leaving is a draft as it leaves the house: without own words that do not stand in it, which the reader may not see.
func leaving(d *kerbside.Draft) *kerbside.Draft {
	if !slices.ContainsFunc(d.Reworded, func(r kerbside.Reworded) bool { return r.Stands == "" }) {
		return d
	}
	out := *d
	out.Reworded = slices.DeleteFunc(slices.Clone(d.Reworded), func(r kerbside.Reworded) bool { return r.Stands == "" })
	return &out
}

// JSON is v as indented JSON with characters as they are.
func JSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}
