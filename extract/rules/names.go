package rules

import (
	"strings"

	"kerbside/english"
)

// nameRun is a name as spoken: "Amy Shaw", "Miss Reed", "Jude" of "Jude's dad".
type nameRun struct {
	span
	title string
	weak  bool // nothing but its capital says that it is a name of a person
}

// roleRun is a word for a person: "the health visitor", "Shona's friend".
type roleRun struct {
	span
	role     int
	owner    span   // the name or role before 's, if any
	pronoun  string // "his", "her", …
	named    int    // index of the name that it stands with, -1 without
	supposed bool   // "could be her brother"
	called   string // the role in the words spoken, where roles.tsv has none: "exams officer"
}

var (
	titles     = setOf("mr mrs ms miss dr doctor pc dc ds pcso sgt wpc sergeant constable professor prof inspector")
	titleRoles = map[string]string{"pc": "police officer", "pcso": "police officer", "dc": "police officer", "ds": "police officer", "sgt": "police officer", "wpc": "police officer", "sergeant": "police officer",
		"constable": "police officer", "inspector": "police officer", "dr": "doctor", "doctor": "doctor"}
	placeWords = setOf("school primary academy nursery centre center street road lane avenue close drive hospital house lodge court surgery junior infants infant college university clinic " +
		"park club church high grammar hub team service services council way place gardens project trust group city town county borough cottage farm terrace crescent square station ward unit " +
		"family placement hall estate arms inn mews grove hill view rise library cafe café children's plan order form act bank holiday term fm off day eve secondary community")
	placePrepositions = setOf("in at from near outside via")
	neverNames        = setOf("christmas easter eid diwali ramadan english british polish romanian urdu punjabi arabic somali bengali portuguese spanish french german welsh scottish irish " +
		"facebook instagram snapchat whatsapp tiktok youtube xbox playstation fortnite roblox minecraft netflix tesco asda aldi lidl sainsbury morrisons mcdonald mcdonalds lego peppa weetabix " +
		"language line god london manchester birmingham leeds liverpool sheffield bristol leicester nottingham newcastle bradford cardiff belfast glasgow edinburgh england wales scotland ireland uk " +
		"calpol ritalin sertraline ventolin okay ok hi hello yes yeah yep right well note visit home child children core review today present agreed actions action plan next also both all " +
		"nana nan nanny gran granny grandma mum mummy dad daddy spiderman batman pokemon spider-man frozen bluey paw patrol armistice ramadan hallowe'en halloween bonfire god's attendance bedroom kitchen house lac cin cp la iro lado camhs senco sen ehcp gp hv dv mash tac tas pep sgo dbs nhs strategy section referral police social housing school nursery no not nothing " +
		"sorani sylheti tigrinya amharic pashto dari kurdish kurmanji farsi persian turkish hindi gujarati tamil yoruba twi igbo swahili mandarin cantonese vietnamese albanian lithuanian latvian russian ukrainian hungarian slovak czech italian greek dutch pidgin oromo " +
		"nokia samsung apple google roomba hoover dyson ikea argos primark greggs costa starbucks wetherspoons boots superdrug lidl netflix disney mario kart sonic " +
		"afghanistan albania algeria america australia bangladesh belgium brazil bulgaria canada china colombia croatia cyprus czechia denmark egypt eritrea ethiopia france gambia germany ghana greece guinea hungary india iran iraq " +
		"italy jamaica japan kenya kosovo kurdistan kuwait latvia lebanon libya lithuania malawi malaysia malta moldova morocco nepal netherlands nigeria norway pakistan palestine philippines poland portugal romania russia senegal " +
		"serbia slovakia slovenia somalia somaliland spain sudan sweden switzerland syria tanzania thailand tunisia turkey uganda ukraine vietnam yemen zambia zimbabwe europe africa asia kent essex sussex surrey devon cornwall dorset somerset yorkshire lancashire norfolk suffolk marvel minion minions barbie sylvanian haribo nutella heinz pampers huggies arsenal everton spurs united city villa rovers rangers celtic " +
		"mondays tuesdays wednesdays thursdays fridays saturdays sundays fri sat sun mon tues weds thurs good great fine lovely fair then there after before covid bbc tv ipad iphone ptsd adhd asd autism autistic makaton pecs")
	ambiguousNames = setOf("will may mark grace hope joy rose bill pat frank art drew sue rob ray dawn june april summer autumn violet ivy holly iris eve amber jade pearl daisy guy dean max noel " +
		"penny carol heather olive faith charity robin jack reading lance miles dan ben? kit ash bailey brook blake chase cash chance grant dale glen clay cliff drew van sky skye pip mo al jo lou " +
		"nick josh harry? jan gene major an a lee storm star honey ali? mercy precious miranda marina angel junior mia? mina mei ana rita? bryn craig kay temi ray ted don sid gail gene page " +
		"basil dolly river ocean sky raven primrose hyacinth bluebell sapphire ember nova viola winsome rocky buster trinity sierra chelsea dot bob barb hale bode archer non")
)

// findNames finds the names of people. Capitals are relied on where the text has them; else the list of given names is all there is.
func (x *text) findNames() []nameRun {
	x.caps = x.capitalised()
	x.seenName = map[string]bool{}
	for i := 1; i < len(x.tokens); i++ {
		if t := &x.tokens[i]; t.cap && !x.opensSentence(i) && !t.num {
			x.seenName[t.norm] = true
		}
	}
	x.cueNames = map[string]bool{}
	for i := range x.tokens {
		if t := &x.tokens[i]; t.cap && !t.mark && t.norm != "i" && x.personCue(i, i+1) && !(i+1 < len(x.tokens) && x.tokens[i+1].cap && placeWords[x.tokens[i+1].norm]) {
			x.cueNames[t.norm] = true
		}
	}
	x.spokenAt = map[string]bool{}
	for i := 1; i < len(x.tokens); i++ { // a town, wherever else it stands
		if t := &x.tokens[i]; t.cap && !t.poss && !x.isGiven(t.norm) && (x.tokens[i-1].norm == "in" || x.tokens[i-1].norm == "near") {
			x.spokenAt[t.norm] = true
		}
	}
	x.wordName = x.namesThatAreWords()
	isStart := make(map[int]bool, len(x.sents))
	for _, s := range x.sents {
		isStart[s.a] = true
	}
	var runs []nameRun
	for i := 0; i < len(x.tokens); i++ {
		if !x.nameLike(i, isStart) {
			continue
		}
		run := nameRun{span: span{i, i + 1}}
		if i > 0 && titles[x.tokens[i-1].norm] && (x.tokens[i-1].cap || !x.caps) {
			run.title, run.a = x.tokens[i-1].norm, i-1
		} else if i > 1 && x.tokens[i-1].norm == "." && titles[x.tokens[i-2].norm] && x.tokens[i-2].cap {
			run.title, run.a = x.tokens[i-2].norm, i-2
		}
		for !x.tokens[run.b-1].poss && run.b < len(x.tokens) && run.b-i < 4 && x.surnameLike(run.b) {
			run.b++
		}
		run.weak = run.title == "" && !x.isGiven(x.tokens[i].norm)
		if x.word(run.b) == "basket" {
			continue // "a Moses basket"
		}
		if x.houseNamed(run) {
			run.b++
			x.places = append(x.places, run.span)
			i = run.b - 1
			continue
		}
		if (run.weak || placeWords[x.tokens[run.b-1].norm] && !x.surnamed(run)) && run.title == "" && x.placeName(run, isStart[i]) {
			x.places = append(x.places, run.span)
			i = run.b - 1
			continue
		}
		if x.familyName(run) {
			x.families = append(x.families, span{i, run.b})
			i = run.b - 1
			continue
		}
		runs = append(runs, run)
		i = run.b - 1
	}
	return x.personal(runs)
}

