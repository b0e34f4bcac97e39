package rules

import (
	"testing"

	"kerbside"
)

// seenWith is what a visit says before it comes to whether a child was seen alone.
const seenWith = "Child in need visit to Leah, nine, at home on Tuesday. Mum, Karen, was in. "

// wantAlone holds what is read of whether Leah was seen alone against words behind an opening.
func wantAlone(t *testing.T, opening string, want string, words ...string) {
	t.Helper()
	cases := map[string][3]string{}
	for _, w := range words {
		cases[opening+w] = [3]string{"", want, ""}
	}
	wantFacts(t, cases)
}

func TestDoorMadeTo(t *testing.T) {
	wantAlone(t, seenWith, kerbside.Yes,
		"Leah and I sat in the box room with the door pulled to. She said she likes maths.",
		"I had Leah in the dining room with the door pushed to. She said she likes maths.",
		"I spoke to Leah in her room, door pulled over. She said she likes maths.",
	)
	wantAlone(t, seenWith, kerbside.NotStated,
		"Leah and I sat with mum in the box room with the door pulled to.",
		"Leah says they eat with the door pulled to so the dog stays out.",
		"I'll sit with Leah in the box room with the door pulled to.",
		"Karen came out and pulled the door to. We talked on the step.",
		"I saw Leah at the table. The door to the loft was open.",
	)
}

func TestMinutesWithAChild(t *testing.T) {
	wantAlone(t, seenWith, kerbside.Yes,
		"I had a few minutes with Leah by the rabbit hutch. She said she likes maths.",
		"I did get Leah for a couple of minutes by the bins. She said she likes maths.",
		"I grabbed five minutes with her on the stairs and Leah said she likes maths.",
	)
	wantAlone(t, seenWith, kerbside.NotStated,
		"I had a few minutes with Leah and her mum by the rabbit hutch.",
		"I had a few minutes with Karen by the rabbit hutch.",
		"Her teacher had a few minutes with Leah before the bell.",
		"Karen says I had a few minutes with Leah last time.",
		"I'll have a few minutes with Leah at school next week.",
		"I was hoping for ten minutes with Leah.",
	)
	wantAlone(t, seenWith, kerbside.No, "I had Leah for a minute by the lift, but mum was right behind us, so I won't call it alone.")
}

func TestWalkOfTwo(t *testing.T) {
	wantAlone(t, seenWith, kerbside.Yes,
		"Leah and I had a walk round the pond. She said she likes maths.",
		"Leah and I sat on the bottom stair. She said she likes maths.",
		"Leah was quiet at first. We went for a walk to the weir. She said she likes maths.",
		"Leah's bedroom was warm. We walked round the block while Karen stayed at home.",
		"Leah came and sat in my car, she'd asked to, and said she likes maths.",
		"I walked round the orchard with Leah and she said she likes maths.",
		"I sat with Leah on the back step. She said she likes maths.",
		"I walked Leah to the bus. She said she likes maths.",
		"Leah came out to the wall with me. She said she likes maths.",
	)
	wantAlone(t, seenWith, kerbside.NotStated,
		"Leah and I had a walk round the pond with her mum.",
		"Leah, Karen and I sat on the bottom stair.",
		"Leah and I went through the safety plan. Karen made the tea.",
		"Karen was quiet at first. We went for a walk to the weir.",
		"Leah said goodbye. We walked back to the car.",
		"Leah was quiet. We went up to her bedroom. It was tidy.",
		"Leah was quiet. We went out to the garden. It was tidy.",
		"Leah was quiet. We sat outside. It was warm.",
		"Leah took me up to see the bedroom. It was tidy.",
		"I sat with Leah and her nan on the back step.",
		"I sat with Leah at the table.",
		"I walked Leah through the plan.",
		"I walked Leah back to her mum.",
		"Her nan walked Leah to the bus.",
		"Leah came out to the wall with me and her nan.",
		"Leah says her nan and her had a walk round the pond.",
		"Next time Leah and I might go for a walk round the pond.",
		"The mentor and Leah had a walk round the pond last week.",
	)
	wantAlone(t, "Joint visit with PC Dean Ware to Leah, nine. Mum, Karen, was in. ", kerbside.NotStated, "Leah was quiet. We sat on the back step. She said she likes maths.")
}

