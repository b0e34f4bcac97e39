// Package rules fills a record with a linguistic pipeline: no network, no language model, and the same result on every run.
//
// The stages run in this order, each in its own file: words and marks (tokens), sentences and clauses, people and who is meant
// by "she" (people), who speaks (speech), days and times (dates, clock), what words mean (matters) and what is said of it (polarity),
// and then the fields of the record, each by its own file. What is known of words stands in lexicon/*.tsv: what is bad or good by itself,
// what is needed and what is expected, so that lacking the one or failing in the other is found without a phrase for each.
// Beside them stand learned readers, linear ones whose weights are tables of the lexicon too (package linear; taught by training).
//
// No library is used for a stage: a tagger (jdkato/prose) learned from edited text with capitals and full stops, which dictation lacks, and a stemmer
// (kljensen/snowball) makes one word of "care" and "caring" and drops the endings on which tense and polarity rest. Verb forms come from a table
// (verbForms).
package rules

import (
	"context"
	"strings"
	"sync"

	"kerbside"
	"kerbside/extract/rules/linear"
)

// Name is the engine's name and version.
const Name = "rules/2"

// Engine is the embedded rules engine. It is safe for concurrent use.
type Engine struct{ lex *lexicon }

var sharedLexicon = sync.OnceValues(loadLexicon)

// New makes the engine.
func New() (*Engine, error) {
	lex, err := sharedLexicon()
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, "rules.New", "", err)
	}
	return &Engine{lex: lex}, nil
}

// Name gives the engine's name and version.
func (e *Engine) Name() string { return Name }

// Propose fills a record from sources.
func (e *Engine) Propose(ctx context.Context, sources []*kerbside.Source, o kerbside.ExtractOptions) (*kerbside.Record, error) {
	x := e.read(sources, o)
	for _, stage := range x.stages() {
		if err := ctx.Err(); err != nil {
			return nil, kerbside.E(kerbside.CodeCanceled, "rules.Propose", "Making the record was stopped. Start it again when you are ready.", err)
		}
		stage()
	}
	return &x.record, nil
}

// text is everything known about the sources while they are read.
type text struct {
	lex      *lexicon
	sources  []*kerbside.Source
	options  kerbside.ExtractOptions
	base     string // the day from which days are counted
	tokens   []token
	marks    []int
	restored bool // marks were put in, and may stand in the wrong place
	whole    bool // a quote, which is not cut where it lacks marks
	sents    []span
	parts    []clause

	caps       bool // capitals can be relied on
	terms      map[string]bool
	cueNames   map[string]bool // capitalised words that stand as people do
	spokenAt   map[string]bool // capitalised words that stand behind "in"
	seenName   map[string]bool // words with a capital within a sentence
	wordName   map[string]bool // words that are names here
	bigger     map[string]bool // words behind "big": names that two share
	roleStart  []int           // row of roles.tsv + 1 of the role that begins at a token
	roleEnd    []bool          // a role ends before the token
	families   []span          // family names
	visitPlace string          // "school" when the visit was there
	places     []span
	expecting  bool            // a pregnancy is spoken of
	shut       bool            // nobody came to the door
	rung       map[int]int     // where each was first rung by the worker
	months     map[string]bool // see monthChild
	farAway    bool            // by telephone or on a screen
	gone       map[int]bool    // children who are said to be missing
	jointly    int             // somebody came with the worker: 1, nobody did: -1, 0 when it is not known yet
	unweighed  bool            // the rules of presence alone, for training
	people     []person
	who        []int // index of the person meant by a token, -1
	ids        []kerbside.PersonID
	subject    [][]int // people who are the subject of each clause
	worker     []bool  // the worker is
	verbAt     []int   // the main verb's token, -1
	turns      []int   // the child with whom the worker is in each clause, -1
	frames     []frame
	cover      [][]int      // frames that cover each token
	replies    []reply      // questions of the worker's with a child's short answers
	wished     []wish       // what children want and feel without saying so in words that are reported
	taken      []bool       // clauses that are actions or announce the next visit
	named      map[int]span // clause -> organisation that acts

	said     [][]mention // what the lexicons find in each clause
	saidOnce []bool
	odds     [][3]float64 // of each clause, by class
	features clauseFeatures
	pair     linear.Bag
	seen     func(c int) // is told of each clause that the reader weighs; nil but in training

	youngNames   map[string]bool // see agedYoung; made once
	parentsNamed int             // see namesParents: 0 until it is noted, 1 no, 2 yes
	lastTogether int             // the last token that speaks of people together, -1 without, 0 until it is noted

	factSymbols []string // what each token is to the models of facts

	record kerbside.Record
}

func (e *Engine) read(sources []*kerbside.Source, o kerbside.ExtractOptions) *text {
	x := e.readWords(sources, o)
	x.putApostrophes()
	x.restoreMarks()
	return x
}

// readWords cuts sources into words and the marks that they have.
func (e *Engine) readWords(sources []*kerbside.Source, o kerbside.ExtractOptions) *text {
	x := &text{lex: e.lex, sources: sources, options: o, base: o.VisitDate, tokens: tokenise(sources), terms: map[string]bool{}, named: map[int]span{}}
	for _, term := range o.Terms {
		if term.Kind != "person" {
			continue
		}
		for _, w := range strings.Fields(strings.ToLower(term.Text)) {
			x.terms[w] = true
		}
	}
	return x
}

func (x *text) stages() []func() {
	return []func(){x.divide, x.findPeople, x.resolve, x.findSpeech, x.attendees, x.visitFacts, x.childFacts, x.findActions, x.goOn, x.findings, x.childVoice, x.injuries, x.warnings}
}

func (x *text) divide() {
	x.sents = x.sentences()
	x.parts = x.clauses(x.sents)
}

// evidence anchors the tokens [a,b), which are of one source.
func (x *text) evidence(a, b int) kerbside.Evidence {
	for b-1 > a && x.tokens[b-1].src != x.tokens[a].src {
		b--
	}
	return x.sources[x.tokens[a].src].Evidence(x.tokens[a].word, x.tokens[b-1].word)
}

func (x *text) proof(a, b int) kerbside.List[kerbside.Evidence] {
	return kerbside.List[kerbside.Evidence]{x.evidence(a, b)}
}