var parentWords = setOf("mum mam mom mother dad father stepmum stepdad stepmother stepfather nan nana gran grandma aunt auntie uncle")

// nicknames are the full forms for which names are short. What is short for several is anybody's who bears one of them.
var nicknames = map[string]map[string]bool{
	"alex": setOf("alexander alexandra alejandro aleksander"), "lexi": setOf("alexandra alexis"), "sam": setOf("samuel samantha"), "ben": setOf("benjamin"), "dan": setOf("daniel danielle"), "danny": setOf("daniel"),
	"matt": setOf("matthew"), "tom": setOf("thomas tomasz"), "tommy": setOf("thomas"), "josh": setOf("joshua"), "charlie": setOf("charles charlotte"), "lottie": setOf("charlotte"), "ellie": setOf("eleanor"), "beth": setOf("elizabeth bethany"),
	"lizzie": setOf("elizabeth"), "katie": setOf("katherine kathryn catherine"), "kate": setOf("katherine kathryn catherine"), "billy": setOf("william"), "abi": setOf("abigail"), "abbie": setOf("abigail"), "izzy": setOf("isabella isabelle isabel"),
	"maddie": setOf("madeleine madison"), "ollie": setOf("oliver"), "livvy": setOf("olivia"), "teddy": setOf("edward theodore"), "theo": setOf("theodore"), "zach": setOf("zachary"), "jake": setOf("jacob"), "eddie": setOf("edward"),
	"becky": setOf("rebecca"), "becca": setOf("rebecca"), "jess": setOf("jessica"), "vicky": setOf("victoria"), "steph": setOf("stephanie"), "chris": setOf("christopher christine christina"), "mo": setOf("mohammed mohamed muhammad mohammad"),
	"mikey": setOf("michael"), "mike": setOf("michael"), "nick": setOf("nicholas"), "nicky": setOf("nicola nicole"), "tasha": setOf("natasha"), "jamie": setOf("james"), "joe": setOf("joseph"), "joey": setOf("joseph"), "josie": setOf("josephine"),
	"freddie": setOf("frederick"), "alfie": setOf("alfred"), "gabby": setOf("gabriella gabrielle"), "robbie": setOf("robert"), "millie": setOf("amelia millicent"), "tilly": setOf("matilda"), "jenny": setOf("jennifer"), "mandy": setOf("amanda"), "bea": setOf("beatrice beatriz beatrix"), "nat": setOf("natalie nathan nathaniel natasha"), "mel": setOf("melanie melissa"),
	"val": setOf("valerie"), "meg": setOf("megan"), "tim": setOf("timothy"), "tony": setOf("anthony"), "andy": setOf("andrew"), "rob": setOf("robert"), "dave": setOf("david"), "steve": setOf("steven stephen"), "ken": setOf("kenneth"), "greg": setOf("gregory"),
	"jen": setOf("jennifer"), "immy": setOf("imogen"), "trish": setOf("patricia"), "sue": setOf("susan"), "mick": setOf("michael"), "pete": setOf("peter"), "phil": setOf("philip phillip"), "rich": setOf("richard"), "ricky": setOf("richard"), "archie": setOf("archibald"),
	"georgie": setOf("georgia georgina"), "frankie": setOf("francesca francis frances"), "bex": setOf("rebecca"), "gabe": setOf("gabriel"), "cass": setOf("cassandra"), "deb": setOf("deborah debra"), "debs": setOf("deborah debra"), "debbie": setOf("deborah debra"),
	"liz": setOf("elizabeth"), "barney": setOf("barnaby"), "harry": setOf("harold harrison"), "jim": setOf("james"), "kev": setOf("kevin"), "lou": setOf("louise"), "maisie": setOf("margaret"), "maz": setOf("marilyn"), "paddy": setOf("patrick"), "ron": setOf("ronald"), "tash": setOf("natasha"),
	"gracie": setOf("grace"), "pippa": setOf("philippa"), "ros": setOf("rosalind rosemary"), "roz": setOf("rosalind rosalyn"), "kath": setOf("kathleen katherine kathryn"), "cath": setOf("catherine"), "pam": setOf("pamela"), "shell": setOf("michelle"), "suzie": setOf("susan suzanne"), "trudy": setOf("gertrude"), "viv": setOf("vivien vivienne vivian"), "winnie": setOf("winifred"),
	"hattie": setOf("harriet"), "hetty": setOf("harriet henrietta"), "dottie": setOf("dorothy"), "maggie": setOf("margaret"), "baz": setOf("barry"), "bertie": setOf("albert bertram"), "daz": setOf("darren"), "dazza": setOf("darren"), "des": setOf("desmond"), "dom": setOf("dominic dominik"), "ed": setOf("edward edwin"), "fred": setOf("frederick"), "gaz": setOf("gary gareth"), "gav": setOf("gavin"), "geoff": setOf("geoffrey"),
	"gerry": setOf("gerald gerard"), "jez": setOf("jeremy"), "jonny": setOf("jonathan"), "len": setOf("leonard"), "lenny": setOf("leonard"), "les": setOf("leslie"), "mitch": setOf("mitchell"), "nath": setOf("nathan nathaniel"), "olly": setOf("oliver"), "reg": setOf("reginald"), "reggie": setOf("reginald"), "rick": setOf("richard"), "ste": setOf("stephen steven"), "stu": setOf("stuart stewart"), "trev": setOf("trevor"),
	"vic": setOf("victor victoria"), "wes": setOf("wesley"), "zak": setOf("zachary zakariya"), "zac": setOf("zachary"), "kasia": setOf("katarzyna"), "gosia": setOf("małgorzata malgorzata"), "zosia": setOf("zofia"), "kuba": setOf("jakub"), "tomek": setOf("tomasz"), "wojtek": setOf("wojciech"), "bartek": setOf("bartosz bartłomiej"), "antek": setOf("antoni"), "dima": setOf("dmytro dmitry"),
}

