// Package webtest drives Kerbside's pages in a real browser: Debian's chromium, headless, with a microphone that plays a file.
package webtest

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// Browser is one chromium; Person opens a window in it with cookies and storage of its own.
type Browser struct {
	t    testing.TB
	root context.Context
	mu   sync.Mutex
	away bool // the signal is away: what does not arrive is no fault
	bad  []string
}

// Start starts chromium for the length of the test. Its microphone plays the PCM WAV file once for each recording; "" for none. A missing
// chromium fails the test.
func Start(t testing.TB, wav string) *Browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		t.Fatal("chromium is needed to test the pages: apt-get install chromium")
	}
	profile, err := os.MkdirTemp("", "kerbside-browser-")
	if err != nil {
		t.Fatal(err)
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("use-fake-ui-for-media-stream", true), chromedp.Flag("use-fake-device-for-media-stream", true),
		chromedp.Flag("autoplay-policy", "no-user-gesture-required"),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-quic", true), chromedp.Flag("no-first-run", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true),
	)
	if wav != "" {
		options = append(options, chromedp.Flag("use-file-for-fake-audio-capture", wav+"%noloop"))
	}
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	root, cancel := chromedp.NewContext(allocated)
	b := &Browser{t: t, root: root}
	t.Cleanup(func() {
		cancel()
		stop()
		_ = os.RemoveAll(profile) // chromium may still write into it; it lies in the temporary folder
	})
	if err := chromedp.Do(root); err != nil {
		t.Fatalf("chromium does not start: %v", err)
	}
	return b
}

// Person opens a window with cookies and storage of its own.
func (b *Browser) Person() *Window {
	b.t.Helper()
	return b.window(b.root, chromedp.WithNewBrowserContext())
}

// Tab opens another tab of the same person.
func (w *Window) Tab() *Window {
	w.t.Helper()
	return w.b.window(w.ctx)
}

func (b *Browser) window(of context.Context, more ...chromedp.ContextOption) *Window {
	b.t.Helper()
	asked := make(chan struct{}, 8)
	ctx, cancel := chromedp.NewContext(of, append(more, chromedp.WithListener(func(event any) {
		switch e := event.(type) {
		case *page.EventJavascriptDialogOpening: // "leave this page?"
			select {
			case asked <- struct{}{}:
			default:
			}
		case *runtime.EventExceptionThrown:
			b.note(fmt.Sprintf("exception: %s %s", e.ExceptionDetails.Text, e.ExceptionDetails.URL))
		case *log.EventEntryAdded:
			// A refused resource (by our own policy) or a failed request: a journey asks for nothing that is to be refused.
			if e.Entry.Level == log.EntryLevelError {
				b.note("console: " + e.Entry.Text + " " + e.Entry.URL)
			}
		}
	}))...)
	b.t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil { // without a limit: the window lives as long as this context
		b.t.Fatalf("open a window: %v", err)
	}
	go func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-asked:
				if _, err := chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true}); err != nil {
					b.note("a dialog could not be answered: " + err.Error())
				}
			}
		}
	}()
	w := &Window{t: b.t, b: b, ctx: ctx}
	w.Do("size the window", chromedp.EmulateViewport(1280, 900))
	return w
}

func (b *Browser) note(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.away || !strings.Contains(text, "net::ERR_") {
		b.bad = append(b.bad, text)
	}
}

// Away says whether the signal is away on purpose, so that requests which do not arrive are nothing to complain of.
func (b *Browser) Away(away bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.away = away
}

// Quiet fails the test if a page threw an exception, broke its own policy or failed to load something.
func (b *Browser) Quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, text := range b.bad {
		b.t.Errorf("the browser complained: %s", text)
	}
}

// Window is one person's window.
type Window struct {
	t     testing.TB
	b     *Browser
	ctx   context.Context
	taps  int
	Shots string // where screenshots go; empty: none are made
}

// Step is one thing to do in a window.
type Step = chromedp.Action[chromedp.Void]

// Do runs steps within a minute; what names them when they fail.
func (w *Window) Do(what string, steps ...Step) {
	w.t.Helper()
	w.DoFor(time.Minute, what, steps...)
}

