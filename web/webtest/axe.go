package webtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
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
	w.accessible(name, "light", "dark")
}

func (w *Window) accessible(name string, shades ...string) {
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
	for _, shade := range shades {
		w.Do("choose "+shade, scheme(shade))
		rules := `["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]`
		if shade == "dark" { // nothing but colours differs from what was just looked at
			rules = `{ type: "rule", values: ["color-contrast", "link-in-text-block"] }`
		}
		found := Ask[[]violation](w, "ask axe", `axe.run(document, { runOnly: `+rules+`, resultTypes: ["violations"] })
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

// narrow and desk are the widths that pages are held at, in CSS pixels.
const (
	narrow = 320
	desk   = 1280
)

// Sound holds the page as it is now against what every page must do: the rules of accessibility in light and dark, narrow and at a desk; nothing
// lost or cut off in a narrow window or with text of twice the size; targets for a thumb; a focus that is seen; no motion for those who want none.
func (w *Window) Sound(name string) {
	w.t.Helper()
	fault := func(what string, found []string) {
		if len(found) > 0 {
			w.t.Errorf("%s: %s: %q", name, what, found)
		}
	}
	w.accessible(name+", desk", "light", "dark")
	fault("cut off at a desk with text of twice the size", w.atSize(desk, 200))
	w.Do("narrow the window", metrics(narrow, 700, true))
	w.accessible(name+", narrow", "light", "dark")
	fault("cut off in a narrow window", w.atSize(narrow, 100))
	fault("cut off in a narrow window with text of twice the size", w.atSize(narrow, 200))
	fault("too small for a thumb", Ask[[]string](w, "measure targets", smallTargets))
	w.Do("back to the desk", metrics(desk, 900, false))
	w.Do("hold the focus", holdFocus())
	w.Press("use the keyboard", "Tab")
	fault("no focus to be seen", Ask[[]string](w, "look for the focus", hiddenFocus))
	w.Do("want no motion", media("prefers-reduced-motion", "reduce"))
	fault("motion that was not wanted", Ask[[]string](w, "look for motion", motion))
	w.Do("back to no wish", media("prefers-reduced-motion", ""))
}

// atSize gives what does not fit at a width with text of so many per cent: the page itself, and text that is cut off.
func (w *Window) atSize(width int64, percent int) []string {
	w.t.Helper()
	w.Do("set the width", metrics(width, 700, width < 500))
	return Ask[[]string](w, "measure", fmt.Sprintf(`(async () => {
		document.documentElement.style.fontSize = "%d%%";
		await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
		const out = [];
		const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
		if (over > 0) out.push("the page is " + over + " px too wide");
		for (const e of document.body.querySelectorAll("*")) {
			const s = getComputedStyle(e);
			if (e.closest(".sr, svg, [hidden], select, audio, .scroll, textarea, input") || s.display === "none" || e.getClientRects().length === 0) continue;
			const cut = (v) => v === "hidden" || v === "clip";
			if (cut(s.overflowX) && e.scrollWidth > e.clientWidth + 1 || cut(s.overflowY) && e.scrollHeight > e.clientHeight + 1 && !e.matches("[data-fades]")) out.push("cut off: " + e.outerHTML.slice(0, 120));
			const box = e.getBoundingClientRect();
			if (e.matches("button, a, input, summary, label") && (box.right > document.documentElement.clientWidth + 1 || box.left < -1) && !e.matches(".skip")) out.push("beside the page: " + e.outerHTML.slice(0, 120));
		}
		document.documentElement.style.fontSize = "";
		return out.slice(0, 6);
	})()`, percent))
}

// smallTargets are controls lower than 44 px; links in running text, and the words of a transcript, are none.
const smallTargets = `[...document.querySelectorAll("button, .button, .icon, summary, select, input:not([type=hidden]), textarea, nav a")].filter((e) => {
	const box = (e.matches("input[type=checkbox], input[type=radio]") ? e.closest("label") : e).getBoundingClientRect();
	return !e.closest(".sr, [hidden]") && e.getClientRects().length > 0 && box.height > 0 && box.height < 43.5;
}).map((e) => e.outerHTML.slice(0, 120)).slice(0, 6)`

// hiddenFocus are controls that show nothing when they have the focus.
const hiddenFocus = `(() => {
	const shown = (e) => { const s = getComputedStyle(e); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2; };
	const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0'], audio")].filter((e) => e.getClientRects().length > 0 && !e.disabled && getComputedStyle(e).visibility === "visible");
	const before = document.activeElement, out = [];
	const modal = document.querySelector("dialog:modal");
	for (const e of all) {
		if (modal && !modal.contains(e)) continue;
		e.focus({ preventScroll: true, focusVisible: true });
		if (document.activeElement === e && !shown(e) && !(e.parentElement && shown(e.parentElement))) out.push(e.outerHTML.slice(0, 120));
	}
	before?.focus?.({ preventScroll: true });
	return out.slice(0, 6);
})()`

// motion is what would still move.
const motion = `[...document.querySelectorAll("body, body *")].filter((e) => {
	const s = getComputedStyle(e);
	return s.animationName !== "none" || s.transitionDuration.split(",").some((d) => parseFloat(d) > 0);
}).map((e) => e.outerHTML.slice(0, 120)).slice(0, 6)`

// Submit sends a form as a page would, and waits for what answers it.
func (w *Window) Submit(what, address string, fields url.Values) {
	w.t.Helper()
	b, err := json.Marshal(fields)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Open(what, strings.SplitAfterN(address, "/", 4)[0]+"//"+strings.SplitN(address, "/", 4)[2]+"/signin")
	Ask[bool](w, what, fmt.Sprintf(`(() => { window.before = true; const f = document.createElement("form"); f.method = "post"; f.action = %s;
		for (const [k, list] of Object.entries(%s)) for (const v of list) { const i = document.createElement("input"); i.type = "hidden"; i.name = k; i.value = v; f.append(i); }
		document.body.append(f); setTimeout(() => f.submit(), 0); return true; })()`, quote(address), b))
	w.Until(20*time.Second, "it is answered", `!window.before && document.readyState === "complete"`)
}

// holdFocus has the page believe that it has the keyboard even where Tab left it.
func holdFocus() Step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	})
}