// shortFor reports that one of two names is short for the other.
func shortFor(a, b string) bool {
	return nicknames[a][b] || nicknames[b][a] || endOfYoruba(a, b) || endOfYoruba(b, a)
}

// endOfYoruba reports a Yoruba name by whose end its bearer is called: "Seun" for Oluwaseun, "Tobi" for Oluwatobi.
func endOfYoruba(short, full string) bool {
	rest, ok := strings.CutSuffix(full, short)
	return ok && len(short) > 2 && (rest == "oluwa" || rest == "olu" || rest == "ade" || rest == "ayo" || rest == "omo")
}

// noNames are words for somebody that are no names.
var noNames = setOf("twin twins youngest eldest oldest middle other others older younger child children girls boys kids lad lads girl young person teenager toddler pupil student friend partner")

// ownKin are words behind which an unknown word that comes again is a name, in a text without capitals.
var ownKin = setOf("baby boy girl son daughter brother sister mum mam dad nan gran grandma grandad aunt auntie uncle stepdad stepmum partner boyfriend girlfriend")

// namesThatAreWords finds, in a text without capitals, the words that are also names and are given an age, or stand behind a word for a parent or the like:
// "grace is fourteen", "mum grace".
func (x *text) namesThatAreWords() map[string]bool {
	found := map[string]bool{}
	if x.caps {
		return found
	}
	said := map[string]int{}
	for i := range x.tokens {
		said[x.word(i)]++
	}
	for i := range x.tokens {
		if n := x.word(i); said[n] > 1 && i > 0 && x.roleEnd[i] && !x.tokens[i-1].poss && !x.isGiven(n) && x.unknownName(i) && ownKin[x.word(i-1)] {
			found[n] = true // "her baby boy kairo", who is spoken of again
		}
	}
	for i := range x.tokens {
		if n := x.word(i); len(n) > 3 && x.word(i+1) == "who" && x.word(i+2) == "'s" && !CommonWord(n) && !x.roleEnd[i+1] && !x.isGiven(n) && !noNames[n] && !isNumber(&x.tokens[i]) {
			if age, _, ok := x.ageAt(i + 3); ok && age != "" {
				found[n] = true // "and favour whos six"
			}
		}
	}
	for i := range x.tokens {
		n := x.word(i)
		if len(n) < 3 || !ambiguousNames[n] && x.lex.everyday[n] == "" || CommonWord(n) || x.lex.verb[n] != "" {
			continue
		}
		if parentWords[x.word(i-1)] && (ambiguousNames[n] || x.isGiven(n)) {
			found[n] = true
			continue
		}
		k := i + 1
		if x.word(k) == "who" {
			k++
		}
		if w := x.word(k); w != "is" && w != "'s" {
			continue
		}
		if _, _, ok := x.ageAt(k + 1); ok {
			found[n] = true
		}
	}
	return found
}

var buildings = setOf("house lodge school primary academy nursery hospital clinic centre center road avenue drive terrace crescent cottage surgery college")

// houseNamed reports a given name that is a building's, both with a capital or behind an article: "Willow House", "the Willow centre".
func (x *text) houseNamed(run nameRun) bool {
	return x.caps && run.title == "" && run.b-run.a == 1 && !x.tokens[run.a].poss && run.b < len(x.tokens) && (x.tokens[run.b].cap || x.before(run.a) == "the") && buildings[x.tokens[run.b].norm]
}

// surnamed reports a bearer of a surname that is also a word for a place, who is spoken of by the first name elsewhere: "Kirsty Lane", "Jodie Hall".
func (x *text) surnamed(run nameRun) bool {
	first := x.tokens[run.a].norm
	return x.isGiven(first) && x.cueNames[first] && !placePrepositions[x.before(run.a)] && x.before(run.a) != "on"
}

// severalOfName reports a name in the plural: "both Aishas".
func (x *text) severalOfName(i int) bool {
	stem, ok := strings.CutSuffix(x.tokens[i].norm, "s")
	if !ok || x.isGiven(x.tokens[i].norm) || !x.isGiven(stem) && !x.seenName[stem] {
		return false
	}
	switch x.word(i - 1) {
	case "both", "two", "three":
		return true
	}
	return false
}

// groupWord reports a word for several people, who bear no name: "Staff say", "Teachers think".
func (x *text) groupWord(i int) bool {
	n := x.tokens[i].norm
	if i > 0 && titles[x.tokens[i-1].norm] || x.isGiven(n) {
		return false
	}
	stem, ok := strings.CutSuffix(n, "s")
	return notSpeakers[n] || ok && x.lex.roles.words[stem] && x.lex.roles.byWord[stem] != nil
}

func (x *text) isGiven(norm string) bool {
	if _, ok := x.lex.given[norm]; ok {
		return true
	}
	if x.terms[norm] {
		return true
	}
	head, _, ok := strings.Cut(norm, "-")
	if ok {
		_, ok = x.lex.given[head]
	}
	return ok
}

// capitalised reports whether capitals within sentences can be relied on.
func (x *text) capitalised() bool {
	inner := 0
	for i := 1; i < len(x.tokens); i++ {
		t := &x.tokens[i]
		if t.cap && !x.tokens[i-1].mark && t.norm != "i" {
			inner++
		}
	}
	return inner*100 > len(x.tokens)
}

