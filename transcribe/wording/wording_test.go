package wording

import (
	"strings"
	"testing"
	"testing/fstest"

	"kerbside"
)

func load(t testing.TB) *Tables {
	t.Helper()
	tables, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return tables
}

// spoken is a transcript with 400 ms a word and a segment for each sentence; a word that ends in "~" is doubtful, "~" left out.
func spoken(t testing.TB, text string) *kerbside.Transcript {
	t.Helper()
	tr, err := kerbside.TypedTranscript(text)
	if err != nil {
		t.Fatal(err)
	}
	tr.Recording.Kind = kerbside.KindDebrief
	first := 0
	for i := range tr.Words {
		w := &tr.Words[i]
		start, end, sure := int64(i)*400, int64(i)*400+400, 0.95
		w.StartMS, w.EndMS, w.Confidence = &start, &end, &sure
		if rest, ok := strings.CutSuffix(w.Text, "~"); ok && rest != "" {
			unsure := 0.5
			w.Text, w.Doubtful, w.Confidence = rest, true, &unsure
		}
		if strings.HasSuffix(w.Text, ".") || i == len(tr.Words)-1 {
			tr.Segments = append(tr.Segments, kerbside.Segment{FirstWord: tr.Words[first].ID, LastWord: w.ID, StartMS: int64(first) * 400, EndMS: end})
			first = i + 1
		}
	}
	tr.Recording.DurationMS = int64(len(tr.Words)) * 400
	tr.JoinWords()
	return tr
}

func apply(t testing.TB, tables *Tables, text string, o Options) *kerbside.Transcript {
	t.Helper()
	tr := spoken(t, text)
	tables.Apply(tr, o)
	if err := tr.Validate(); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return tr
}

func TestSpelling(t *testing.T) {
	tables := load(t)
	for _, c := range []struct{ said, want string }{
		{"Her behavior was organized, colorful and well-organized.", "Her behaviour was organised, colourful and well-organised."},
		{"Mom said Mom's mom apologized.", "Mum said Mum's mum apologised."},
		{"Behavior is the neighbor's.", "Behaviour is the neighbour's."},
		{"We met Mr Gray in Pearl Harbor with the Labor group", "We met Mr Gray in Pearl Harbor with the Labor group"},
		{"Gray skies, a gray coat", "Gray skies, a grey coat"},
		{"COLOR of the mold: \"gray\"", "COLOR of the mould: \"grey\""},
		{"The pediatrician at the Pediatric ward realized it", "The paediatrician at the Paediatric ward realised it"},
		{"He practiced his license, the prize size and the meter.", "He practised his license, the prize size and the meter."},
		{"The counselor traveled; it was canceled", "The counsellor travelled; it was cancelled"},
	} {
		tr := apply(t, tables, c.said, Options{})
		if tr.Text != c.want {
			t.Errorf("%q\nwant %q", tr.Text, c.want)
		}
		var before []string
		for _, w := range tr.Words {
			if w.AsWritten != "" {
				w.Text = w.AsWritten
			}
			before = append(before, w.Text)
		}
		if strings.Join(before, " ") != c.said {
			t.Errorf("as written: %q", before)
		}
		if kept := apply(t, tables, c.said, Options{KeepSpelling: true}); kept.Text != c.said {
			t.Errorf("kept: %q", kept.Text)
		}
		if other := apply(t, tables, c.said, Options{Language: "de"}); other.Text != c.said || len(other.Readings) > 0 {
			t.Errorf("another language: %q", other.Text)
		}
	}
}

// TestSpellingTable: nothing that is made British is an American spelling of something else, and no word is spelt two ways.
func TestSpellingTable(t *testing.T) {
	tables := load(t)
	for american, s := range tables.spelling {
		if again, ok := tables.spelling[s.british]; ok {
			t.Errorf("%s becomes %s, which becomes %s", american, s.british, again.british)
		}
		if tables.ordinary[american] && american != "counsel" {
			t.Errorf("%s is a British word too", american)
		}
	}
	if len(tables.spelling) < 500 {
		t.Errorf("%d spellings", len(tables.spelling))
	}
}

