package webtest

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/chromedp/chromedp"
)

// axeVersion is what scripts/setup-axe.sh fetches.
const axeVersion = "axe-4.14.1"

// axe gives the source of axe-core; without it the test fails.
func (w *Window) axe() string {
	w.t.Helper()
	cache := os.Getenv("KERBSIDE_CACHE")
	if cache == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			w.t.Fatal(err)
		}
		cache = filepath.Join(base, "kerbside")
	}
	b, err := os.ReadFile(filepath.Join(cache, axeVersion, "axe.min.js"))
	if err != nil {
		w.t.Fatalf("axe-core is needed to test the pages: scripts/setup-axe.sh (%v)", err)
	}
	return string(b)
}

// Accessible holds the page as it is now against the rules of WCAG 2.2 AA that axe-core can decide, in light and in dark.
func (w *Window) Accessible(name string) {
	w.t.Helper()
	if !Ask[bool](w, "look for axe", `Boolean(window.axe)`) {
		// The protocol is not bound by the page's own policy.
		if _, err := chromedp.Run(w.ctx, chromedp.Evaluate[bool](w.axe()+";true")); err != nil {
			w.t.Fatal(err)
		}
	}
	type violation struct {
		ID, Help string
		Nodes    []string
	}
	for _, shade := range []string{"light", "dark"} {
		w.Do("choose "+shade, scheme(shade))
		found := Ask[[]violation](w, "ask axe", `axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] })
			.then((r) => r.violations.map((v) => ({ ID: v.id, Help: v.help, Nodes: v.nodes.slice(0, 4).map((n) => n.html.slice(0, 200)) })))`)
		for _, v := range found {
			nodes, err := json.Marshal(v.Nodes)
			if err != nil {
				w.t.Fatal(err)
			}
			w.t.Errorf("%s, %s: %s: %s %s", name, shade, v.ID, v.Help, nodes)
		}
	}
	w.Do("back to no wish", scheme(""))
}