func (x *text) nameLike(i int, isStart map[int]bool) bool {
	t := &x.tokens[i]
	if t.mark || t.part || t.num || isNumber(t) || len(t.norm) < 2 {
		return false
	}
	n := t.norm
	if neverNames[n] || x.word(i-1) == "as" && x.word(i-2) == "happy" || x.severalOfName(i) || x.groupWord(i) || DateWord(n) && !(x.isGiven(n) && t.cap && i > 0 && titles[x.tokens[i-1].norm]) && !x.aprilAsName(i) {
		return false
	}
	given := x.isGiven(n)
	if !t.cap {
		if x.caps && !x.terms[n] {
			return false
		}
		if x.wordName[n] || !given && x.speaksLikeAName(i) {
			return true
		}
		if !given || len(n) < 3 {
			return false
		}
		if ambiguousNames[n] {
			return x.roleEndsAt(i) || i > 0 && titles[x.tokens[i-1].norm] || i+1 < len(x.tokens) && x.lex.speech[x.tokens[i+1].norm] != "" && !determiners[x.before(i)]
		}
		return true
	}
	if n == "i" || CommonWord(n) && !given {
		return false
	}
	if upper := strings.ToUpper(t.text) == t.text && len(t.text) > 1; upper && !given {
		return false
	}
	first := isStart[i] || x.opensSentence(i)
	if first && !given {
		if next := x.word(i + 1); x.lex.everyday[n] != "" && x.seenName[n] && (finiteAux[next] || x.lex.finite[next]) {
			return true // "Hope was playing"
		}
		if titles[n] || x.lex.verb[n] != "" || x.roleAt(i) || fillers[n] || coldWords[n] {
			return false // "Unannounced, ten past four"
		}
		if sizeWords[n] && !x.toldApart(i+1) {
			return false // "Little Musa"
		}
		return x.seenName[n] || x.strongCue(i) || x.strangeSubject(i)
	}
	if first && given && ambiguousNames[n] {
		return x.personCue(i, i+1) || x.tokens[i].poss || x.fullNameAt(i)
	}
	if titles[n] || x.roleAt(i) && !given {
		return false
	}
	return true
}

// fullNameAt reports a given name with a capital before a word with one that is none of the language's: "Craig Duddridge and his two".
func (x *text) fullNameAt(i int) bool {
	if i+1 >= len(x.tokens) || !x.caps || x.tokens[i].poss {
		return false
	}
	t := &x.tokens[i+1]
	return !hills[x.tokens[i].norm] && t.cap && !t.mark && !t.part && len(t.norm) > 2 && !DateWord(t.norm) && !neverNames[t.norm] && !placeWords[t.norm] && strange(t.norm)
}

// hills are names that begin those of houses and farms, too: "Bryn Eithin".
var hills = setOf("bryn glen dale brook cliff heath")

// strange reports a word that is none of the language's.
func strange(norm string) bool { return !english.Builtin().Has(norm) }

// strangeAged reports that right behind a word with a capital that is none of the language's, at token k, stands a child's age and no more: "Sana nine and Idris four".
func (x *text) strangeAged(k int) bool {
	if k < 1 || !x.caps || !x.tokens[k-1].cap || len(x.tokens[k-1].norm) < 3 || DateWord(x.tokens[k-1].norm) || neverNames[x.tokens[k-1].norm] || placeWords[x.tokens[k-1].norm] || !strange(x.tokens[k-1].norm) && !x.isGiven(x.tokens[k-1].norm) {
		return false
	}
	n, ok := numberAt(x.tokens, k)
	return ok && !n.ordinal && n.next == k+1 && n.value < 18 && x.tokens[k].norm != "one" && (n.next >= len(x.tokens) || x.tokenIs(n.next, ",") || x.tokenIs(n.next, ".") || x.word(n.next) == "and")
}

var sizeWords = setOf("little wee young poor dear")

// toldApart reports a name that two share: "big Liam and little Liam".
func (x *text) toldApart(i int) bool {
	if x.bigger == nil {
		x.bigger = map[string]bool{}
		for k := 1; k < len(x.tokens); k++ {
			if n := x.word(k - 1); n == "big" || n == "old" || n == "older" || n == "senior" {
				x.bigger[x.word(k)] = true
			}
		}
	}
	return x.bigger[x.word(i)]
}

// strangeSubject reports a word at a sentence's begin that is none of the language's and acts as people do: "Nasima opened the door".
func (x *text) strangeSubject(i int) bool {
	t := &x.tokens[i]
	if !x.caps || len(t.norm) < 3 || placeWords[t.norm] || organisations[t.norm] || x.lex.known(t.norm) || !strange(t.norm) {
		return false
	}
	k := i + 1
	if t.poss { // "Bridie's the mum", "Grant's his stepdad"
		return k+1 < len(x.tokens) && (determiners[x.word(k)] || possessives[x.word(k)]) && x.roleAt(k+1)
	}
	for k < len(x.tokens) && k < i+3 && !x.tokens[k].mark && x.surnameLike(k) {
		k++
	}
	for k < len(x.tokens) && adverbs[x.tokens[k].norm] {
		k++
	}
	if x.tokenIs(k, ",") && k == i+1 { // "Oluwaseun, they call him Seun, is eight"
		for m := k + 1; m < k+8 && m+1 < len(x.tokens); m++ {
			if x.tokenIs(m, ",") {
				n := x.word(m + 1)
				return n == "is" || n == "was"
			}
			if x.tokens[m].mark {
				break
			}
		}
	}
	n := x.word(k)
	return finiteAux[n] || x.lex.finite[n]
}

// opensSentence reports a word whose capital may be no more than a sentence's first: one after any mark but a comma or a bracket.
func (x *text) opensSentence(i int) bool {
	return i == 0 || x.tokens[i-1].mark && x.tokens[i-1].norm != "," && x.tokens[i-1].norm != "("
}

// speaksLikeAName reports, in a text without capitals, a word of no other kind that stands before "said" or "told me".
func (x *text) speaksLikeAName(i int) bool {
	t := &x.tokens[i]
	if len(t.norm) < 3 || i+1 >= len(x.tokens) || t.poss || x.lex.verb[t.norm] != "" || CommonWord(t.norm) || x.roleAt(i) || x.roleEnd[i+1] || organisations[t.norm] || fillers[t.norm] || isNumber(t) || notSpeakers[t.norm] {
		return false
	}
	if i > 0 && (determiners[x.tokens[i-1].norm] || x.tokens[i-1].poss) {
		return false
	}
	next := x.tokens[i+1].norm
	return next == "said" || next == "says" || next == "told" && i+2 < len(x.tokens) && (x.tokens[i+2].norm == "me" || x.tokens[i+2].norm == "us")
}

var notSpeakers = setOf("people staff teachers parents children kids family families housing landlord council workers professionals doctors social services team everyone people's also girls boys couple neighbours paramedics professionals police time today though well home visit")

// aprilAsName allows names that are months when a role stands before or a person's verb after, or where the text speaks of such a child elsewhere.
func (x *text) aprilAsName(i int) bool {
	if t := &x.tokens[i]; t.cap && x.isGiven(t.norm) && x.monthChild()[t.norm] && (i == 0 || !monthly[x.word(i-1)] && !x.tokens[i-1].num) {
		return true
	}
	return x.tokens[i].cap && x.isGiven(x.tokens[i].norm) && (x.roleEndsAt(i) || i+1 < len(x.tokens) && x.lex.speech[x.tokens[i+1].norm] != "" && i > 0 && !prepositions[x.tokens[i-1].norm])
}

