// Package table writes what a record says as the rows that another system reads: which, and under which names, a mapping profile says.
// A profile is a file; those for the Standard Safeguarding Dataset and for actions are built in.
//
// What was not stated stays empty, what nobody accepted (a language model's proposals) is in no row.
package table

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kerbside"
)

// Output is a file that a profile gives.
type Output struct {
	Name   string // of the file
	Body   []byte
	Rows   int
	Visits map[string]int // rows of each visit; those that the conditions keep out have none
}

// Write gives the table of visits that a profile describes, in their order. A value that is longer than its column may be is CodeTooLarge:
// nothing is cut off in silence.
func Write(p *Profile, visits []*kerbside.Dossier) (Output, error) {
	out := Output{Name: p.File(), Visits: map[string]int{}}
	var rows [][]string
	for _, d := range visits {
		for _, r := range rowsOf(p.Rows, d) {
			if !p.holds(r) {
				continue
			}
			cells := make([]string, len(p.Columns))
			for i, c := range p.Columns {
				var err error
				if cells[i], err = c.value(r); err != nil {
					return Output{}, err
				}
			}
			rows = append(rows, cells)
			out.Visits[VisitID(d)]++
		}
	}
	out.Rows = len(rows)
	var err error
	if p.Format == "json" {
		out.Body, err = p.json(rows)
	} else {
		out.Body, err = p.csv(rows)
	}
	return out, err
}

// holds reports whether a row meets the profile's conditions.
func (p *Profile) holds(r row) bool {
	for _, field := range p.conditions() {
		if !slices.Contains(p.Only[field], r.get(field)) {
			return false
		}
	}
	return true
}

// value is a cell, without what a format needs.
func (c Column) value(r row) (string, error) {
	v := c.Value
	if c.From != "" {
		v = r.get(c.From)
	}
	if c.Values != nil {
		v = c.Values[v] // that each value has its own was checked
	}
	if c.Date != "" && v != "" {
		if day, err := time.Parse(time.DateOnly, v); err == nil {
			v = day.Format(dateLayout(c.Date))
		}
	}
	if n := utf8.RuneCountInString(v); c.Max > 0 && n > c.Max {
		return "", kerbside.E(kerbside.CodeTooLarge, "table.Write", fmt.Sprintf("The column %s may have %d characters, and this visit has %d for it. Map its sections to columns of their own, or paste it by hand.", c.Name, c.Max, n), nil)
	}
	return v, nil
}

// csv writes rows as RFC 4180 has it.
func (p *Profile) csv(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	if p.BOM {
		b.WriteString("\ufeff")
	}
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	header := make([]string, len(p.Columns))
	for i, c := range p.Columns {
		header[i] = c.Name
	}
	if err := w.Write(header); err != nil {
		return nil, err
	}
	for _, cells := range rows {
		for i, c := range p.Columns {
			if !p.Unguarded {
				cells[i] = c.guarded(cells[i])
			}
		}
		if err := w.Write(cells); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// json writes rows as objects, their members in the order of the columns.
func (p *Profile) json(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("[")
	for i, cells := range rows {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n  {")
		for k, c := range p.Columns {
			name, err := json.Marshal(c.Name)
			if err != nil {
				return nil, err
			}
			value, err := json.Marshal(cells[k])
			if err != nil {
				return nil, err
			}
			if k > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "%s: %s", name, value)
		}
		b.WriteString("}")
	}
	b.WriteString("\n]\n")
	return b.Bytes(), nil
}

// Guard keeps a spreadsheet from taking words for a formula: an apostrophe, which it does not show, before what begins like one. Words that
// begin so are rare in speech; numbers with a sign are left as they are.
func Guard(s string) string {
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " \u00a0"))
	if strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) && s != "" && !plainNumber(s) {
		return "'" + s
	}
	return s
}

func plainNumber(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return s != "" && strings.Trim(s, "0123456789.") == ""
}

// plainReference reports whether a reference is made of what references are made of; it cannot be a formula that does anything then.
func plainReference(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && !strings.ContainsRune("-_./ #", r)
	})
}