func TestAdultWhoKeptAway(t *testing.T) {
	wantAlone(t, seenWith, kerbside.Yes,
		"Karen waited in the corridor. Leah told me she likes maths.",
		"Karen stayed downstairs. Leah told me she likes maths and she showed me her books.",
		"Karen went down to the shop so that was our chance. Leah told me she likes maths.",
		"Karen lent us her kitchen and went out to her washing. Leah told me she likes maths.",
	)
	wantAlone(t, seenWith, kerbside.NotStated,
		"Karen stayed upstairs most nights. Leah told me she likes maths.",
		"Karen waited in the corridor. She came back in after a minute. Leah told me she likes maths.",
		"Leah told me that Karen waited in the car.",
		"Karen moved the cot away. Leah told me she likes maths.",
		"Dad, Gary, was there too. Karen waited in the corridor. Leah told me she likes maths.",
		"Tom, her brother, is six, and he was there. Karen waited in the corridor. Leah told me she likes maths.",
		"Karen went out on Saturday. Leah told me she likes maths.",
	)
}

func TestAloneInFewWords(t *testing.T) {
	wantAlone(t, seenWith, kerbside.Yes,
		"I spoke to Leah by the water butt, nobody in earshot. She likes maths.",
		"I saw Leah on the landing with nobody near. She likes maths.",
		"I saw Leah first, in her room, on her tod.",
		"I had Leah to herself in the barn and she said she likes maths.",
		"In the porch with just me Leah said she likes maths.",
		"I asked Leah in the games room by herself and she said she likes maths.",
		"I asked Leah about the money in her room, just us two.",
		"I asked Leah, who's small for nine, by herself on the landing, whether she likes maths.",
		"I asked Leah without them, out on the landing.",
		"She likes maths, Leah told me, up in the loft, just the two of us.",
		"Leah told me, on her own, in the porch, that she likes maths.",
		"I played snap with Leah on the patio, the others indoors.",
		"I met Leah at college. It was cold. Door shut, just the two of us.",
	)
	wantAlone(t, seenWith, kerbside.NotStated,
		"Leah says she's on her tod most nights.",
		"Leah said there's nobody near when she walks home.",
		"Karen had the flat to herself when Leah was away.",
		"I asked Leah if we could talk, just the two of us, another day.",
		"Leah told me they watch films, her and mum, just the two of us.",
		"Karen told me, up in the loft, just the two of us, that Leah likes maths.",
		"Leah told me, on Sunday her nan came, just the two of them.",
		"He's never left her by herself, Karen said.",
		"I played snap with Leah on the patio, her mum beside us, the others indoors.",
	)
	twins := "Child in need visit to Leah and Tom, nine and six. Mum, Karen, was in. "
	wantAlone(t, twins, kerbside.Yes,
		"I had them one after the other. Leah likes maths.",
		"I spoke to Leah and Tom one after another in the kitchen.",
		"I saw them both in their rooms, one at a time.",
	)
	wantAlone(t, twins, kerbside.No,
		"I had them together in the kitchen, not one at a time.",
		"I never got either child by themselves, there isn't the space.",
		"No chance of speaking to anyone separately.",
		"Nobody was seen by themselves.",
	)
	wantAlone(t, twins, kerbside.NotStated,
		"They came down the stairs one after the other.",
		"Karen saw them off one at a time at the gate.",
		"I'll have them one after the other at school next week.",
		"Tom threw the blocks one after the other.",
	)
}