// monthly are words behind which a month is a month.
var monthly = setOf("in since by until till of last next this from early late mid before after during through throughout")

var ownThings = setOf("chest arm arms leg legs hand hands hair face eye eyes ear ears nose teeth tooth clothes coat shoes nappy bedroom room bed cot mum mummy dad daddy nan teacher speech asthma attendance behaviour birthday voice wishes")

// personsActs are what a person does and no month: "Jan met me", "June let me in", "Jan hasn't had the form".
var personsActs = setOf("met let opened answered came went rang phoned said says told tells agreed thinks showed asked hasn't doesn't didn't isn't wasn't")

// monthChild are the names of months that some place of the text gives to somebody: "Zofia, 10, Jan, 6", "Jan is six", "Jan who's six", "April's chest", "Jan met me".
func (x *text) monthChild() map[string]bool {
	if x.months != nil {
		return x.months
	}
	x.months = map[string]bool{}
	for i := range x.tokens {
		t := &x.tokens[i]
		if _, month := months[t.norm]; !month || !t.cap || i > 0 && (monthly[x.word(i-1)] || x.tokens[i-1].num) {
			continue
		}
		listed := i > 1 && x.tokenIs(i-1, ",") && isNumber(&x.tokens[i-2]) && x.tokenIs(i+1, ",") && i+3 < len(x.tokens) && isNumber(&x.tokens[i+2]) && x.tokens[i+3].mark
		aged := (x.word(i+1) == "is" || x.word(i+1) == "'s") && i+3 < len(x.tokens) && isNumber(&x.tokens[i+2]) && x.tokens[i+3].mark
		who := x.word(i+1) == "who" && (x.word(i+2) == "is" || x.word(i+2) == "'s" || x.word(i+2) == "was" || x.word(i+2) == "has") // "and Jan, who's three"
		if comma := x.tokenIs(i+1, ","); comma && x.word(i+2) == "who" {
			who = true
		}
		acts := personsActs[x.word(i+1)] || (x.word(i+2) == "not" || x.word(i+2) == "n't") && finiteAux[x.word(i+1)] && x.word(i+1) != "is" && x.word(i+1) != "was"
		if listed || aged || who || acts && x.isGiven(t.norm) || x.word(i-1) == "baby" || x.word(i-1) == "little" || t.poss && ownThings[x.word(i+1)] {
			x.months[t.norm] = true
		}
	}
	return x.months
}

func (x *text) surnameLike(i int) bool {
	t := &x.tokens[i]
	if t.mark || t.part || t.num || !t.cap {
		return !x.caps && x.unknownName(i) && !(t.poss && x.isGiven(t.norm))
	}
	return !neverNames[t.norm] && !DateWord(t.norm) && t.norm != "i" && !CommonWord(t.norm) && (strings.ToUpper(t.text) != t.text || len(t.text) == 1)
}

// unknownName reports, in a text without capitals, a word that no lexicon knows, where a surname can stand: before a verb, an age, a role or a mark.
func (x *text) unknownName(i int) bool {
	t := &x.tokens[i]
	if t.mark || t.part || t.num || len(t.norm) < 3 || t.norm == "aged" || x.lex.known(t.norm) || x.lex.verb[strings.TrimPrefix(t.norm, "over")] != "" || isNumber(t) || DateWord(t.norm) || x.roleStart[i] > 0 || neverNames[t.norm] || placeWords[t.norm] || i > 0 && x.tokens[i-1].poss {
		return false
	}
	if t.poss || i+1 >= len(x.tokens) {
		return true
	}
	next := &x.tokens[i+1]
	return next.mark || finiteAux[next.norm] || x.lex.verb[next.norm] != "" || isNumber(next) || next.norm == "and" || next.norm == "who" || next.norm == "aged" || next.norm == "to" || next.norm == "the" || subjectPronouns[next.norm] && i+2 < len(x.tokens) && x.tokens[i+2].norm == "'s" || x.roleStart[i+1] > 0 || possessives[next.norm]
}

// roleAt and roleEndsAt report whether a word for a person begins at, or ends before, token i.
func (x *text) roleAt(i int) bool { return i >= 0 && i < len(x.tokens) && x.roleStart[i] > 0 }

func (x *text) roleEndsAt(i int) bool {
	if i > 0 && x.tokens[i-1].mark && x.tokens[i-1].norm == "," {
		i--
	}
	return i > 0 && x.roleEnd[i]
}

// placeName reports whether a capitalised run names a place, a service or a thing.
func (x *text) placeName(r nameRun, first bool) bool {
	last := &x.tokens[r.b-1]
	if placeWords[last.norm] || r.b < len(x.tokens) && placeWords[x.tokens[r.b].norm] && !last.poss && x.tokens[r.b].norm != "family" && x.tokens[r.b].norm != "plan" && x.tokens[r.b].norm != "day" {
		return true
	}
	if n := x.word(r.b); n == "programme" || n == "project" || n == "week" || n == "basket" || n == "trust" || n == "foundation" || n == "scheme" || x.word(r.b+1) == "programme" && !x.tokens[min(r.b, len(x.tokens)-1)].cap {
		return !last.poss
	}
	before := x.before(r.a)
	if before == "the" && !x.familyName(r) {
		return true
	}
	if x.animal(r) || strings.HasSuffix(x.tokens[r.a].norm, "ing") && x.lex.verb[x.tokens[r.a].norm] != "" || r.b-r.a == 1 && x.spokenAt[x.tokens[r.a].norm] {
		return true
	}
	if placePrepositions[before] && !first && r.a > 1 && r.b-r.a == 1 && !last.poss && !x.isGiven(last.norm) && x.tokens[r.a-2].cap && !x.tokens[r.a-2].mark && titles[x.word(r.a-3)] {
		return true // "Mrs Achebe at Larkfield has said"
	}
	return placePrepositions[before] && !first && !x.personCue(r.a, r.b) && !last.poss && !x.cueNames[x.tokens[r.a].norm]
}

