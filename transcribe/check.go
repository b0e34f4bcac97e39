package transcribe

import (
	"bytes"
	"compress/zlib"
	"strings"
)

// The limits beyond which a result looks wrong. Compression ratio and mean log-probability are those of Whisper's
// reference implementation (transcribe.py); the others are the bounds of human speech.
const (
	maxCompression     = 2.4
	minAvgLogProb      = -1.0
	maxWordsPerSecond  = 7.0
	minWordsPerSecond  = 0.4
	minSecondsForSlow  = 3.0
	maxUncoveredMS     = 2500 // speech on end without a word
	suspectRepeatWords = 4    // a run of this many words that comes twice on end is worth a second look
	longestWordMS      = 2000 // alignment makes a word as long as what was left out after it: the rest of a longer one is not covered
	soundlessWords     = 4    // so many words on end that last less than soundlessMS each were not spoken
	soundlessMS        = 50
)

// fault is a reason to doubt a result.
type fault string

const (
	faultCompression fault = "compression"
	faultRepeat      fault = "repeat"
	faultUnlikely    fault = "unlikely"
	faultTooFast     fault = "too_fast"
	faultTooSlow     fault = "too_slow"
	faultUncovered   fault = "uncovered"
	faultSoundless   fault = "soundless"
	faultEcho        fault = "echo" // of the prompt
)

// faults says what looks wrong about the words that were recognised in a window.
func faults(w *window, ws []rawWord, avgLogProb float32) []fault {
	var out []fault
	texts := make([]string, len(ws))
	for i, word := range ws {
		texts[i] = word.text
	}
	if compression(strings.Join(texts, " ")) > maxCompression {
		out = append(out, faultCompression)
	}
	if len(loops(ws, suspicious)) > 0 {
		out = append(out, faultRepeat)
	}
	if len(ws) > 0 && avgLogProb < minAvgLogProb {
		out = append(out, faultUnlikely)
	}
	seconds := secondsOf(w.speechSamples())
	rate := float64(len(ws)) / max(seconds, 0.5)
	if len(ws) > 3 && rate > maxWordsPerSecond {
		out = append(out, faultTooFast)
	}
	if seconds >= minSecondsForSlow && rate < minWordsPerSecond {
		out = append(out, faultTooSlow)
	}
	if uncovered(w, ws) > maxUncoveredMS {
		out = append(out, faultUncovered)
	}
	if len(soundless(ws)) > 0 {
		out = append(out, faultSoundless)
	}
	return out
}

// soundless finds runs of words for which there is no time: the model wrote something again that it had written before, and alignment finds
// no sound for it. Each run is [from, to).
func soundless(ws []rawWord) [][2]int {
	var out [][2]int
	for from := 0; from+soundlessWords <= len(ws); from++ {
		to := from + soundlessWords
		if ws[to-1].endMS-ws[from].startMS >= soundlessWords*soundlessMS {
			continue
		}
		for to < len(ws) && ws[to].endMS-ws[from].startMS < int64(to+1-from)*soundlessMS {
			to++
		}
		out = append(out, [2]int{from, to})
		from = to - 1
	}
	return out
}

// echoes reports whether words hold three terms of the prompt in its order, as when the model repeats what it was given.
func echoes(ws []rawWord, prompt string) bool {
	const terms = 3
	text := " " + strings.Join(strings.Fields(normalise(textOf(ws))), " ") + " "
	list := strings.Split(prompt, ",")
	for i := range list {
		if i+terms > len(list) {
			break
		}
		run := strings.Join(strings.Fields(normalise(strings.Join(list[i:i+terms], " "))), " ")
		if strings.Contains(text, " "+run+" ") {
			return true
		}
	}
	return false
}

// compression is how well text compresses: text that repeats itself compresses too well. Short texts count as 1.
func compression(text string) float64 {
	if len(text) < 40 {
		return 1
	}
	var b bytes.Buffer
	z := zlib.NewWriter(&b)
	_, _ = z.Write([]byte(text)) // a bytes.Buffer takes everything
	_ = z.Close()
	return float64(len(text)) / float64(b.Len())
}

// uncovered is the longest time of speech on end, in ms, in which no word begins or ends.
func uncovered(w *window, ws []rawWord) int64 {
	var worst int64
	for _, s := range w.speech {
		from, end := msOf(s.start), msOf(s.end)
		for _, word := range ws {
			if word.endMS <= from || word.startMS >= end {
				continue
			}
			worst = max(worst, word.startMS-from)
			from = covers(word.startMS, word.endMS)
		}
		worst = max(worst, end-from)
	}
	return worst
}

// covers gives the time up to which a word that was given so long accounts for the sound.
func covers(startMS, endMS int64) int64 { return min(endMS, startMS+longestWordMS) }

// loop is a run of words that comes several times on end: words[at : at+size*times].
type loop struct{ at, size, times int }

// suspicious reports whether a run is worth a second look; people do repeat themselves.
func suspicious(size, times int) bool {
	return size >= suspectRepeatWords && times >= 2 || certain(size, times)
}

// certain reports whether a run is beyond what people say.
func certain(size, times int) bool {
	switch {
	case size == 1:
		return times >= 6
	case size <= 3:
		return times >= 4
	default:
		return times >= 3
	}
}

// loops finds the runs of words for which is holds, longest first at each place, without overlap.
func loops(ws []rawWord, is func(size, times int) bool) []loop {
	keys := make([]string, len(ws))
	for i, w := range ws {
		keys[i] = w.key()
	}
	var out []loop
	for at := 0; at < len(keys); at++ {
		var found loop
		for size := 1; size <= (len(keys)-at)/2 && size <= 40; size++ {
			times := 1
			for next := at + size; next+size <= len(keys) && equal(keys[at:at+size], keys[next:next+size]); next += size {
				times++
			}
			if times > 1 && is(size, times) && size*times > found.size*found.times {
				found = loop{at: at, size: size, times: times}
			}
		}
		if found.times > 0 {
			out = append(out, found)
			at += found.size*found.times - 1
		}
	}
	return out
}

func equal(a, b []string) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
