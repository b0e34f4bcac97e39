package rules

import (
	"testing"

	"kerbside"
)

// What a room lacks, where it lies, and who cannot sleep, say nothing of whether it was seen.
func TestBedroomNotDenied(t *testing.T) {
	yes, no, open := kerbside.Yes, kerbside.No, kerbside.NotStated
	const one = "Child in need visit to Ewan, eight. Mum, Carol, was in. "
	wantFacts(t, map[string][3]string{
		one + "There was no lighter in his bedroom.":                                     {"", "", yes},
		one + "She carried the knives upstairs and locked them in a case.":               {"", "", open},
		one + "Ewan spoke to me upstairs without his mum.":                               {"", "", open},
		one + "Ewan told me he doesn't sleep, he listens out.":                           {"", "", open},
		one + "Carol's still not sleeping in her bed.":                                   {"", "", open},
		one + "His room is above the shop.":                                              {"", "", open},
		one + "His room's above the shop and that's one I couldn't see.":                 {"", "", no},
		one + "There was no bedroom check today.":                                        {"", "", no},
		one + "There was a man in his bedroom.":                                          {"", "", open},
		one + "Carol told me there was damp in his bedroom.":                             {"", "", open},
		one + "There was no access to his bedroom.":                                      {"", "", no},
		one + "I had no chance of a look in his room.":                                   {"", "", no},
		one + "I was going upstairs but without a landing light it wasn't safe.":         {"", "", ""},
		"cin visit to ewan eight mum carol was in both bedrooms seen no concerns":        {"", "", yes},
		"cin visit to ewan eight mum carol was in bedroom no not this time":              {"", "", no},
		"cin visit to ewan eight mum carol was in dad never stays i did see his bedroom": {"", "", yes},
	})
}

// Where a room lies, what is said of it and what others do in it are no look at it.
func TestBedroomSpokenOf(t *testing.T) {
	yes, open := kerbside.Yes, kerbside.NotStated
	const one = "Child in need visit to Ewan, eight. Mum, Carol, was in. "
	wantFacts(t, map[string][3]string{
		one + "I spoke to Carol about the damp in his bedroom.":               {"", "", open},
		one + "Carol told me there was damp in his bedroom.":                  {"", "", open},
		one + "He told me about the mice in his bedroom.":                     {"", "", open},
		one + "I came to see about the mould in Ewan's room.":                 {"", "", open},
		one + "He went up to his room and I left.":                            {"", "", open},
		one + "I called up to him in his bedroom.":                            {"", "", open},
		one + "His bed's broken, Carol said.":                                 {"", "", open},
		one + "There's a telly in his bedroom, says Carol.":                   {"", "", open},
		one + "The plan is that I see his bedroom each visit.":                {"", "", open},
		one + "I've seen his bedroom before.":                                 {"", "", open},
		one + "The bedroom's upstairs at the back.":                           {"", "", open},
		one + "He'd promised to show me his room.":                            {"", "", open},
		one + "Carol's been sleeping in Ewan's room.":                         {"", "", open},
		one + "In his bedroom he told me he likes it here.":                   {"", "", yes},
		one + "He told me that up in his room.":                               {"", "", yes},
		one + "I spent about ten minutes with him in his bedroom.":            {"", "", yes},
		one + "Apparently his room's a tip.":                                  {"", "", open},
		one + "I gather his bedroom is cold.":                                 {"", "", open},
		one + "I'm told there's a lock on his bedroom.":                       {"", "", open},
		one + "The log says his bedroom was bare.":                            {"", "", open},
		one + "When I came in June his bedroom was filthy.":                   {"", "", open},
		one + "We agreed I'd view the bedroom in May.":                        {"", "", open},
		one + "I ought to see his bedroom.":                                   {"", "", open},
		one + "His old bedroom is an office now.":                             {"", "", open},
		one + "I looked at the plan for the bedroom.":                         {"", "", open},
		one + "Carol let me look at the letter about the bedroom.":            {"", "", open},
		one + "I was with Carol in her bedroom.":                              {"", "", open},
		one + "Paramedics found him in his bedroom.":                          {"", "", open},
		one + "His bedroom's upstairs so I went up to the toilet.":            {"", "", open},
		one + "He sleeps on the sofa. I saw it.":                              {"", "", open},
		one + "We went to the contact room.":                                  {"", "", open},
		one + "I asked Ewan to wait in his bedroom.":                          {"", "", open},
		one + "Up in his room Carol said he'd been sick.":                     {"", "", open},
		one + "I was with Ewan in his bedroom for a bit.":                     {"", "", yes},
		one + "I had him on his own in his room with the door to.":            {"", "", yes},
		one + "In his bedroom with the door shut he told me about judo.":      {"", "", yes},
		one + "We went to his room and he talked about judo.":                 {"", "", yes},
		one + "I took him through to the bedroom and he talked.":              {"", "", yes},
		one + "Ewan was making his bed in his own room and let me look.":      {"", "", yes},
		one + "He'd promised to show me his room and he showed me, spotless.": {"", "", yes},
	})
}