// animal reports the name of a pet: "the dog, Rex", "a new staffie called Tyson".
func (x *text) animal(r nameRun) bool {
	for k := r.a - 1; k >= 0 && k > r.a-9; k-- {
		t := &x.tokens[k]
		if t.mark && t.norm != "," {
			return false
		}
		switch t.norm {
		case "dog", "dogs", "puppy", "staffie", "labrador", "cat", "cats", "kitten", "hamster", "rabbit", "horse", "pony", "parrot", "budgie", "tortoise", "teddy", "doll":
			return x.before(r.a) == "called" || x.before(r.a) == "named" || x.tokens[r.a-1].norm == "," && k == r.a-2 || k == r.a-1
		}
	}
	return false
}

// familyName reports "the Hale family", "the Hales", "family name Osei".
func (x *text) familyName(r nameRun) bool {
	before := x.before(r.a)
	next := ""
	if r.b < len(x.tokens) {
		next = x.tokens[r.b].norm
	}
	if next == "family" || next == "household" || next == "siblings" || next == "children" {
		return r.title == "" && !x.tokens[r.b-1].poss && before == "the"
	}
	if before == "name" || before == "surname" || before == "family" && r.b-r.a == 1 && !x.isGiven(x.tokens[r.a].norm) {
		return true
	}
	return before == "the" && strings.HasSuffix(x.tokens[r.b-1].norm, "s") && r.b-r.a == 1
}

// personCue reports whether the words around a run are those that stand around people.
func (x *text) personCue(a, b int) bool {
	if x.roleEndsAt(a) || a > 0 && titles[x.tokens[a-1].norm] {
		return true
	}
	k := b
	if k >= len(x.tokens) {
		return false
	}
	for k < len(x.tokens) && k < b+3 && !x.tokens[k].mark && x.surnameLike(k) {
		k++
	}
	if x.tokens[k-1].poss {
		return k < len(x.tokens) && (x.roleAt(k) || !x.tokens[k].mark)
	}
	if k >= len(x.tokens) {
		return false
	}
	next := &x.tokens[k]
	if next.mark {
		if next.norm == "," && k+1 < len(x.tokens) {
			j := k + 1
			if n, ok := numberAt(x.tokens, j); ok && !n.ordinal && n.value < 100 {
				return true
			}
			if w := x.tokens[j].norm; w == "who" || w == "aged" || (w == "he" || w == "she") && x.word(j+1) == "'s" && j+2 < len(x.tokens) && isNumber(&x.tokens[j+2]) {
				return true
			}
			if x.word(j) == "that" && x.word(j+1) == "'s" && x.word(j+2) != "the" {
				j += 2
			}
			for n := 0; n < 3 && j < len(x.tokens) && !x.tokens[j].mark; n, j = n+1, j+1 {
				if x.roleAt(j) {
					return true
				}
			}
		}
		return next.norm == "(" && k+1 < len(x.tokens) && x.tokens[k+1].num
	}
	if isNumber(next) && x.strangeAged(k) {
		return true
	}
	w := next.norm
	if adverbs[w] && k+1 < len(x.tokens) {
		w = x.tokens[k+1].norm
	}
	if (w == "the" || possessives[w]) && k+1 < len(x.tokens) && x.roleAt(k+1) {
		return true // "Martin the father"
	}
	if w == "and" && k+2 < len(x.tokens) && possessives[x.word(k+1)] && x.roleAt(k+2) && strange(x.tokens[a].norm) {
		return true // "Ysella and her brother Jory"
	}
	return finiteAux[w] || x.lex.speech[w] != "" || x.lex.finite[w] || w == "who" || x.lex.verb[w] != "" && !determiners[w] && x.tokens[k].norm != "visit" && x.tokens[k].norm != "plan" || w == "to" && k+1 < len(x.tokens) && x.lex.verb[x.tokens[k+1].norm] == x.tokens[k+1].norm
}

// strongCue is personCue for the first word of a sentence, which has its capital anyway.
func (x *text) strongCue(i int) bool {
	if x.roleEndsAt(i) || i > 0 && titles[x.tokens[i-1].norm] {
		return true
	}
	k := i + 1
	for k < len(x.tokens) && k < i+3 && !x.tokens[k].mark && x.surnameLike(k) {
		k++
	}
	if k >= len(x.tokens) {
		return false
	}
	next := &x.tokens[k]
	if x.tokens[k-1].poss { // "Benji's two"
		if _, _, ok := x.ageAt(k); ok {
			return true
		}
	}
	return next.mark && next.norm == "," && x.personCue(i, i+1) || x.lex.speech[next.norm] != "" && x.lex.finite[next.norm] || x.tokens[k-1].poss && x.roleAt(k) || k > i+1 && x.personCue(i, i+1)
}

// maxNames is how many different names are kept apart. No dictation has as many; a text that does must not slow everything down.
const maxNames = 300

// personal keeps the runs that name people: a given name, a title, or a person's surroundings at some place in the text.
func (x *text) personal(runs []nameRun) []nameRun {
	known := map[string]bool{}
	for _, r := range runs {
		if !r.weak || x.personCue(r.a, r.b) || x.listed(r) {
			for i := r.a; i < r.b; i++ {
				known[x.tokens[i].norm] = true
			}
		}
	}
	var out []nameRun
	distinct := map[string]bool{}
	for _, r := range runs {
		first := x.tokens[r.b-1].norm
		if !distinct[first] && len(distinct) >= maxNames {
			continue
		}
		distinct[first] = true
		if known[x.tokens[r.b-1].norm] || known[x.tokens[r.a].norm] {
			out = append(out, r)
		}
	}
	return out
}

var speaking = setOf("spoke speak speaking spoken talked talk talking chatted")

// listed reports a run that stands with "with", "saw" and the like, as people do.
func (x *text) listed(r nameRun) bool {
	alien := x.caps && strange(x.tokens[r.a].norm)
	switch before := x.before(r.a); {
	case alien && before == "'s" && x.word(r.a-2) == "that", (before == "was" || alien && before == "is") && r.a > 1 && x.roleEnd[r.a-1]:
		return true // "Nan let me in, that's Gwenda", "the interpreter was Hashmat"
	case alien && x.tokenIs(r.a-1, ",") && x.tokenIs(r.b, ",") && x.tokens[max(r.a-2, 0)].cap && titles[x.word(r.a-3)] && r.b-r.a == 1:
		return true // "Mrs Rahimi, Parwana, let me in"
	case alien && (before == "to" || before == "see" || before == "seeing" || before == "of") && x.visitedAs(r):
		return true // "looked-after visit to Idrissa, unaccompanied"
	case alien && before == "are" && r.a > 1 && childPlurals[x.word(r.a-2)], alien && (before == "'s" || before == "is") && x.word(r.a-2) == "there" && x.word(r.b) == "and":
		return true // "Twins are Kosi and Kamara", "There's Ayub and Zakariya"
	case x.caps && before == "to" && speaking[x.word(r.a-2)] && (ambiguousNames[x.word(r.a)] || x.lex.everyday[x.word(r.a)] != ""), x.caps && before == "or" && x.tokens[max(r.a-2, 0)].cap && x.isGiven(x.word(r.a-2)):
		return true // "spoke to Grace", "not seen Alfie or Grace"
	}
	switch x.before(r.a) {
	case "says", "said", "because", "cos", "when", "while", "after", "before", "thinks", "that":
		return x.word(r.b) != "" && (adverbs[x.word(r.b)] || x.word(r.b) == "never" || x.lex.verb[x.word(r.b)] != "")
	case "with", "saw", "seen", "met", "see", "told", "asked", "by", "called", "named", "for", "ring", "phone", "text", "email", "speak", "spoke", "ask", "tell", "let", "remind", "and", "uncle", "auntie", "visited", "meet":
		return true
	}
	return false
}

