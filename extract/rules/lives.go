package rules

import "sort"

// Who is grown and who is a child in a text that tells nobody's age: by what each does and has, as a worker tells it whose listeners know the family.

// Words for what is a child's, or a grown person's, when it is somebody's own or what somebody is at: "Jake was on his Xbox", "her reading certificate".
var (
	childsOwn   = setOf("jabs lunchbox spellings pep xbox ipad playstation tablet lego toys toy dolls trampoline homework teacher certificate drawing drawings pyjamas cot pram buggy highchair nappy trains dinosaurs teddy reading colouring")
	atOwn       = setOf("about on in with at doing did has had me likes loves through")
	childsDoing = setOf("homework colouring crawling toddling babbling giggling")
	atIt        = setOf("was were is are 's doing did does")
	childsDay   = setOf("school nursery football brownies cubs scouts swimming dance gymnastics")
	upKin       = setOf("mum mam mummy dad daddy nan nana gran granny grandma grandad grandpa stepdad stepmum carer")
	grownOwn    = setOf("kids children boys girls baby son daughter partner husband wife ex landlord tenancy benefits job shift shifts drinking probation depression methadone")
	drinks      = setOf("alcohol drink beer cider vodka weed cannabis")
)

// sureSign is from how much on the signs of a life tell: above nought for a child, below for somebody grown.
const sureSign = 2

// farBack is how many names back a sentence's "he" or "she" is looked for.
const farBack = 8

// livesOf weighs, for each who is named, the words about him or her; nothing in a text that tells children by their ages.
func (x *text) livesOf(names []nameRun, byName []int, aged bool) map[int]int {
	if aged {
		return nil
	}
	signs := map[int]int{}
	for n, run := range names {
		signs[byName[n]] += x.lifeSigns(run.b, x.upToName(names, n+1, x.sents[x.sentenceOf(run.b-1)].b), x.givenGender(&x.people[byName[n]]))
	}
	for _, s := range x.sents { // "Visit to Rosa. She's been clean for eight weeks."
		g := pronounGenders[x.word(s.a)]
		if !subjectPronouns[x.word(s.a)] || g == "" {
			continue
		}
		next := namesUpTo(names, s.a)
		for n := next - 1; n >= max(0, next-farBack); n-- {
			if known := x.givenGender(&x.people[byName[n]]); known == "" || known == g {
				signs[byName[n]] += x.lifeSigns(s.a+1, x.upToName(names, next, s.b), g)
				break
			}
		}
	}
	return signs
}

// upToName is token b, or where name n begins before it.
func (x *text) upToName(names []nameRun, n, b int) int {
	if n < len(names) {
		return min(b, names[n].a)
	}
	return b
}

// lifeSigns weighs the words from token a, behind somebody of a gender ("" where it is not known), to token end.
func (x *text) lifeSigns(a, end int, gender string) int {
	sum, said := 0, false
	for k := a; k < end; k++ {
		before, n, next := x.word(k-1), x.word(k), x.word(k+1)
		if (n == "she" || n == "he") && (next == "'s" || next == "has") && x.word(k+2) == "got" && x.hasYoung(k+3) {
			sum -= sureSign // "Nicole, she's got the three"
		}
		if !said && k > a && (x.tokens[k].mark || subjectPronouns[n] && n != "who") {
			break // what follows may be of another
		}
		own := (n == "his" || n == "her") && (gender == "" || pronounGenders[n] == gender)
		had := before == "has" || before == "had" || before == "a" && (x.word(k-2) == "has" || x.word(k-2) == "had")
		switch {
		case own && atOwn[before] && (childsOwn[next] || childsOwn[x.word(k+2)]), childsDoing[n] && atIt[before] && next != "with",
			n == "nappy" && (next == "rash" && had || x.word(k-2) == "a" && (x.word(k-3) == "had" || x.word(k-3) == "in")),
			n == "my" && next == "lap" && (before == "off" || x.word(a) == "sat" || x.word(a) == "climbed"),
			n == "off" && next == "school" && atIt[before], n == "placement" && (before == "new" || before == "the") && x.settledIn(a, k),
			n == "at" && childsDay[next] && k <= a+3 && (atIt[before] || before == "who") && !x.roleAt(k+2):
			sum += sureSign
		case said && !possessives[before] && (n == "uncle" || n == "auntie" || (n == "mum" || n == "mummy" || n == "daddy") && !subjectPronouns[x.word(a-1)]):
			sum += sureSign // "Jake said mum and Darren had a row"
		case said && !possessives[before] && (n == "mum" || n == "mummy" || n == "daddy"), n == "bath" && x.word(k-2) == "in", own && upKin[next] && !said, k == a && n == "bedroom" && x.tokens[a-1].poss:
			sum++
		case own && grownOwn[next] && !said, n == "with" && x.hasYoung(k+1), n == "pregnant", (n == "clean" || n == "sober") && before == "been",
			n == "nappy" && (x.word(k-2) == "changed" || x.word(k-2) == "changing"), n == "made" && (next == "tea" || next == "coffee"), n == "working" && (next == "nights" || next == "days" || next == "shifts"):
			sum -= sureSign // "Joanne at her mum's with the little one"
		case (n == "opened" || n == "answered") && x.word(k+2) == "door", x.letsIn(k), (n == "helps" || n == "helped") && next == "with", n == "signed" && next == "the", n == "agreed" && next == "to", n == "of" && drinks[next]:
			sum--
		case x.lex.speech[n] != "":
			said = true
		}
	}
	return sum
}

// settledIn reports "doing well in the new placement" from token a up to the "placement" at token k.
func (x *text) settledIn(a, k int) bool {
	for i := max(a, k-3); i < k; i++ {
		if x.word(i) == "in" {
			return true
		}
	}
	return false
}

// hasYoung reports "the little one", "her kids" or "the three" at token k, which are somebody's children.
func (x *text) hasYoung(k int) bool {
	if w := x.word(k); w != "the" && w != "her" && w != "his" {
		return false
	}
	n := x.word(k + 1)
	return n == "little" && (x.word(k+2) == "one" || x.word(k+2) == "ones") || ownYoung[n] && !x.sibling(k+2) || n == "two" || n == "three" || n == "four" || n == "five"
}

// sentenceOf is the sentence that token i stands in.
func (x *text) sentenceOf(i int) int {
	n := sort.Search(len(x.sents), func(n int) bool { return x.sents[n].b > i })
	return min(n, len(x.sents)-1)
}
