package export

import (
	"fmt"
	"strings"

	"kerbside"
	"kerbside/export/bundle"
	"kerbside/export/calendar"
	"kerbside/export/table"
)

// parts are the files of a bundle, and what could not be made.
func (x Exporter) parts(d *kerbside.Dossier) (parts []bundle.Part, leftOut []string, err error) {
	add := func(name string, body []byte) { parts = append(parts, bundle.Part{Name: name, Body: body}) }
	addJSON := func(name string, v any) {
		if err == nil {
			var b []byte
			b, err = JSON(v)
			add(name, b)
		}
	}
	for i, t := range d.Transcripts {
		addJSON(fmt.Sprintf("transcripts/%d.json", i+1), t)
		add(fmt.Sprintf("transcripts/%d.txt", i+1), []byte(t.Text+"\n"))
	}
	addJSON("record.json", d.Record)
	if len(d.Consent) > 0 {
		addJSON("consent.json", d.Consent)
	}
	addJSON("statements.json", kerbside.List[kerbside.Statement](d.Statements))
	for _, draft := range d.Drafts {
		for _, f := range kerbside.Formats() {
			if err != nil {
				return nil, nil, err
			}
			var b []byte
			b, err = write(draft, kerbside.ExportOptions{Format: f, Citations: true, Record: d.Record, Approval: d.Approval, Unapproved: d.Approval == nil, At: d.At})
			add("drafts/"+DraftName(draft)+f.Ext(), b)
		}
	}
	for _, p := range x.Profiles {
		if strings.HasPrefix(p.Name, "example") {
			continue
		}
		out, tableErr := table.Write(p, []*kerbside.Dossier{d})
		if tableErr != nil {
			leftOut = append(leftOut, p.Name+": "+kerbside.MessageOf(tableErr))
			continue
		}
		add("exports/"+out.Name, out.Body)
	}
	if err == nil {
		var b []byte
		b, _, err = calendar.Write([]*kerbside.Dossier{d})
		add("exports/actions.ics", b)
	}
	return parts, leftOut, err
}

// DraftName names a draft's file, without its ending.
func DraftName(d *kerbside.Draft) string {
	if d.For != "" {
		return string(d.Audience) + "-" + string(d.For)
	}
	return string(d.Audience)
}