// visitedAs reports that a run behind "visit to" is somebody and no place: its bearer's age, class, or whereabouts follow.
func (x *text) visitedAs(r nameRun) bool {
	visit := x.before(r.a) == "seeing"
	for k := r.a - 2; k >= 0 && k > r.a-6 && !visit; k-- {
		visit = visitWords[x.word(k)]
	}
	if !visit {
		return false
	}
	k := r.b
	if x.word(k) == "at" || x.word(k) == "and" && k+1 < len(x.tokens) && (possessives[x.word(k+1)] || x.tokens[k+1].cap) {
		return true
	}
	if !x.tokenIs(k, ",") {
		return false
	}
	switch n := x.word(k + 1); n {
	case "he", "she", "who", "aged", "or", "unaccompanied", "known", "they":
		return true
	case "year":
		return k+2 < len(x.tokens) && isNumber(&x.tokens[k+2])
	}
	_, _, ok := x.ageAt(k + 1)
	return ok
}

// findRoles finds the words for people and marks where they begin and end.
func (x *text) findRoles() []roleRun {
	x.roleStart = make([]int, len(x.tokens)+1)
	x.roleEnd = make([]bool, len(x.tokens)+1)
	var out []roleRun
	for i := 0; i < len(x.tokens); i++ {
		best, entry := 0, 0
		x.lex.roles.at(x.tokens, i, len(x.tokens), func(e, stop int) {
			if stop > best {
				best, entry = stop, e
			}
		})
		called := ""
		if row, name, stop := x.composedRole(i); stop > best || stop > 0 && stop == best && roleHeads[x.lex.roleList[entry].name] {
			best, entry, called = stop, row, name
		} else if best == 0 {
			continue
		} else if x.notARole(i, best, entry) {
			i = best - 1
			continue
		}
		r := roleRun{span: span{i, best}, role: entry, named: -1, called: called}
		x.roleStart[i], x.roleEnd[best] = entry+1, true
		out = append(out, r)
		i = best - 1
	}
	return out
}

var (
	afterRoleThings = setOf("protection in minder care appointment appointments check checks test service services team voucher vouchers practice surgery centre group course house order hood development and-family mental focused " +
		"benefit abuse assessment arrangements seat lock friendly sexual exploitation home's sharp records record note notes letter")
	childWords = setOf("child boy girl baby youngster")
)