func TestAloneAnotherTime(t *testing.T) {
	wantAlone(t, seenWith, kerbside.NotStated,
		"In January I saw Leah on her own in the library.",
		"I saw Leah on her own in the summer. Today she had her cousins round.",
		"When I came in the autumn I spoke to Leah by herself.",
	)
	wantAlone(t, seenWith, kerbside.Yes,
		"Saw Leah today, Tuesday, at her school, straight after registration, about ten, on her own in the den.",
		"I went to her school because I wanted Leah on her own and I got her.",
		"Leah's bedroom was warm. We talked up there with the door to.",
		"And in her room with the door shut Leah told me her mum sings in the mornings.",
		"In her room with the door to, Leah showed me her diary.",
	)
}

func TestNobodyHasSeenASign(t *testing.T) {
	wantFacts(t, map[string][3]string{
		seenWith + "Leah drew me a horse. Nobody has seen any sign of him.":                 {kerbside.Yes, "", ""},
		seenWith + "Leah drew me a horse. Neither of them has seen a penny from dad.":       {kerbside.Yes, "", ""},
		"Child in need visit to Leah, nine. No answer at the door. Nobody has seen Leah.":   {kerbside.No, kerbside.NotStated, ""},
		"Child in need visit to Leah, nine. Neither of the children has been seen. No one.": {kerbside.No, kerbside.NotStated, ""},
	})
}

func TestQuotesThatSpeakOfCompany(t *testing.T) {
	for quote, want := range map[string]bool{
		"I had a few minutes with Leah by the hutch":      true,
		"I did get Leah for a couple of minutes":          true,
		"Leah and me went up to see the hamster":          true,
		"Leah and I had a coffee at the corner":           true,
		"St Ann's gave me the sensory room":               true,
		"Karen let us have the back kitchen":              true,
		"I talked to each child in their own room":        true,
		"Karen gave me a lift":                            false,
		"Leah and I talked about school":                  false,
		"her own mother":                                  false,
		"I won't see her in her own room for ten minutes": false,
	} {
		if FactHolds("visit.seen_alone", quote) != want {
			t.Errorf("%q: %v", quote, !want)
		}
	}
}

