package page

import (
	"bytes"
	"fmt"
)

// Text is the page as plain text for pasting: no mark-up, an empty line before each heading, a bullet before each item of a list.
func (p *Page) Text(bullet string) []byte {
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
		b.Write(s.Text(bullet))
	}
	if len(p.Notes) > 0 {
		b.WriteString("\nWhere this comes from\n")
	}
	for i, n := range p.Notes {
		fmt.Fprintf(&b, "[%d] %s\n", i+1, n)
	}
	return b.Bytes()
}

// Text is what stands under the heading, without it, for one box of a case system.
func (s Section) Text(bullet string) []byte {
	var b bytes.Buffer
	for _, l := range s.Lines {
		if !s.Prose {
			b.WriteString(bullet)
		}
		b.WriteString(l.Text)
		for _, n := range l.Notes {
			fmt.Fprintf(&b, " [%d]", n)
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}