// notARole sets aside words that are roles elsewhere: "child protection", "GP practice", "a school nurse appointment".
func (x *text) notARole(a, b, entry int) bool {
	w := x.tokens[a].norm
	next := ""
	if b < len(x.tokens) {
		next = x.tokens[b].norm
	}
	prev := ""
	if a > 0 {
		prev = x.tokens[a-1].norm
	}
	if x.tokens[b-1].poss && (w == "gp" || w == "doctor" || w == "dentist") && next != "view" {
		return true
	}
	if kind := x.lex.roleList[entry].kind; prev == "no" && (kind == roleProfessional || kind == roleOther) && next != "called" {
		return true // "no interpreter, not needed"
	}
	if w == "boss" && (next == "of" || prev == "the" && (x.word(a-2) == "'s" || x.word(a-2) == "is")) {
		return true // "she's the boss in that house"
	}
	if afterRoleThings[next] && !x.tokens[b-1].poss && !(w == "head" && next == "in") {
		return !(next == "in" && !childWords[w]) && !(next == "home's") && !(next == "home" && !childWords[w]) && !((next == "care" || next == "check" || next == "checks" || next == "test") && x.lex.roleList[entry].kind == roleFamily)
	}
	if x.motherAndBaby(a) || w == "cleaner" && (next == "than" || next == "now" || prev == "lot" || prev == "much" || prev == "bit") {
		return true
	}
	if kind := x.lex.roleList[entry].kind; (kind == roleOther || w == "pharmacist") && (prev == "a" || prev == "an") && (jobs[x.lex.roleList[entry].name]) {
		switch x.word(a - 2) {
		case "is", "'s", "was", "be", "been", "become", "as":
			return true // "he'd like to be an electrician", "her nephew is a joiner"
		}
	}
	if n := x.word(a - 3); (prev == "a" || prev == "an") && (n == "he" || n == "she" || n == "who") && (x.word(a-2) == "'s" || x.word(a-2) == "is" || x.word(a-2) == "was") && workOf[x.lex.roleList[entry].name] {
		return true // "Kamran, he's a taxi driver", "she was a nurse back home"
	}
	if prev == "as" && jobs[x.lex.roleList[entry].name] {
		return true // "was chosen as librarian"
	}
	switch w {
	case "judge", "boss", "coach", "warden", "porter", "registrar", "supervisor", "sponsor", "employer":
		return !determiners[prev] && !possessives[prev] && prev != "another" && !(a > 0 && x.tokens[a-1].poss) && x.lex.speech[next] == "" && !x.nameFollows(b) && !(x.tokenIs(b, ",") && x.nameFollows(b+1)) || prev == "i" || prev == "to"
	case "social":
		return prev == "another" || prev == "a" && next != "called" && next != "named" // "he doesn't want another social worker"
	case "sergeant":
		return b-a == 1 && (x.nameFollows(b) || b < len(x.tokens) && !x.caps && x.unknownName(b)) // the title of whom is named next
	case "lado":
		return next == "referral" || next == "referrals" || next == "process"
	case "mum", "dad", "mother", "father", "parent", "nan", "gran", "grandmother", "auntie", "aunt":
		if prev == "a" || prev == "another" {
			return next != "who" && next != "figure" && next != "of" && (next == "at" || next == "from" || next == "in" || next == "" || prev == "another") // "a mum at the school gate" is nobody of the family
		}
	case "dentist", "optician":
		if x.lex.speech[next] == "" && next != "has" && next != "had" && next != "who" && next != "wants" && next != "thinks" && !(x.lex.finite[next] && !finiteAux[next] && next != "done" && next != "booked") && !x.nameFollows(b) && !(x.tokenIs(b, ",") && x.nameFollows(b+1)) {
			return true // "never got to the dentist"
		}
		fallthrough
	case "gp", "solicitor", "doctor":
		if prev == "a" || prev == "an" || prev == "any" || prev == "no" {
			return next != "called" && next != "named"
		}
	case "head", "chair", "manager", "officer", "guardian", "mentor", "tutor", "consultant", "mate", "ex", "friend", "partner":
		if prev == "make" || prev == "best" && w != "friend" && w != "mate" {
			return true
		}
		if w == "friend" || w == "mate" || w == "ex" || w == "partner" {
			return !(possessives[prev] || a > 0 && x.tokens[a-1].poss || prev == "the" || prev == "a" || prev == "new" || prev == "family" || prev == "old" || prev == "best" || prev == "school" || prev == "good" || prev == "and" || prev == "'s" || w == "partner" && x.nameFollows(b))
		}
		if w == "head" { // who runs a school, and no part of a body: "on the head", "foggy in the head"
			before := x.word(a - 2)
			return prev != "the" || next == "and" || next == "on" || next == "of" || next == "injury" || next == "banging" || next == "butting" || next == "lice" || before == "on" || before == "in" || before == "over" || before == "round" || before == "above" || before == "practise"
		}
	case "da":
		return !possessives[prev] && prev != "the" && prev != "their" || x.tokens[a].cap && prev != "the"
	case "host":
		return !possessives[prev] && prev != "the" || next == "of" || next == "family" || next == "families"
	case "carer":
		if prev == "young" || prev == "a" && next != "called" && next != "named" && next != "who" {
			return true // "he's a young carer", "she has said yes to a carer"
		}
		return x.tokens[b-1].poss && (next == "assessment" || next == "allowance" || next == "break" || next == "leave" || next == "card")
	case "guard":
		return prev == "fire" || prev == "stair" || prev == "bed" || prev == "cot" || prev == "on" || prev == "her" || prev == "his" || prev == "their"
	case "cleaner":
		return prev == "dry" || prev == "vacuum"
	case "wife":
		return prev == "his" && x.word(a-2) == "and" && x.word(a-3) == "world"
	case "child":
		return prev != "the" && prev != "this" && prev != "youngest" && prev != "oldest" && prev != "eldest" && prev != "middle" && prev != "older" && prev != "younger" && prev != "elder"
	case "boy", "girl":
		return prev == "that" || prev == "good" || prev == "older" || prev == "other"
	case "nanny", "nana", "dada", "pops", "salt", "dadi", "nani":
		return w == "salt" || (w == "dada" || w == "pops") && !x.tokens[a].cap
	case "baby":
		if x.tokens[b-1].poss {
			return false
		}
		return next == "food" || next == "milk" || next == "monitor" || next == "clothes" || next == "gate" || next == "clinic" || next == "group" || next == "bath" || next == "room" || next == "equipment" || next == "doll" || next == "bear" || next == "vest" || next == "vests" || next == "wipes" || next == "formula" || next == "bottle" || next == "bottles" || next == "seat" || next == "sling" || next == "scan" || next == "things" || next == "bag" || prev == "a" || prev == "having" || roleAdjectives[prev] && x.word(a-2) == "a"
	}
	return false
}

// jobs are roles that can be anybody's work, so that "he is a joiner" tells of no other person.
var jobs = setOf("electrician joiner plumber librarian caretaker cleaner driver pharmacist coach porter chaplain judge")

// workOf are roles that are also what a parent or a relative does for a living.
var workOf = map[string]bool{"taxi driver": true, "driver": true, "nurse": true, "teacher": true, "teaching assistant": true, "childminder": true, "cleaner": true, "security guard": true, "receptionist": true,
	"carer": true, "doctor": true, "midwife": true, "police officer": true, "dentist": true, "caretaker": true, "pastor": true, "imam": true}

// completeRoles adds to each role who it is of, and whether it is only supposed.
func (x *text) completeRoles(roles []roleRun) {
	for k := range roles {
		r := &roles[k]
		x.managerOf(r)
		i := r.a - 1
		for i >= 0 && !x.tokens[i].mark && roleAdjectives[x.tokens[i].norm] {
			i--
		}
		if i < 0 || x.tokens[i].mark {
			continue
		}
		t := &x.tokens[i]
		switch {
		case possessives[t.norm]:
			r.pronoun = t.norm
		case t.poss:
			r.owner = span{i, i + 1}
		}
		j := i
		if r.pronoun != "" || determiners[t.norm] {
			j--
		} else if t.poss {
			j--
		}
		for j >= 0 && !x.tokens[j].mark && (x.tokens[j].norm == "like" || x.tokens[j].norm == "be" || x.tokens[j].norm == "maybe" || x.tokens[j].norm == "possibly" || x.tokens[j].norm == "whether") {
			if x.tokens[j].norm != "be" && (x.tokens[j].norm != "like" || determiners[x.tokens[j+1].norm]) || j > 0 && (x.tokens[j-1].norm == "could" || x.tokens[j-1].norm == "might" || x.tokens[j-1].norm == "may" || t.norm == "a" && (x.tokens[j-1].norm == "would" || x.tokens[j-1].norm == "'d")) {
				r.supposed = true
			}
			j--
		}
	}
}

// managerOf reads of what somebody is the manager, where a nursery or the like was named in the sentence before: "rang nursery and Beth, the manager, said".
func (x *text) managerOf(r *roleRun) {
	if r.b-r.a != 1 || x.word(r.a) != "manager" || r.a == 0 || x.word(r.a-1) != "the" {
		return
	}
	for i := r.a - 1; i >= 0 && i > r.a-16 && (!x.tokens[i].mark || x.tokens[i].norm == ","); i-- {
		var role string
		switch x.word(i) {
		case "nursery", "preschool", "playgroup":
			role = "nursery manager"
		case "home", "unit":
			role = "home manager"
		case "refuge":
			role = "refuge worker"
		default:
			continue
		}
		r.role = x.roleIndex(role)
		return
	}
}

var roleAdjectives = setOf("new old older younger youngest oldest eldest middle little big current former own late previous allocated named local designated maternal paternal key main best good close own twin biological birth other first second")
