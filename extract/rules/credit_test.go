package rules

import (
	"strings"
	"testing"

	"kerbside"
)

const creditOpening = "Visit to Tess, eight. Mum, Carla, was in. "

// creditOf is the kind and the speaker of the item that holds some words; "" without such an item.
func creditOf(r *kerbside.Record, words string) (kind, who string) {
	for _, k := range r.Risks {
		if strings.Contains(k.Evidence[0].Quote, words) {
			return k.Attribution.Kind, k.Attribution.Who
		}
	}
	for _, k := range r.Strengths {
		if strings.Contains(k.Evidence[0].Quote, words) {
			return k.Attribution.Kind, k.Attribution.Who
		}
	}
	return "", ""
}

func checkCredit(t *testing.T, opening string, cases []struct{ text, words, kind string }) {
	t.Helper()
	for _, c := range cases {
		r := readText(t, opening+c.text).record
		kind, who := creditOf(&r, c.words)
		if kind != c.kind {
			t.Errorf("%q: %q (%s)", c.text, kind, who)
		}
	}
}

// A tag behind a statement says whose it is.
func TestTagsBehindAStatement(t *testing.T) {
	checkCredit(t, creditOpening, []struct{ text, words, kind string }{
		{"There have been no rows since Easter, Carla was adamant about that.", "no rows", kerbside.AdultSaid},
		{"Carla was smoking weed every night last year, she brought that up herself.", "smoking weed", kerbside.AdultSaid},
		{"Tess has missed no days at all, her teacher told me on the phone.", "missed no days", kerbside.ProfessionalSaid},
		{"Tess is hitting other children, Mrs Lowe wrote that.", "hitting", kerbside.ProfessionalSaid},
		{"There's no drinking in the house that Carla knows of.", "no drinking", kerbside.AdultSaid},
		{"The health visitor came. There's no bruising anywhere she's aware of.", "no bruising", kerbside.ProfessionalSaid},
		{"Carla swears he's not been drinking.", "not been drinking", kerbside.AdultSaid},
		{"Miss Cole has put that Tess is often hungry in class.", "often hungry", kerbside.ProfessionalSaid},
		// near misses
		{"There was a bruise on her cheek, Carla was not clear about that.", "bruise", kerbside.Observed},
		{"There was a bruise on her cheek, Carla denies that.", "bruise", kerbside.Observed},
		{"There was a bruise on her cheek, I told Carla on the phone.", "bruise", kerbside.Observed},
		{"Tess had written every feed on the back of an envelope, she was clean and warm.", "clean and warm", kerbside.Observed},
		{"The kitchen was filthy and Carla put that in the bin.", "filthy", kerbside.Observed},
	})
}

// What a heading announces, or one at work is named before, is his or hers.
func TestHeadings(t *testing.T) {
	checkCredit(t, creditOpening, []struct{ text, words, kind string }{
		{"Carla's side of it. He came home drunk and pushed her.", "drunk", kerbside.AdultSaid},
		{"Mrs Farrow at the gate: she was hungry again on Monday.", "hungry", kerbside.ProfessionalSaid},
		{"Her teacher caught me in the corridor: she was crying most of last week.", "crying", kerbside.ProfessionalSaid},
		{"Mr Lowe, the form tutor, she's hitting other children.", "hitting", kerbside.ProfessionalSaid},
		{"Bev from the nursery, no tears at drop-off.", "no tears", kerbside.ProfessionalSaid},
		{"The midwife rang me afterwards, and there was cannabis in the test.", "cannabis", kerbside.ProfessionalSaid},
		{"Mrs Farrow's one worry is the hitting at break.", "hitting", kerbside.ProfessionalSaid},
		{"What bothers Carla is the shouting at night.", "shouting", kerbside.AdultSaid},
		{"She was not, in Mrs Farrow's view, neglected.", "neglected", kerbside.ProfessionalSaid},
		{"Sister Halloran says there are no other bruises.", "no other bruises", kerbside.ProfessionalSaid},
		// near misses
		{"That's her account. There was a bruise on her arm.", "bruise", kerbside.Observed},
		{"Tess's bedroom: mattress on the floor and a smell of urine.", "smell of urine", kerbside.Observed},
		{"Mrs Farrow, the head, let me in and there was a smell of urine.", "smell of urine", kerbside.Observed},
		{"Mrs Farrow will ring me tomorrow, and there was a bruise on her arm.", "bruise", kerbside.Observed},
		{"Her sister Ruby says there are no other bruises.", "no other bruises", kerbside.AdultSaid},
		{"My worry is the hitting.", "hitting", kerbside.WorkerOpinion},
	})
}

