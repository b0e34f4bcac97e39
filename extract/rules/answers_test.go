package rules

import (
	"testing"

	"kerbside"
)

// beforeVoice is a visit with a girl with whom the worker is, and her mother downstairs.
const beforeVoice = "Child in need visit to the Hartnell family, Thursday the twelfth of March, at ten. Mum, Corinne, was in with Daisy, who is nine. "

func wantVoice(t *testing.T, words string, want ...string) {
	t.Helper()
	var got []string
	for _, v := range readText(t, beforeVoice+words).record.ChildVoice {
		got = append(got, v.Child+"|"+v.Mode+"|"+v.Quote)
	}
	if len(got) != len(want) {
		t.Errorf("%s: %q, want %q", words, got, want)
		return
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s: %q, want %q", words, got, want)
		}
	}
}

func TestQuestionAndAnswerAreOneItem(t *testing.T) {
	const alone = "I spoke to Daisy on her own in her room. "
	for _, c := range []struct{ words, mode, quote string }{
		{"I asked if she slept well and she said no.", kerbside.VoiceParaphrase, "I asked if she slept well and she said no"},
		{"I asked whether anyone shouts. Nobody.", kerbside.VoiceParaphrase, "I asked whether anyone shouts. Nobody"},
		{"Is she scared of the dog? Not really.", kerbside.VoiceParaphrase, "Is she scared of the dog? Not really"},
		{"Does she like the new school? Nodded.", kerbside.VoiceNonverbal, "Does she like the new school? Nodded"},
		{"Was she happy there? She kicked her bag.", kerbside.VoiceNonverbal, "Was she happy there? She kicked her bag"},
		{"Asked who does bedtime she just shrugged.", kerbside.VoiceNonverbal, "Asked who does bedtime she just shrugged"},
		{"She showed me how with a doll.", kerbside.VoiceNonverbal, "She showed me how with a doll"},
		{"Daisy told me in Welsh, \"it hurts a lot.\"", kerbside.VoiceDirect, "it hurts a lot"},
		{"She doesn't like it there, she said, she only puts up with it.", kerbside.VoiceParaphrase, "She doesn't like it there, she said, she only puts up with it"},
		{"The big boys push her, she told me.", kerbside.VoiceParaphrase, "The big boys push her"},
		{"She'd sooner live with her nan.", kerbside.VoiceParaphrase, "She'd sooner live with her nan"},
		{"\"It was the wind,\" she said, \"so we hid in the bath.\"", kerbside.VoiceDirect, "It was the wind,\" she said, \"so we hid in the bath"},
		{"\"At the pond,\" is what I heard first, and later, \"it was cold, I never swam.\"", kerbside.VoiceDirect, "At the pond,\" is what I heard first, and later, \"it was cold, I never swam"},
		{"\"He cooks it,\" she said, then she laughed.", kerbside.VoiceDirect, "He cooks it"},
	} {
		wantVoice(t, alone+c.words, "Daisy|"+c.mode+"|"+c.quote)
	}
}

func TestAnswersOfParentsAreNoVoice(t *testing.T) {
	const down = "I spoke to Daisy on her own in her room. She said she likes school. Downstairs I spoke to Corinne. "
	const likes = "Daisy|" + kerbside.VoiceParaphrase + "|she likes school"
	for _, words := range []string{
		"I asked Corinne if Daisy slept well. No.", "I asked her if anyone shouts and she said no.", "Does Daisy eat? She shook her head.", "Had he been round? No.",
		"\"He never helps with any of it,\" Corinne said.", "\"I do it all,\" Corinne said, and shut the door.", "\"I do it all,\" Corinne said, \"and nobody thanks me.\"",
		"Mrs Oduya's going to note anything she says line by line and Corinne will ring the clinic on Friday.",
	} {
		wantVoice(t, down+words, likes)
	}
	wantVoice(t, "Daisy asked if I could see the garden so I walked round it with her while the others cooked.", "Daisy|"+kerbside.VoiceParaphrase+"|if I could see the garden")
	wantVoice(t, "Daisy answered, opened the gate and said the dog was asleep.", "Daisy|"+kerbside.VoiceParaphrase+"|the dog was asleep")
	wantVoice(t, "I spoke to Daisy on her own in her room. She said she likes school. The beds were made. The window was open and there was a draught. Dentist letter tonight, that's on me.", likes)
	wantVoice(t, "I spoke to Daisy on her own in her room. \"And your mum?\" I said.")
}

func TestPressesAreWords(t *testing.T) {
	wantVoice(t, "Daisy has no speech, she has a talker. I spent ten minutes with Daisy on her own. She pressed more, more, and then stop.", "Daisy|"+kerbside.VoiceNonverbal+"|She pressed more, more, and then stop")
}