func TestPunctuation(t *testing.T) {
	tables := load(t)
	for _, c := range []struct{ said, want string }{
		{"we arrived at four full stop the house was tidy comma warm and quiet full stop", "we arrived at four. The house was tidy, warm and quiet."},
		{"We arrived at four. Full stop. The house was tidy, comma, warm. Full stop,", "We arrived at four. The house was tidy, warm."},
		{"was he in question mark new paragraph mum said no", "was he in?\n\nMum said no"},
		{"Was he in? Question mark. New paragraph. Mum said no.", "Was he in?\n\nMum said no."},
		{"seen alone New line. kitchen clean newline bedroom clean", "seen alone.\nKitchen clean\nBedroom clean"},
		{"new line new paragraph seen", "seen"},
		{"new line new paragraph", "new line new paragraph"},
		{"seen new line new paragraph at home", "seen\n\nAt home"},
		{"the older child open bracket Oliver close bracket. was out", "the older child (Oliver). was out"},
		{"he said open quotes I am fine close quotes full stop", "he said \"I am fine\"."},
		{"He said, open inverted commas, leave me alone, close inverted commas, comma, and left", "He said, \"leave me alone\", and left"},
		{"home full-stop He left", "home. He left"},
		{"he was warm. Comma. And he was fed", "he was warm, and he was fed"},
		{"met Dad. Comma. Lee and Mum", "met Dad, Lee and Mum"},
		{"at 4 p.m. question mark", "at 4 p.m.?"},
		// What is said, not a command.
		{"the talk came to a full stop when he left", "the talk came to a full stop when he left"},
		{"there is a big question mark over contact", "there is a big question mark over contact"},
		{"that leaves question mark over contact", "that leaves question mark over contact"},
		{"her new line manager rang", "her new line manager rang"},
		{"treated for colon cancer", "treated for colon cancer"},
		{"it was full. Stop it he said", "it was full. Stop it he said"},
		{"comma first", "comma first"},
		{"and then open bracket", "and then open bracket"},
	} {
		tr := apply(t, tables, c.said, Options{SpokenPunctuation: true})
		if tr.Text != c.want {
			t.Errorf("%q\nwant %q", tr.Text, c.want)
		}
		if plain := apply(t, tables, c.said, Options{}); plain.Text != c.said || len(plain.Removed) > 0 {
			t.Errorf("it is not the default: %q", plain.Text)
		}
	}
}

func TestPunctuationIsListed(t *testing.T) {
	tr := spoken(t, "all well full stop. new paragraph")
	tr.Removed = kerbside.List[kerbside.Removed]{{StartMS: 900, EndMS: 1000, Text: "[Music]", Reason: "sound_description"}}
	load(t).Apply(tr, Options{SpokenPunctuation: true})
	want := []kerbside.Removed{
		{StartMS: 800, EndMS: 1600, Text: "full stop.", Reason: RemovedPunctuation}, {StartMS: 900, EndMS: 1000, Text: "[Music]", Reason: "sound_description"},
		{StartMS: 1600, EndMS: 2400, Text: "new paragraph", Reason: RemovedPunctuation},
	}
	if len(tr.Removed) != len(want) || tr.Removed[0] != want[0] || tr.Removed[1] != want[1] || tr.Removed[2] != want[2] {
		t.Errorf("%+v", tr.Removed)
	}
	if w := tr.Words[1]; w.Text != "well." || w.AsWritten != "well" || w.ID != "w2" {
		t.Errorf("%+v", w)
	}
	if len(tr.Segments) != 1 || tr.Segments[0].LastWord != "w2" || tr.Segments[0].EndMS != 800 {
		t.Errorf("%+v", tr.Segments)
	}
}

// TestPunctuationOfSpeakers: nobody's command is carried out on another's words.
func TestPunctuationOfSpeakers(t *testing.T) {
	tr := spoken(t, "how are you. full stop he said comma fine")
	tr.Segments[0].Speaker, tr.Segments[1].Speaker = "channel 1", "channel 2"
	load(t).Apply(tr, Options{SpokenPunctuation: true})
	if tr.Text != "how are you. full stop he said, fine" {
		t.Errorf("%q", tr.Text)
	}
}

func TestSettings(t *testing.T) {
	tables := load(t)
	seen := map[Settings]bool{}
	for _, o := range []Options{{}, {SpokenPunctuation: true}, {KeepSpelling: true}, {Date: "2026-03-03"}, {Terms: []string{"Maisie"}}, {Terms: []string{"Lee"}}} {
		s := tables.Settings(o)
		if seen[s] || strings.Contains(s.Terms, "Lee") {
			t.Errorf("%+v", s)
		}
		seen[s] = true
	}
	if !seen[tables.Settings(OptionsOf(kerbside.TranscribeOptions{Terms: []string{"Lee"}}))] {
		t.Error("other settings for the same wishes")
	}
}

func TestLoad(t *testing.T) {
	own, err := Load(fstest.MapFS{"spelling.tsv": {Data: []byte("# own\nkerb\tcurb\t;s\n")}})
	if err != nil {
		t.Fatal(err)
	}
	if tr := apply(t, own, "kerbs and color", Options{}); tr.Text != "curbs and color" || own.sum == load(t).sum {
		t.Errorf("%q", tr.Text)
	}
	for name, text := range map[string]string{"spelling.tsv": "color\n", "commands.tsv": "end\n", "letters.tsv": "a\n", "sounds.tsv": "zoe\n", "abbreviations.tsv": "\tx\n"} {
		_, err := Load(fstest.MapFS{name: {Data: []byte("# one\n" + text)}})
		if kerbside.CodeOf(err) != kerbside.CodeInvalid || !strings.Contains(kerbside.MessageOf(err), "Line 2") || !strings.Contains(kerbside.MessageOf(err), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOrdinaryStays: dictation without commands in British spelling is left as it is, whatever is asked for.
func TestOrdinaryStays(t *testing.T) {
	text := strings.Join(strings.Fields(strings.Join(lines(t, "ordinary.txt"), " ")), " ")
	tr := apply(t, load(t), text, Options{SpokenPunctuation: true})
	if tr.Text != text || len(tr.Removed) > 0 {
		t.Errorf("%q", tr.Text)
	}
}