// What only somebody else can have seen, counted or written down is not the worker's.
func TestOwnSight(t *testing.T) {
	checkCredit(t, creditOpening, []struct{ text, words, kind string }{
		{"Her class teacher has her down as a worry.", "worry", kerbside.ProfessionalSaid},
		{"The health visitor has her at nineteen kilos and she's thriving.", "thriving", kerbside.ProfessionalSaid},
		{"Carla has found cannabis in his drawer.", "cannabis", kerbside.AdultSaid},
		{"The school nurse saw bruises on her back in swimming.", "bruises", kerbside.ProfessionalSaid},
		// near misses
		{"I saw bruises on her back.", "bruises", kerbside.Observed},
		{"Carla saw the bruises on her back and winced.", "bruises", kerbside.Observed},
		{"The play worker had her washing her hands and she was happy and settled.", "settled", kerbside.Observed},
	})
}

// Who speaks for a service, and who goes on speaking in a sentence.
func TestWhoSpeaksForAService(t *testing.T) {
	checkCredit(t, creditOpening, []struct{ text, words, kind string }{
		{"The parenting course lady says she's done every session.", "every session", kerbside.ProfessionalSaid},
		{"The dental clinic rang to say Tess has missed two appointments.", "missed two", kerbside.ProfessionalSaid},
		{"School have no concerns about Tess.", "no concerns", kerbside.ProfessionalSaid},
		{"Nursery are really pleased with her speech.", "pleased", kerbside.ProfessionalSaid},
		{"The school nurse said Tess is fine. Carla herself says she isn't sleeping.", "isn't sleeping", kerbside.AdultSaid},
		{"Her aunt Bea comes on Sundays. The health visitor told me she's happy with the weight, she says Tess is fed well.", "fed well", kerbside.ProfessionalSaid},
		{"Carla smells of weed every morning according to staff.", "smells of weed", kerbside.ProfessionalSaid},
		{"Mum's account to the hospital was that Tess hit her head on Saturday.", "hit her head", kerbside.AdultSaid},
		{"I've no worries about the care she gets.", "no worries", kerbside.WorkerOpinion},
		{"Carla said she is tired. She'd like to go to the gym but she's nervous.", "gym", kerbside.AdultSaid},
		{"I looked in the bin, two wine bottles, she said they were her mate's.", "two wine bottles", kerbside.Observed},
		{"I've no outstanding worries.", "no outstanding", kerbside.WorkerOpinion},
		{"Carla's mum rang while I was there and said Carla's doing brilliantly.", "brilliantly", kerbside.AdultSaid},
		{"School rate her, she's predicted nines.", "rate her", kerbside.ProfessionalSaid},
		// near misses
		{"The lady next door says she heard Tess screaming.", "screaming", kerbside.AdultSaid},
		{"School was shut and there was a bruise on her arm.", "bruise", kerbside.Observed},
		{"Carla said it was bath time, and when I went up there was mould on the wall.", "mould", kerbside.Observed},
		{"Carla answered, she was drunk and unsteady.", "drunk", kerbside.Observed},
		{"There was an empty vodka bottle on the side, Carla says it's her brother's.", "vodka", kerbside.Observed},
	})
}

// Whom a pronoun before a verb of speech means where a child is spoken to by itself.
func TestWhoSaidItToTheWorker(t *testing.T) {
	const opening = "Visit to Orla, nine. Mum, Carla, was in. "
	checkCredit(t, opening, []struct{ text, words, kind string }{
		{`I saw Orla on her own in the garden. "Mum is always crying," she said.`, "always crying", kerbside.ChildSaid},
		{"Carla went off to the shops to leave us be. She's scared of the dark, she told me.", "scared of the dark", kerbside.ChildSaid},
		{"Her stepmum Petra drove her but waited in the car. She isn't being hit by anybody, she said.", "being hit", kerbside.ChildSaid},
		{"I talked to Orla on her own. I asked who shouts. Carla mostly and then her nan. She isn't scared of them, she said.", "scared", kerbside.ChildSaid},
		{"I took Orla round the pond, just me and her, and she was chatty. She isn't being bullied now, she said.", "bullied", kerbside.ChildSaid},
		{"Carla let me in. She told me daddy shouts at mummy.", "daddy shouts", kerbside.ChildSaid},
		// near misses
		{"Carla went upstairs to fetch the red book. She said she is drinking less.", "drinking less", kerbside.AdultSaid},
		{"Carla went out with friends on Saturday. She said she was drunk.", "drunk", kerbside.AdultSaid},
		{"I saw Orla on her own in the garden. Carla came back in and she was tearful, she said he hit her.", "hit her", kerbside.AdultSaid},
		{"I asked Carla about the drinking. She said there's been none since May.", "since May", kerbside.AdultSaid},
		{"I asked Orla about school. Carla laughed and then she said she's been drinking.", "been drinking", kerbside.AdultSaid},
	})
}
