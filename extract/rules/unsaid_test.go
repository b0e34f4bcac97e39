package rules

import (
	"testing"

	"kerbside"
)

// Where no words follow a verb of speech, nothing was said; who spoke goes on all the same.
func TestNothingIsSaid(t *testing.T) {
	const alone = "I spoke to Daisy on her own in her room. "
	const para = "Daisy|" + kerbside.VoiceParaphrase + "|"
	for _, words := range []string{
		"I asked had she told anybody.", "I asked if she'd told school.", "I asked her what she would say to a judge.", "She can tell you every bus in the town.",
		"She told me three things.", "She said nothing about the weekend.", "She told me that twice.", "She said so at the gate.", "She told me the lot.", "She said it looking at the floor.",
	} {
		wantVoice(t, alone+words)
	}
	wantVoice(t, alone+"She said it hurts when she runs.", para+"it hurts when she runs")
	wantVoice(t, alone+"She told me that it's loud.", para+"it's loud")
	wantVoice(t, alone+"She said nothing since the summer.", para+"nothing since the summer")
	wantVoice(t, alone+"The big lads push her, she told me so before I'd asked.", para+"The big lads push her")
}

// What a child answers the worker, in a sentence of its own.
func TestAnswersInSentencesOfTheirOwn(t *testing.T) {
	const alone = "I spoke to Daisy on her own in her room. "
	const para, direct = "Daisy|" + kerbside.VoiceParaphrase + "|", "Daisy|" + kerbside.VoiceDirect + "|"
	for words, want := range map[string]string{
		"I asked who gets her up. Her gran does, and on Fridays it's her uncle.": para + "I asked who gets her up. Her gran does, and on Fridays it's her uncle",
		"I asked who she'd tell. Miss Orme, or the lady at the shop.":            para + "I asked who she'd tell. Miss Orme, or the lady at the shop",
		"How's the new class? Loud.":                                             para + "How's the new class? Loud",
		"Do you get enough to eat? Never on a Sunday, cos the shop's shut.":      para + "Do you get enough to eat? Never on a Sunday, cos the shop's shut",
		"What's best at your nan's? The budgie.":                                 para + "What's best at your nan's? The budgie",
		"How old is he, I asked. Twenty.":                                        para + "How old is he, I asked. Twenty",
		"Who with? \"Only my cousin.\"":                                          direct + "Only my cousin",
		"I said what noise. The one in the pipes.":                               para + "I said what noise. The one in the pipes",
	} {
		wantVoice(t, alone+words, want)
	}
	for _, words := range []string{
		"She hasn't been hurt, I asked. The window was open and the bed was made.", "I never asked about school. It starts back on Monday.", "I've asked for a place at the club. They open at four.",
		"I asked Corinne who gets her up. Her gran does.", "I asked about the window. The landlord came in and shut it.", "Risks? None that I know of.", "I asked about the bruise. No marks on the other arm.",
	} {
		wantVoice(t, alone+words)
	}
}

// A question of the worker's is no word of the child's, and after an answer the child goes on.
func TestQuestionsAreTheWorkers(t *testing.T) {
	wantVoice(t, "I spoke to Daisy on her own in her room. She said she stops at Keira's.  Does the brother drink? No. She misses her old bed.",
		"Daisy|"+kerbside.VoiceParaphrase+"|she stops at Keira's", "Daisy|"+kerbside.VoiceParaphrase+"|She misses her old bed", "Daisy|"+kerbside.VoiceParaphrase+"|Does the brother drink? No")
}

// One item before and behind the words that only say who speaks; what somebody asks another to do is no word to the worker; questions that are only "wanted"; a list that was announced.
func TestOneItemAndOtherWaysOfSaying(t *testing.T) {
	const alone = "I spoke to Daisy on her own in her room. "
	const para = "Daisy|" + kerbside.VoiceParaphrase + "|"
	for words, want := range map[string]string{
		"She's never been hurt there, she told me, it's just loud.":                      para + "She's never been hurt there, she told me, it's just loud",
		"She said it was the gate, and then she said no, the shed door.":                 para + "it was the gate, and then she said no, the shed door",
		"She wanted to know if her rabbit could come too.":                               para + "She wanted to know if her rabbit could come too",
		"She wants it known that the school bus smells.":                                 para + "She wants it known that the school bus smells",
		"On the tablet she typed, he hasn't been round since.":                           para + "he hasn't been round since",
		"She told me two things. One, the gerbil is called Biscuit and he's on the run.": para + "One, the gerbil is called Biscuit and he's on the run",
	} {
		wantLast(t, alone+words, want)
	}
	for _, words := range []string{
		"She asked Corinne to go and see to the hens.", "She asked for the window down.", "She asked him to leave.", "One, the window's broken. Two, the stair gate's off.", "I wanted to know who has the key.",
	} {
		wantVoice(t, alone+words)
	}
}

// wantLast is wantVoice of the last item, with direct words taken for others.
func wantLast(t *testing.T, words, want string) {
	t.Helper()
	list := readText(t, beforeVoice+words).record.ChildVoice
	if len(list) != 1 {
		t.Errorf("%s: %d items: %v", words, len(list), list)
		return
	}
	if got := list[0].Child + "|" + kerbside.VoiceParaphrase + "|" + list[0].Quote; got != want {
		t.Errorf("%s: %q, want %q", words, got, want)
	}
}

// What a worker says of its own work beside a child who speaks in the first person is no word of the child's.
func TestWorkersOwnFirstPerson(t *testing.T) {
	const told = "I spoke to Daisy on her own in her room. She said, \"I do my own tea.\" "
	for _, words := range []string{
		"I return in ten days.", "I go back on Friday.", "I make no finding yet.", "It's new since my March visit.", "There was nothing in the room that worries me.", "There's nothing on the file with us.", "I haven't met Corinne's brother.",
	} {
		wantVoice(t, told+words, "Daisy|"+kerbside.VoiceDirect+"|I do my own tea")
	}
	wantVoice(t, "I spoke to Daisy on her own in her room. She said, \"I do my own tea.\" He shouts at me when I drop things.", "Daisy|"+kerbside.VoiceDirect+"|I do my own tea", "Daisy|"+kerbside.VoiceDirect+"|He shouts at me when I drop things")
}