// A room that one clause names and another says was looked at was seen.
func TestBedroomLookedAtBehind(t *testing.T) {
	yes, no, open := kerbside.Yes, kerbside.No, kerbside.NotStated
	const one, two = "Child in need visit to Ewan, eight. Mum, Carol, was in. ", "Child in need visit to Ewan, eight, and Iris, five. Mum, Carol, was in. "
	wantFacts(t, map[string][3]string{
		two + "They share the room at the back and I saw it.":                        {"", "", yes},
		two + "The bunk beds have been mended, I went up and checked.":               {"", "", yes},
		two + "Each has a bed of their own bedroom now, Carol showed me.":            {"", "", yes},
		two + "They sleep in the converted loft, I was taken up to look.":            {"", "", yes},
		two + "The bedroom, I had a peep in, and it's warm enough.":                  {"", "", yes},
		two + "The landlord's painted the bedrooms, I've been in both.":              {"", "", yes},
		one + "There's still damp in Ewan's room, he took me by the hand to see it.": {"", "", yes},
		one + "There's no lock on his bedroom now. I had a look.":                    {"", "", yes},
		one + "Ewan's in the box bedroom and I put my head round the door.":          {"", "", yes},
		one + "He sleeps in a proper bed, I saw.":                                    {"", "", yes},
		// not seen, not theirs, not then, or something else
		two + "The twins next door share a bedroom. I saw them both in the garden.":       {"", "", open},
		two + "They share a bedroom and I saw them both.":                                 {"", "", open},
		two + "They have their own beds now and Carol showed me the receipt.":             {"", "", open},
		two + "They sleep in the loft, the health visitor had a look.":                    {"", "", open},
		two + "They share a bedroom at their dad's, I saw it last month.":                 {"", "", open},
		two + "They share a bedroom at their nan's and she showed me.":                    {"", "", open},
		two + "The bedroom window was open. I went in.":                                   {"", "", open},
		two + "I didn't see the bedrooms but I was shown round.":                          {"", "", no},
		two + "The bedrooms are being painted, I'll have a look next time.":               {"", "", open},
		two + "Last time there was mould in the bedroom and I saw it.":                    {"", "", open},
		two + "There's a bedroom each, Carol said, and she took me through the bills.":    {"", "", open},
		two + "They sleep in with Carol and the boiler's gone, I had a look.":             {"", "", open},
		one + "Carol said he sleeps in a tent in the garden, she'd been in it.":           {"", "", open},
		one + "The parents' bedroom is a mess, I saw it.":                                 {"", "", open},
		one + "Ewan's bedroom door was shut. I knocked. I went up to the bathroom.":       {"", "", open},
		"Pre-birth visit to Carol, due in May. The cot's by the window, Carol showed me.": {"", "", open},
	})
}

// That a bedroom was not seen, in other words.
func TestBedroomNotReached(t *testing.T) {
	yes, no, open := kerbside.Yes, kerbside.No, kerbside.NotStated
	const one = "Child in need visit to Ewan, eight. Mum, Carol, was in. "
	wantFacts(t, map[string][3]string{
		one + "Never got up the stairs.":                                            {"", "", no},
		one + "I didn't go up to the bedrooms.":                                     {"", "", no},
		one + "Did I get to see his bedroom? No, we were pushed for time.":          {"", "", no},
		one + "Nobody's let in his room so I left it.":                              {"", "", no},
		one + "His bedroom was piled with boxes so I couldn't get in.":              {"", "", no},
		one + "There wasn't time for the bedrooms.":                                 {"", "", no},
		one + "Gran can't get up the stairs.":                                       {"", "", open},
		one + "Did he like his bedroom? No, he said.":                               {"", "", open},
		one + "Did they see his bedroom? No.":                                       {"", "", open},
		one + "Carol never has time for a bath.":                                    {"", "", open},
		one + "His bedroom's spotless, and I saw it, so I left it at that.":         {"", "", ""},
		one + "Ewan showed me his bedroom. He couldn't get in the top drawer.":      {"", "", yes},
		one + "I saw his bedroom. Did I see the fire alarm? No, it had been moved.": {"", "", yes},
	})
}
