package webtest

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// Pace is how a careful person works at the desk. The zero value is one who needs no time and listens to nothing.
type Pace struct {
	Words  float64       // read in a minute; 238 is the mean of English readers in silence (Brysbaert 2019)
	Decide time.Duration // from having read or heard a thing to moving a finger
}

// Careful approves the visit that the window shows as somebody would who reads the open draft from end to end, hears or reads each thing that is open,
// knows what was said (truth), puts right what was misheard, and reads what is approved for whom. Questions about what was not said are put off. It logs
// what was done at which second, and gives the taps and keys, and the time with the five seconds in which an approval can be taken back.
func Careful(w *Window, p Pace, truth string) (acts int, took time.Duration) {
	w.t.Helper()
	c := &careful{w: w, p: p, truth: bare(truth), began: time.Now()}
	c.read("read the draft", Ask[string](w, "the draft", `[...document.querySelectorAll(".panel:not([hidden]) :is(h2, h3, .said)")].map((e) => e.innerText).join(" ")`))
	c.press("Enter", "the first thing")
	w.Until(20*time.Second, "the first thing is shown", `!document.querySelector("#step").hidden`)
	for range 80 {
		count := Ask[string](w, "what is shown", `document.querySelector("#step-count").textContent`)
		kind, left, ok := strings.Cut(count, " · ")
		if !ok || !strings.HasSuffix(left, " left") {
			break
		}
		c.settle(kind)
	}
	c.press("Enter", "that is all: approve")
	w.Until(20*time.Second, "the next key approves", `document.activeElement?.id === "approve"`)
	c.read("read what is approved, for whom", Ask[string](w, "what is approved", `document.querySelector("#decide .readers").innerText`))
	c.press("Enter", "approve")
	w.Until(30*time.Second, "it is approved", `document.querySelector("#visit").dataset.state === "approved"`)
	took = time.Since(c.began)
	w.t.Logf("%6.1f s  approved, after %d keys and the 5 s in which it could be taken back", took.Seconds(), c.acts)
	return c.acts, took
}

type careful struct {
	w     *Window
	p     Pace
	truth string
	began time.Time
	acts  int
	shot  bool
}

func (c *careful) log(text string) {
	c.w.t.Helper()
	c.w.t.Logf("%6.1f s  %s", time.Since(c.began).Seconds(), text)
}

func (c *careful) read(what, text string) {
	c.w.t.Helper()
	n := len(strings.Fields(text))
	if c.p.Words > 0 {
		time.Sleep(time.Duration(float64(n) / c.p.Words * float64(time.Minute)))
	}
	c.log(fmt.Sprintf("%s (%d words)", what, n))
}

func (c *careful) press(key, what string) {
	c.w.t.Helper()
	time.Sleep(c.p.Decide)
	c.acts++
	c.log(key + ": " + what)
	c.w.Press(what, key)
}

// settle reads and hears the thing that is shown, and does what is right about it.
func (c *careful) settle(kind string) {
	w := c.w
	w.t.Helper()
	shown := Ask[struct {
		What    string
		Marked  []marked
		Choices []string
	}](w, "see the thing", `(() => { const b = document.querySelector("#step-body"), all = [...(b.querySelector(".quote")?.childNodes || [])];
		const near = (list, side) => list.map((n) => n.textContent).join("").trim().split(/\s+/).filter(Boolean).at(side) || "";
		return { What: [...b.querySelectorAll("p")].map((p) => p.innerText).join(" "),
			Marked: all.flatMap((n, i) => n.nodeName === "MARK" ? [{ Before: near(all.slice(0, i), -1), Words: n.textContent, After: near(all.slice(i + 1), 0) }] : []),
			Choices: [...b.querySelectorAll(".row.choices button")].map((x) => [...x.childNodes].filter((n) => n.nodeName !== "KBD").map((n) => n.textContent).join("")) }; })()`)
	if c.p.Words == 0 && len(shown.Marked) > 0 && len(shown.Choices) > 1 && !c.shot {
		c.shot = true
		w.Shoot("step")
	}
	reading := time.Now()
	if c.p.Words > 0 {
		time.Sleep(time.Duration(float64(len(strings.Fields(shown.What))) / c.p.Words * float64(time.Minute)))
		w.Until(time.Minute, "it was heard", `[...document.querySelectorAll("audio")].every((a) => a.paused)`)
	}
	c.log(fmt.Sprintf("%s: %q, read and heard in %.1f s", kind, short(shown.What), time.Since(reading).Seconds()))
	wrong := slices.IndexFunc(shown.Marked, func(m marked) bool { return !c.said(m.Before, m.Words, m.After) })
	switch {
	case strings.HasPrefix(kind, "Not said"):
		c.press("Enter", "later")
	case wrong < 0:
		c.press("1", "it is right")
	default:
		m := shown.Marked[wrong]
		for i, choice := range shown.Choices[1:] {
			if c.said(m.Before, choice, m.After) {
				c.press(strconv.Itoa(i+2), "it was "+choice)
				w.Until(time.Minute, "it is written", `document.querySelector("#visit").dataset.state === "drafted"`)
				return
			}
		}
		c.typeIt(shown.Marked[0].Before, shown.Marked[len(shown.Marked)-1].After)
	}
}

// marked are words that stand marked in a sentence, and their neighbours.
type marked struct{ Before, Words, After string }

// typeIt types what was really said between two words.
func (c *careful) typeIt(before, after string) {
	w := c.w
	w.t.Helper()
	_, rest, found := strings.Cut(" "+c.truth+" ", " "+bare(before)+" ")
	word, _, ends := strings.Cut(rest, " "+bare(after)+" ")
	if !found || !ends || len(strings.Fields(word)) > 8 {
		c.press("1", "what was said here cannot be told any more: left as it is")
		return
	}
	c.press("t", "type it")
	w.Do("type "+word, chromedp.WaitVisible("#correct-new"), chromedp.SetValue("#correct-new", word))
	c.acts += len(word)
	if c.p.Words > 0 {
		time.Sleep(time.Duration(math.Ceil(float64(len(word))*0.3)) * time.Second) // 40 words a minute
	}
	c.press("Enter", "it was "+word)
	w.Until(time.Minute, "it is written", `!document.querySelector("#correct").open && document.querySelector("#visit").dataset.state === "drafted"`)
}

// said tells whether words stand like this in what was said; beside an end of a sentence one neighbour is enough.
func (c *careful) said(before, words, after string) bool {
	return strings.Contains(" "+c.truth+" ", " "+strings.TrimSpace(bare(before)+" "+bare(words)+" "+bare(after))+" ")
}

// bare are words in small letters, without marks, and small numbers as words.
func bare(s string) string {
	numbers := strings.Split("zero zeroth,one first,two second,three third,four fourth,five fifth,six sixth,seven seventh,eight eighth,nine ninth,ten tenth,eleven eleventh,twelve twelfth,"+
		"thirteen thirteenth,fourteen fourteenth,fifteen fifteenth,sixteen sixteenth,seventeen seventeenth,eighteen eighteenth,nineteen nineteenth,twenty twentieth", ",")
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		words[i] = strings.Trim(w, `.,;:!?"'“”‘’()`)
		if n, err := strconv.Atoi(strings.TrimRight(words[i], "dhnrst")); err == nil && n >= 0 && n < len(numbers) {
			one, nth, _ := strings.Cut(numbers[n], " ")
			if words[i] == strconv.Itoa(n) {
				words[i] = one
			} else {
				words[i] = nth
			}
		}
	}
	return strings.Join(words, " ")
}

func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}
