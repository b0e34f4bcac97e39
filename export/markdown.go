package export

import (
	"bytes"
	"fmt"
	"strings"

	"kerbside/export/page"
)

// Markdown writes a page as CommonMark, with footnotes as many readers of it know them.
func Markdown(p *page.Page) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n", mdEscape(p.Title))
	if p.Mark != "" {
		fmt.Fprintf(&b, "\n**%s.**\n", mdEscape(p.Mark))
	}
	for _, s := range p.Sections {
		if s.Heading != "" {
			fmt.Fprintf(&b, "\n## %s\n", mdEscape(s.Heading))
		}
		if !s.Prose {
			b.WriteByte('\n')
		}
		for _, l := range s.Lines {
			if s.Prose {
				fmt.Fprintf(&b, "\n%s\n", mdEscape(l.Text))
				continue
			}
			b.WriteString("- " + mdEscape(l.Text))
			for _, n := range l.Notes {
				fmt.Fprintf(&b, "[^%d]", n)
			}
			b.WriteByte('\n')
		}
	}
	if len(p.Notes) > 0 {
		b.WriteByte('\n')
	}
	for i, n := range p.Notes {
		fmt.Fprintf(&b, "[^%d]: %s\n", i+1, mdEscape(n))
	}
	return b.Bytes()
}

// mdEscape makes words show as they are: no mark-up.
func mdEscape(s string) string {
	var b strings.Builder
	links := strings.Contains(s, "[^") || strings.Contains(s, "](") || strings.Contains(s, "][") || strings.Contains(s, "]:")
	for i, r := range s {
		if strings.ContainsRune("\\`*_<>|~&", r) || r == '[' && links || i == 0 && strings.ContainsRune("#+-=", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	out := b.String()
	if i := strings.IndexAny(out, ".)"); i > 0 && strings.Trim(out[:i], "0123456789") == "" { // "1." would begin a list
		out = out[:i] + "\\" + out[i:]
	}
	return out
}
