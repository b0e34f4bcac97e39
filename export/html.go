package export

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"

	"kerbside/export/page"
)

//go:embed page.html
var htmlPage string

// HTML writes a page that needs nothing beside itself, for a screen and for print. It runs no script and asks for nothing: its
// own policy forbids both.
func HTML(p *page.Page) ([]byte, error) {
	t, err := template.New("page").Funcs(template.FuncMap{"inc": func(i int) int { return i + 1 }}).Parse(htmlPage)
	if err != nil {
		return nil, fmt.Errorf("export.HTML: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, p); err != nil {
		return nil, fmt.Errorf("export.HTML: %w", err)
	}
	return b.Bytes(), nil
}
