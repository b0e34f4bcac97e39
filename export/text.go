package export

import (
	"bytes"
	"fmt"

	"kerbside/export/page"
)

// Text writes a page as plain text for pasting: no mark-up, an empty line before each heading.
func Text(p *page.Page) []byte {
	var b bytes.Buffer
	b.WriteString(p.Title + "\n")
	if p.Mark != "" {
		b.WriteString(p.Mark + "\n")
	}
	for _, s := range p.Sections {
		b.WriteByte('\n')
		if s.Heading != "" {
			b.WriteString(s.Heading + "\n")
		}
		b.Write(Section(s))
	}
	if len(p.Notes) > 0 {
		b.WriteString("\nWhere this comes from\n")
	}
	for i, n := range p.Notes {
		fmt.Fprintf(&b, "[%d] %s\n", i+1, n)
	}
	return b.Bytes()
}

// Section writes what stands under one heading, without it, for one box of a case system.
func Section(s page.Section) []byte {
	var b bytes.Buffer
	for _, l := range s.Lines {
		if !s.Prose {
			b.WriteString("- ")
		}
		b.WriteString(l.Text)
		for _, n := range l.Notes {
			fmt.Fprintf(&b, " [%d]", n)
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}
