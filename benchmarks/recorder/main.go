// Command recorder proves that a browser which dies while it records loses at most five seconds: chromium records a spoken WAV through the real
// recorder and is reloaded, crashed or killed at a random moment; then it is started again, the recording is finished and uploaded, and the sound that the server
// has is compared with the time that was recorded. It prints one line a round and ends with 1 when one lost more.
//
// With -live 10m it records for so long without a break and prints how long it is from the tap on "Stop" to the drafts.
//
// Usage: recorder -kerbside bin/kerbside -sample samples/visit.ogg [-rounds 20] [-live 10m]
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

const allowed = 5 * time.Second

func main() {
	kerbside := flag.String("kerbside", "bin/kerbside", "the program")
	sample := flag.String("sample", "samples/visit.ogg", "what is said")
	rounds := flag.Int("rounds", 20, "so many")
	seed := flag.Uint64("seed", 1, "of the moments")
	live := flag.Duration("live", 0, "record for so long instead, and time what comes after")
	flag.Parse()
	if err := prove(*kerbside, *sample, *rounds, *seed, *live); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func prove(kerbside, sample string, rounds int, seed uint64, live time.Duration) (err error) {
	dir, err := os.MkdirTemp("", "kerbside-recorder-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	wav := filepath.Join(dir, "spoken.wav")
	if out, err := exec.Command("ffmpeg", "-v", "error", "-i", sample, "-ar", "48000", "-ac", "1", wav).CombinedOutput(); err != nil { //nolint:noctx // short
		return fmt.Errorf("ffmpeg: %w: %s", err, out)
	}
	link, stop, err := serve(kerbside, filepath.Join(dir, "data"))
	if err != nil {
		return err
	}
	defer stop()
	base, _, _ := strings.Cut(link, "/signin/")
	p := &phone{profile: filepath.Join(dir, "profile"), wav: wav, base: base}
	if err := p.start(); err != nil {
		return err
	}
	if err := errors.Join(p.open(link), p.click("#sign-in"), p.until(`document.querySelector("#lists")`)); err != nil {
		return err
	}
	p.end(true) // what was signed in is on the disk now

	if live > 0 {
		return p.live(live)
	}
	moments := rand.New(rand.NewPCG(seed, seed)) //nolint:gosec // moments, not secrets
	worst := time.Duration(0)
	fmt.Printf("%s, chromium, sound in pieces of 2 s\n", time.Now().UTC().Format(time.DateTime))
	for i := range rounds {
		how := []string{"reload", "crash of the page", "kill -9 of the browser"}[i%3]
		lasted := 4*time.Second + time.Duration(moments.IntN(9000))*time.Millisecond
		recorded, kept, err := p.round(how, lasted)
		if err != nil {
			return fmt.Errorf("round %d, %s: %w", i+1, how, err)
		}
		lost := max(0, recorded-kept)
		worst = max(worst, lost)
		fmt.Printf("%2d  %-23s after %6.2f s: %6.2f s on the server, %4.2f s lost\n", i+1, how, recorded.Seconds(), kept.Seconds(), lost.Seconds())
		if lost > allowed {
			return fmt.Errorf("round %d lost %s", i+1, lost)
		}
	}
	fmt.Printf("%d of %d recordings were recovered; at most %.2f s were lost (allowed: %.0f s)\n", rounds, rounds, worst.Seconds(), allowed.Seconds())
	return nil
}

// serve starts the program and gives the manager's link.
func serve(kerbside, data string) (link string, stop func(), err error) {
	cmd := exec.Command(kerbside, "serve", "--addr", "127.0.0.1:0", "--data", data) //nolint:noctx // it is stopped below
	cmd.Stderr = io.Discard
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, l, ok := strings.Cut(lines.Text(), "The manager signs in once, within 24 hours, at "); ok {
			link = l
		}
		if strings.HasPrefix(lines.Text(), "Ctrl-C") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return link, stop, nil
		}
	}
	stop()
	return "", nil, errors.New("the server did not start")
}

// phone is one chromium with a profile that outlives it.
type phone struct {
	profile, wav, base string
	browser, tab       context.Context
	close              func()
}

func (p *phone) start() error {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath("/usr/bin/chromium"), chromedp.UserDataDir(p.profile), chromedp.WSURLReadTimeout(time.Minute),
		chromedp.Flag("use-fake-ui-for-media-stream", true), chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-file-for-fake-audio-capture", p.wav),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-quic", true), chromedp.Flag("no-first-run", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	allocated, stop := chromedp.NewExecAllocator(context.Background(), options...)
	browser, cancel := chromedp.NewContext(allocated)
	p.browser, p.close = browser, func() { cancel(); stop() }
	if err := chromedp.Do(browser); err != nil {
		return fmt.Errorf("chromium: %w", err)
	}
	return p.newTab()
}