// Company that was there, or came, or of which somebody else tells, is never taken for none.
func TestNeverAloneInCompany(t *testing.T) {
	for opening, words := range map[string][]string{
		"Child protection visit to Ruby, ten, and Kai, six, on Tuesday at four, announced. Mum, Dawn, was in, and her partner Lee. ": {
			"We sat in the living room with the door shut because of the dog. Ruby said she likes school. Dawn made the tea.",
			"Lee sat outside for a smoke. Ruby said she likes school and Kai showed me his tooth.",
			"Dawn waited in the hall while Lee fetched his shoes. Ruby told me she likes school.",
			"I had five minutes with Dawn by the gate. Ruby waved.",
			"Ruby and I looked at her reading book. Dawn was ironing next to us.",
			"I walked round the house with Dawn and Ruby. It was clean.",
			"Dawn and Ruby had a walk round the park on Sunday, just the two of them.",
			"Dawn said her and Ruby sat on the step for an hour, nobody about.",
			"There was nobody about when I knocked. Then Dawn came. Ruby was in the bath. Kai showed me his Lego.",
			"Nobody in the house is working. Ruby said she likes school.",
			"I asked Ruby how school was, in front of mum. She said fine.",
			"The children came in one after the other and sat down. Ruby said she likes school.",
			"I spoke to Dawn and Lee one after the other in the kitchen. Ruby played with Kai.",
			"I saw mum and Lee separately. The children were watching telly.",
			"Lee told me, out on the landing, just the two of us, that he's trying. Ruby was in her room.",
			"I had Dawn to myself for ten minutes while Lee walked the dog. Ruby and Kai were at the table.",
			"Ruby's teacher gave her the sensory room on Monday. Ruby told me she likes it.",
			"Lee lent us his van to move the bed. Ruby told me she likes it.",
			"Dawn gave us tea in the kitchen. Ruby told me she likes school.",
			"Mum let us have the kitchen table. Ruby told me she likes school.",
			"Ruby came out to the car with me and her mum to get the form.",
			"Ruby walked me round the garden with Kai and Dawn. The swing was mended.",
			"Ruby sat in my car with her mum on the way to the hospital.",
			"Ruby asked if she could sit in my car. I said not today.",
			"We went for a walk to the shop, all of us. Ruby said she likes school.",
			"Dawn stayed downstairs and Lee came up with us. Ruby showed me her room.",
			"Dawn went down to the shop so that was Lee's chance to tell me. Ruby was asleep.",
			"I wanted Ruby on her own and I got told no.",
			"Ruby was on her own in the flat when I got there. She said mum was at the shop.",
			"Ruby's been having minutes with the counsellor. She had ten minutes with Mrs Shaw on Friday.",
			"I had a few minutes with the kids and mum before Lee got in.",
			"I had ten minutes with Ruby last Thursday at school. Today she was at Brownies.",
			"At school they gave Ruby and me the library on the last visit. Today I saw her with her mum.",
			"Ruby said she talks to nan on her tod in the bath.",
			"Ruby told me, with Dawn listening, just the two of us know, that she likes school.",
			"Ruby told us all, in the lounge, nobody else about, that she likes school.",
			"Ruby and Kai came out to the step with me.",
			"Dawn came out to the step with me. Ruby was upstairs.",
			"I sat on the step with Kai and Ruby and Dawn.",
			"I sat on the step with Dawn. Ruby was upstairs.",
			"I sat on the wall with her for a bit, Dawn was that upset. Ruby was upstairs.",
			"Dawn was upset. I sat on the wall with her. Ruby was upstairs.",
			"Dawn was upset. We sat on the wall. Ruby was upstairs.",
			"Ruby was upstairs. Dawn was upset. We went for a walk round the block.",
			"Ruby was upstairs. Her mum was upset and we went for a walk round the block.",
			"Ruby was out. I walked Lee to the bus.",
			"I asked Dawn by herself whether Lee hits her. Ruby was at school.",
			"I asked her by herself, Dawn, whether Lee hits her. Ruby was at school.",
			"I asked Ruby about being on her own at night. She said she's fine.",
			"I asked Ruby who is at home when she's by herself. She said Kai.",
			"I asked Ruby whether she's ever left alone. No, she said.",
			"I asked Ruby what she does on her own. She said she draws.",
			"I asked Kai how long he was alone. He said all night.",
			"I asked Ruby about the night on her own, and she said it was fine.",
			"Ruby said she was in the house on her own, nobody about, till ten.",
			"Kai was found by the road, nobody about, in his pyjamas. I saw him with his mum.",
			"Kai was in the garden when I came, nobody with him. Dawn called him in.",
			"I saw Kai through the window, nobody with him. No answer at the door.",
			"They each had their own room and I looked in. Ruby showed me hers with mum.",
			"I met Lee at the probation office, just the two of us. Ruby and Kai were at school.",
			"Ruby was at school. It was just the two of us, Dawn and me.",
			"Ruby's asleep by seven, Dawn says. Then it's just the two of us, she says.",
			"Ruby and Kai went out to play. That left just the two of us and Dawn cried.",
			"Door shut, just the two of us, Dawn told me about Lee. Ruby was in the next room.",
			"I took Dawn into the kitchen without them. Ruby played with Kai.",
			"I spoke to Dawn and Lee without Ruby there.",
			"I spoke to Ruby without Kai, her mum was with us.",
			"Lee stepped out so Dawn could talk. She told me he drinks. Ruby told me she likes school.",
			"Dawn and Lee went into the garden to argue. I could hear them. Ruby and Kai carried on with their tea.",
		},
		"Looked after visit to Ruby, ten, at her foster home on Tuesday. Her carer, Pauline, was in. ": {
			"Pauline sat outside with us in the garden. Ruby told me she likes school.",
			"Pauline sat in the garden with us. Ruby told me she likes school.",
			"Pauline waited on the step to greet me. Ruby told me she likes school.",
			"Pauline sat in on the sofa. Ruby told me she likes school.",
			"Pauline sat at the table. Ruby told me she likes school.",
			"Pauline waited in the kitchen for me and made a brew. Ruby told me she likes school.",
			"Pauline stayed in the room. Ruby told me she likes school.",
			"Pauline was in the garden when I came. Ruby told me she likes school.",
			"Pauline stayed upstairs till I called her down. Ruby told me she likes school.",
			"We sat on her bed, Pauline in the doorway. Ruby told me she likes school.",
			"Ruby and I sat on the stairs and Pauline stood at the bottom. She likes school.",
			"Ruby and I sat in the garden. Pauline joined us. She likes school.",
			"We walked round the block, the three of us. Ruby told me she likes school.",
			"We walked round the block with Pauline. Ruby told me she likes school.",
			"Ruby told me her and Pauline walk round the block, just the two of them.",
			"Ruby was shy. We walked down the lane to meet Pauline.",
			"Pauline and I had a coffee at the table. Ruby was on the swing.",
			"Pauline and I sat on the back step. Ruby was on the swing and told me she likes school.",
			"Pauline told me about Ruby. We sat on the back step. She's doing well.",
			"Ruby's doing well, Pauline told me. We sat on the back step for it.",
			"I asked Ruby to see me by herself and she didn't want to.",
			"I asked Ruby by text if she was on her own. She said yes.",
			"Ruby told me on the phone, nobody about, that she likes school.",
			"Her social worker before me had ten minutes with Ruby by the fish tank.",
			"The IRO and Ruby had a walk round the park.",
			"Bev from CAMHS spoke to Ruby with nobody else there.",
			"I spoke to Pauline with the door pulled to. Ruby was watching telly.",
			"Pauline and I talked in the kitchen with the door pulled to. Ruby was watching telly.",
			"Pauline said she had Ruby in her room with the door shut for an hour.",
			"Ruby was in her room with the door shut and wouldn't come out. I talked through it.",
			"Ruby wouldn't come out. I sat on the stairs with the door shut between us.",
			"Pauline gave me ten minutes of her time before Ruby came home. Ruby told me she likes school.",
			"Pauline waited in the car on the last visit. Ruby told me she likes school.",
			"Pauline sat on the stairs listening. Ruby told me she likes school.",
			"Pauline stayed on the landing, in earshot. Ruby told me she likes school.",
			"Pauline stayed in the bedroom with us both. Ruby told me she likes school.",
			"Pauline sat in the corner. Ruby told me she likes school.",
			"Pauline waited at the door. Ruby told me she likes school.",
			"Pauline stayed in bed. Her husband Ron let me in. Ruby told me she likes school.",
			"Pauline sat in the car while her husband Ron brought Ruby in. Ruby told me she likes school.",
			"Ruby would like ten minutes with me by herself. She told me so.",
			"I wanted ten minutes with Ruby. I got none.",
			"I've had minutes with Ruby in the past but not today.",
			"It was a minute's walk with Ruby and Pauline to the park.",
			"I had Ruby on the phone for five minutes. She said she likes school.",
			"I spent five minutes with Ruby on a video call.",
			"I managed five minutes with Ruby and Pauline both talking at once.",
			"We sat in my car, Pauline and me. Ruby was at school.",
			"Pauline sat in my car and cried. Ruby was at school.",
			"Ruby was at school. We talked in my car about the move.",
			"Pauline had Ruby in her room with the door pulled to.",
			"Ruby's in her room with the door pulled to, Pauline says, all day long.",
			"She keeps her door pulled to at night. We talked about that, Pauline and Ruby and me.",
			"We talked with the door pulled to. Pauline said Ruby's fine. Ruby was at school.",
		},
		"Child in need visit to Ellie, eight, and Max, four, on Monday at three. Mum, Tracey, and nan, Jean, were both in. ": {
			"Jean took Max into the garden while I talked to Tracey. Ellie was doing her homework at the table with us. She said school's good.",
			"Jean waited in the car as she doesn't like dogs. Tracey made tea. Ellie told me about her hamster.",
			"Tracey went out for a smoke and Jean sat with us. Ellie told me about her hamster.",
			"Ellie sat on my knee and told me about her hamster while Jean did her hair.",
			"Ellie showed me her room and nan came up too. We sat on her bed.",
			"We sat on Ellie's bed, nan and all. She told me about her hamster.",
			"I had a few minutes with Max on the mat, Jean feeding him.",
			"I had a few minutes with Max. He sat on Tracey's lap the whole time.",
			"I got five minutes with Ellie before tea and Tracey sat in.",
			"I got five minutes with Ellie but Tracey stayed.",
			"I got five minutes with Ellie. Tracey wouldn't leave us.",
			"Ellie and I went through her book. Tracey was in and out.",
			"Ellie and I went up to see the hamster with Max and Jean behind us.",
			"Ellie and I sat in the garden, Tracey hanging washing beside us.",
			"Ellie came out to the gate with me to say bye.",
			"Ellie walked me to the gate. She said bye.",
			"Tracey gave us the front room and sat with us.",
			"Tracey let us use the front room but she stayed.",
			"I asked Tracey to give us a minute and she said no. Ellie told me about her hamster.",
			"I asked Tracey could we have a minute and she went to the shop later. Ellie told me about her hamster.",
			"I asked Ellie out on the step, with nan there, how school is.",
			"I saw the children one at a time with Tracey in the room.",
			"I saw them one after the other with their mum present.",
			"I spoke to each child in their own room with Tracey listening.",
			"Did I see Ellie on her own? Not today.",
			"Ellie, on her own: not achieved.",
			"Next time I'd like Ellie on her own, just the two of us.",
			"School saw Ellie in the library, just the two of them, her and Mrs Webb.",
			"Mrs Webb spoke to Ellie with nobody else there and rang me.",
			"Mrs Webb said it was just the two of them in the library, her and Ellie.",
		},
		"Statutory visit to Amir, fourteen, at the placement on Monday. Foster carers Sue and Ken were in. ": {
			"Ken was outside in the shed when I arrived. Sue was at the table. Amir told me he likes football.",
			"Ken stayed outside with the dog. Sue made us a brew. Amir told me he likes football.",
			"Sue stayed in the kitchen but the door was open and she could hear. Amir told me he likes football.",
			"Amir and Ken walked round the block while I talked to Sue.",
			"Amir was out when I came so Sue and I sat in the garden. He came in at four and told me he likes football.",
			"Amir didn't want to come for a walk with me.",
			"I offered Amir a walk round the block but he said no.",
			"We were going to walk round the block but it was raining. Amir told me he likes football.",
			"I was meant to have Amir on his own but the time went.",
			"Amir had a few minutes with his IRO on her own last month.",
			"Amir said he sat in the car on his own for an hour, nobody about.",
		},
		"Supervised contact at the centre on Monday for Ellie, eight, with her dad, Wayne. ": {
			"I sat in the corner. Ellie sat on the step with Wayne. She told him she likes school.",
			"Wayne took Ellie out to the garden and I went too. She told me she likes school.",
			"Wayne waited outside for ten minutes. The carer brought Ellie in. She told me she likes school and ran to him.",
			"Her carer waited in the car. Ellie told me she likes school. Wayne had brought a cake.",
			"Ellie and her dad had ten minutes by themselves in the sensory room.",
		},
		"Visit to Ellie, eight, on Monday. No answer the first time. ": {
			"I sat in my car for ten minutes. Ellie walked past with her nan and waved.",
			"I waited on the step. Nobody about. Ellie's nan came to the door and said Ellie's at school.",
		},
	} {
		for _, w := range words {
			r := readText(t, opening+w).record
			alone := r.Visit.SeenAlone.Value == kerbside.Yes
			for _, c := range r.Children {
				alone = alone || c.SeenAlone.Value == kerbside.Yes
			}
			if alone {
				t.Errorf("alone: %q", w)
			}
		}
	}
}