// DoFor runs steps within a limit. A failure shows the page's text, to be read in the test's output: fixtures are fictional.
func (w *Window) DoFor(limit time.Duration, what string, steps ...Step) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, limit)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		w.t.Fatalf("%s: %v\nthe page says: %s", what, err, w.text())
	}
}

func (w *Window) text() string {
	ctx, cancel := context.WithTimeout(w.ctx, 5*time.Second)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.pathname + "\n" + (document.body ? document.body.innerText : "")`))
	if err != nil {
		return "(nothing)"
	}
	return text
}

// Authenticator gives the window a device that signs in with passkeys and says yes for its owner.
func (w *Window) Authenticator() {
	w.t.Helper()
	w.Do("plug in an authenticator", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, webauthn.Enable, webauthn.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal, HasResidentKey: true, HasUserVerification: true,
			IsUserVerified: true, AutomaticPresenceSimulation: true,
		}})
		return err
	}))
}

// Open goes to an address.
func (w *Window) Open(what, address string) {
	w.t.Helper()
	w.Do(what, chromedp.Navigate(address))
}

// Until waits for a JavaScript condition; the page may be left and come back meanwhile.
func (w *Window) Until(limit time.Duration, what, condition string) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, limit)
	defer cancel()
	var last error
	for ctx.Err() == nil {
		holds, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("(async () => Boolean(await ("+condition+")))()", chromedp.EvalAwaitPromise))
		if holds {
			return
		}
		last = err
		time.Sleep(40 * time.Millisecond)
	}
	w.t.Fatalf("after %s it does not hold that %s (%v)\nthe page says: %s", limit, what, last, w.text())
}

// Press presses a key wherever the focus is: one character, or Enter or Escape.
func (w *Window) Press(what, key string) {
	w.t.Helper()
	w.Until(20*time.Second, "the page answers keys", `document.readyState === "complete"`) // its modules stand then
	w.Do(what, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		code, text := map[string]int64{"Enter": 13, "Escape": 27, "Tab": 9}[key], map[string]string{"Enter": "\r"}[key]
		if code == 0 {
			code, text = int64(key[0]), key
		}
		for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
			p := input.DispatchKeyEventParams{Type: kind, Key: key, WindowsVirtualKeyCode: code}
			if kind == input.DispatchKeyEventTypeKeyDown {
				p.Text = text
			}
			if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, p); err != nil {
				return err
			}
		}
		return nil
	}), chromedp.Sleep(120*time.Millisecond))
}

// SlowLine has the window wait for each answer and gives it so many bits a second; -1 is without a limit.
func (w *Window) SlowLine(latency time.Duration, down, up float64) {
	w.t.Helper()
	bytes := func(bits float64) float64 {
		if bits < 0 {
			return bits
		}
		return bits / 8
	}
	w.Do("change the line", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if _, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{}); err != nil {
			return err
		}
		_, err := cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Latency: float64(latency.Milliseconds()), DownloadThroughput: bytes(down), UploadThroughput: bytes(up)}},
		})
		return err
	}))
}

// Download has something saved to a new folder by a click, and gives its name and content.
func (w *Window) Download(what, selector string) (name string, content []byte) {
	w.t.Helper()
	dir := w.t.TempDir()
	_, err := chromedp.CallBrowser(w.ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllow, BrowserContextID: chromedp.FromContext(w.ctx).BrowserContextID, DownloadPath: dir})
	if err != nil {
		w.t.Fatal(err)
	}
	w.Click(what, selector)
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		files, err := os.ReadDir(dir)
		if err != nil {
			w.t.Fatal(err)
		}
		if len(files) != 1 || strings.HasSuffix(files[0].Name(), ".crdownload") {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, files[0].Name()))
		if err != nil {
			w.t.Fatal(err)
		}
		return files[0].Name(), b
	}
	w.t.Fatalf("%s: nothing was saved\nthe page says: %s", what, w.text())
	return "", nil
}

// SignOut drops the window's cookies, as a session that has run out does.
func (w *Window) SignOut() {
	w.t.Helper()
	w.Do("drop the cookies", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCookies, cdp.Empty{})
		return err
	}))
}

// Ask evaluates JavaScript; a promise is waited for.
func Ask[T any](w *Window, what, script string) T {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		w.t.Fatalf("%s: %v\nthe page says: %s", what, err, w.text())
	}
	return v
}

// Type puts text into a field, in the place of what stands there, and leaves the focus in it.
func (w *Window) Type(what, selector, text string) {
	w.t.Helper()
	w.Do(what, chromedp.SetValue(selector, text), chromedp.Focus(selector))
}

// Click clicks what a selector names once it can be seen. The page may be read anew between finding and clicking it, as it does
// when a stage ends; it is then looked for again, as a person would.
func (w *Window) Click(what, selector string) {
	w.t.Helper()
	w.taps++
	ctx, cancel := context.WithTimeout(w.ctx, time.Minute)
	defer cancel()
	for {
		err := chromedp.Do(ctx, chromedp.ScrollIntoView(selector), chromedp.Click(selector, chromedp.NodeVisible))
		if err == nil {
			return
		}
		if !strings.Contains(err.Error(), "Could not find node") {
			w.t.Fatalf("%s: %v\nthe page says: %s", what, err, w.text())
		}
	}
}

// Taps gives how many clicks there were since it was asked last.
func (w *Window) Taps() int {
	n := w.taps
	w.taps = 0
	return n
}

// Shoot holds the page against the rules of accessibility, and keeps pictures of it, at phone and desk width, light and dark.
func (w *Window) Shoot(name string) {
	w.t.Helper()
	w.Accessible(name)
	if w.Shots == "" {
		return
	}
	if err := os.MkdirAll(w.Shots, 0o755); err != nil { //nolint:gosec // pictures of fictional visits, for people to look at
		w.t.Fatal(err)
	}
	for _, size := range []struct {
		name          string
		width, height int64
		mobile        bool
	}{{"phone", 390, 844, true}, {"desk", 1280, 900, false}} {
		for _, shade := range []string{"light", "dark"} {
			w.Do("photograph "+name, metrics(size.width, size.height, size.mobile), scheme(shade), chromedp.Sleep(200*time.Millisecond))
			picture, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
			if err != nil {
				w.t.Fatal(err)
			}
			if picture, err = tight(picture); err != nil {
				w.t.Fatal(err)
			}
			file := filepath.Join(w.Shots, fmt.Sprintf("%s-%s-%s.png", name, size.name, shade))
			if err := os.WriteFile(file, picture, 0o644); err != nil { //nolint:gosec // as above
				w.t.Fatal(err)
			}
		}
	}
	w.Do("back to the desk", metrics(1280, 900, false), scheme(""))
}

// tight packs a picture as small as it goes without losing anything: browsers take the quick way.
func tight(picture []byte) ([]byte, error) {
	i, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestCompression}
	if err := e.Encode(&b, i); err != nil || b.Len() >= len(picture) {
		return picture, err
	}
	return b.Bytes(), nil
}

// Phone makes the window a phone's.
func (w *Window) Phone() {
	w.t.Helper()
	w.Do("take a phone", metrics(390, 844, true))
}

// Printed is the text that would be printed.
func (w *Window) Printed() string {
	w.t.Helper()
	as := func(media string) Step {
		return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media})
			return err
		})
	}
	w.Do("think of paper", as("print"))
	text := Ask[string](w, "read it", `document.body.innerText + [...document.querySelectorAll("[data-mark]")].filter((e) => e.getClientRects().length).map((e) => getComputedStyle(e, "::after").content).join()`)
	w.Do("back to the screen", as(""))
	return text
}

// Overflow is by how many pixels the page is wider than a window of the given width.
func (w *Window) Overflow(width int64) int {
	w.t.Helper()
	w.Do("narrow the window", metrics(width, 700, true), chromedp.Sleep(100*time.Millisecond))
	over := Ask[int](w, "measure", `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
	w.Do("back to the desk", metrics(1280, 900, false))
	return over
}

func metrics(width, height int64, mobile bool) Step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1, Mobile: mobile})
		return err
	})
}

// scheme has the page believe that a person prefers light or dark; "" leaves it alone.
func scheme(name string) Step {
	return media("prefers-color-scheme", name) //nolint:misspell // CSS is American
}

// media has the page believe what a person prefers.
func media(feature, value string) Step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: feature, Value: value}}})
		return err
	})
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