// newTab opens a tab that agrees to leave a page which records.
func (p *phone) newTab() error {
	asked := make(chan struct{}, 8)
	tab, _ := chromedp.NewContext(p.browser, chromedp.WithListener(func(event any) {
		if _, ok := event.(*page.EventJavascriptDialogOpening); ok {
			asked <- struct{}{}
		}
	}))
	p.tab = tab
	go func() {
		for {
			select {
			case <-tab.Done():
				return
			case <-asked:
				_, _ = chromedp.Call(tab, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
			}
		}
	}()
	return chromedp.Do(tab)
}

// end closes the browser, so that it writes down what it has; without grace it is just let go.
func (p *phone) end(grace bool) {
	if grace {
		ctx, cancel := context.WithTimeout(p.browser, 20*time.Second)
		_, _ = cdp.Call(ctx, chromedp.FromContext(p.browser).Target, cdp.Command[cdp.Empty, cdp.Empty]{Method: "Browser.close"}, cdp.Empty{})
		cancel()
		time.Sleep(2 * time.Second)
	}
	p.close()
	_ = os.Remove(filepath.Join(p.profile, "SingletonLock"))
}

func (p *phone) do(steps ...chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(p.tab, 30*time.Second)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

func (p *phone) open(address string) error { return p.do(chromedp.Navigate(address)) }

func (p *phone) click(selector string) error {
	return p.do(chromedp.Click(selector, chromedp.NodeVisible))
}

func ask[T any](p *phone, script string) (T, error) {
	ctx, cancel := context.WithTimeout(p.tab, 20*time.Second)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

func (p *phone) until(condition string) error {
	var last error
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		holds, err := ask[bool](p, "Boolean("+condition+")")
		if holds {
			return nil
		}
		last = err
	}
	return fmt.Errorf("it never held that %s: %w", condition, last)
}

// round records, breaks off, starts again and finishes. It gives how long was recorded and how much the server has.
func (p *phone) round(how string, lasted time.Duration) (recorded, kept time.Duration, err error) {
	if err := p.start(); err != nil {
		return 0, 0, err
	}
	defer func() { p.end(true) }()
	if err := p.begin(); err != nil {
		return 0, 0, err
	}
	began := time.Now()
	time.Sleep(lasted)
	recorded = time.Since(began)
	if err := p.breakOff(how); err != nil {
		return 0, 0, err
	}
	if err := p.until(`document.querySelector("#kept") && document.querySelector("#kept").innerText.includes("interrupted")`); err != nil {
		return 0, 0, err
	}
	if err := errors.Join(p.click("#kept .button:not(.main)"), p.until(`document.querySelector("#where").innerText.includes("Safe on the server")`)); err != nil {
		return 0, 0, err
	}
	kept, err = p.measure()
	return recorded, kept, err
}

// begin opens the recorder and taps the button.
func (p *phone) begin() error {
	return errors.Join(p.open(p.base+"/record"), p.until(`document.querySelector("#round") && !document.querySelector("#round").disabled`), p.click("#round"), p.until(`document.body.classList.contains("recording")`))
}

// live records without a break; the sample is said again and again.
func (p *phone) live(lasted time.Duration) error {
	if err := p.start(); err != nil {
		return err
	}
	defer func() { p.end(true) }()
	if err := p.begin(); err != nil {
		return err
	}
	time.Sleep(lasted)
	heard, err := ask[string](p, `document.querySelector("#heard").textContent`)
	if err != nil {
		return err
	}
	tapped := time.Now()
	if err := errors.Join(p.click("#round"), p.until(`document.querySelector("#where").innerText.includes("Safe on the server")`)); err != nil {
		return err
	}
	safe := time.Since(tapped)
	if err := p.until(`document.querySelector("#after").dataset.seconds`); err != nil {
		return err
	}
	drafts := time.Since(tapped)
	load, _ := os.ReadFile("/proc/loadavg")
	fmt.Printf("%s, a dictation of %s: safe on the server %.1f s, drafts and questions %.1f s after the tap on Stop (load of the machine %s); %d words were on the phone while it was spoken\n",
		time.Now().UTC().Format(time.DateTime), lasted, safe.Seconds(), drafts.Seconds(), strings.Join(strings.Fields(string(load))[:3], " "), len(strings.Fields(heard)))
	return nil
}

func (p *phone) breakOff(how string) error {
	switch how {
	case "reload":
		_, _ = ask[bool](p, `(setTimeout(() => location.reload(), 0), true)`)
		return nil
	case "crash of the page":
		ctx, cancel := context.WithTimeout(p.tab, 2*time.Second) // it never answers
		_, _ = chromedp.Call(ctx, page.Crash, cdp.Empty{})
		cancel()
		return errors.Join(p.newTab(), p.open(p.base+"/record"))
	}
	if err := chromedp.FromContext(p.browser).Browser.Process().Kill(); err != nil {
		return err
	}
	time.Sleep(time.Second)
	p.end(false)
	return errors.Join(p.start(), p.open(p.base+"/record"))
}

// measure decodes what the server has of the newest recording.
func (p *phone) measure() (time.Duration, error) {
	id, err := ask[string](p, `(async () => { const v = document.querySelector("#open-visit").href.split("/").pop(); return (await (await fetch("/api/visits/" + v)).json()).recordings[0].id; })()`)
	if err != nil {
		return 0, err
	}
	sound, err := ask[string](p, `(async () => { const b = new Uint8Array(await (await fetch("/recordings/`+id+`/audio")).arrayBuffer()); let s = ""; for (const x of b) s += String.fromCharCode(x); return btoa(s); })()`)
	if err != nil {
		return 0, err
	}
	cmd := exec.Command("bash", "-c", "base64 -d | ffmpeg -v error -i pipe:0 -f s16le -ac 1 -ar 16000 pipe:1 | wc -c") //nolint:noctx // short
	cmd.Stdin = strings.NewReader(sound)
	out, err := cmd.Output()
	if err != nil {
		return 0, err
	}
	var n int64
	if _, err := fmt.Sscan(string(out), &n); err != nil {
		return 0, err
	}
	return time.Duration(n) * time.Second / 32000, nil
}
