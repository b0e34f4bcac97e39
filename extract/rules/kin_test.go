package rules

import (
	"testing"
)

func TestWhoMumAndDadAre(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"School visit to Ruby, nine, child in need. She said mum cries at night. I asked if she'd told anybody. I'm going to see Sharon on Friday.", map[string]string{"Sharon": "mother mentioned", "mother": ""}},
		{"CIN visit. Lydia, seven, was colouring. She says daddy sings in the bath. Later Neil came in from the yard and said he'd ring me.", map[string]string{"Neil": "father present", "father": ""}},
		{"School visit to Ruby, nine, child in need. She said mum cries at night. She is going out with Sharon. I'll look at the club.", map[string]string{"Sharon": "mentioned", "mother": "mother mentioned"}},
		{"School visit to Ruby, nine. She said mum cries at night. Sharon at the young carers said she comes every week.", map[string]string{"mother": "mother mentioned"}},
		{"Private fostering visit to Mei, fourteen. She rings her mum on Sundays. Yvonne told me she eats well.", map[string]string{"Yvonne": "present", "mother": "mother mentioned"}},
		{"CIN visit. Lydia, seven, was colouring. She says mummy is tired. Janet said it was late. Karen asked me to leave.", map[string]string{"Janet": "present", "Karen": "present"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestTitledParentsAndSpouses(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Assessment with the Mensah family. Esi, eight, said daddy shouts. Mr Mensah told me he was raised that way.", map[string]string{"Mr Mensah": "father present", "father": ""}},
		{"Assessment session two. Mr Iqbal let me in and Mrs Iqbal made tea. Rafi, eight, said his dad helps him. The mum looked tired.", map[string]string{"Mr Iqbal": "father present", "Mrs Iqbal": "mother present"}},
		{"CP visit. Carla, mum, was in with her husband Ravi. Asha, five, told me daddy reads to her.", map[string]string{"Ravi": "father present", "father": ""}},
		{"School visit to Rafi, eight. His dad wasn't told. Mr Iqbal, his teacher, said he is doing well.", map[string]string{"Mr Iqbal": "teacher present", "father": "father mentioned"}},
		{"Visit to Omar, fifteen, at the Slaters', in supported lodgings. He hasn't heard from his dad. Mr Slater told me he eats with them.", map[string]string{"Mr Slater": "present", "father": "father mentioned"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestGrandparentsAtHome(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Special guardianship visit to Brenda Tully and her grandson Kian, nine. Brenda had the kettle on. Kian said gran does him a fry-up. He gets texts from mum.", map[string]string{"Brenda Tully": "grandmother present", "mother": "mother mentioned", "grandmother": ""}},
		{"Kinship review at Agnes Muir's on Monday. She's the granny, seventy-two. Ross is six and he was at school.", map[string]string{"Agnes Muir": "grandmother mentioned"}},
		{"Saw Kofi, eight, at his nan's, Comfort, she's a retired nurse. Comfort told me he sleeps well.", map[string]string{"Comfort": "grandmother present"}},
		{"Saw Kofi, eight, at his nan's. Comfort, ten, was out. He said his nan is kind.", map[string]string{"Comfort": "child absent no not_stated not_stated", "grandmother": "grandmother mentioned"}},
		{"CIN visit. Mum, Kay, was in. Kian is nine. Tara said he's fine. She isn't the aunt, she told me.", map[string]string{"aunt": "aunt mentioned"}},
		{"Visit to Sofia and Leo Hart, ten and six, living with Pauline since their mum's death in May. Sofia told me about her mum. Pauline said they cope.", map[string]string{"Pauline": "present", "mother": "mother mentioned"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestMotherAndBabyIsAKindOfHome(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Mother and baby placement with Joyce Adair. Kelly, nineteen, was feeding Alfie, eight weeks. Joyce, the foster carer, said nights are better.", map[string]string{"mother": "", "Joyce Adair": "foster carer present", "Kelly": ""}},
		{"CP visit. Mother and baby were both asleep when I came. Alfie is eight weeks.", map[string]string{"mother": "mother present"}},
	} {
		got := map[string]bool{}
		for _, a := range readText(t, c.words).record.Attendees {
			got[a.Role] = true
		}
		if got["mother"] != (c.want["mother"] != "") {
			t.Errorf("%s: %v", c.words, got)
		}
	}
}

func TestWeeksSoberAreNoAge(t *testing.T) {
	for _, c := range []struct{ words, age string }{
		{"CP visit. Mum, Kerry, was in. Kerry's eleven weeks sober and proud of it.", ""},
		{"CIN visit to Noah, four months in this placement now. He slept.", ""},
		{"CLA visit to Kenzie, nine months in this placement now, thirteen years old. She told me she likes it.", "thirteen years old"},
		{"CP visit. Mum had Rosa on her knee. Rosa's eleven weeks on Friday.", "eleven weeks"},
	} {
		got := ""
		for _, a := range readText(t, c.words).record.Attendees {
			if a.Age != "" {
				got = a.Age
			}
		}
		if got != c.age {
			t.Errorf("%s: %q, want %q", c.words, got, c.age)
		}
	}
}

func TestWhoHasADaughterIsGrown(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Visit to Renata, Tuesday. She was tired. Mila, her daughter, is twelve and she told me she cooks.", map[string]string{"Renata": "present", "Mila": "daughter present yes not_stated not_stated"}},
		{"Visit to Renata, Tuesday. She is eleven. Gran was in and her son Piotr, who is nine.", map[string]string{"Renata": "child present not_stated not_stated not_stated"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestNamesShortAndThings(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"CIN visit. Oluwatobi, nine, showed me his room. Tobi said he likes it.", map[string]string{"Tobi": "", "Oluwatobi": "child present yes not_stated not_stated"}},
		{"Derek Ollerton and his two, CIN, quarter past four. Derek said they sleep well.", map[string]string{"Derek Ollerton": "father present"}},
		{"Bryn Mawddach, the unit in Bala. I met Cerys there, fifteen.", map[string]string{"Bryn Mawddach": ""}},
		{"visit to philippa today she is fifteen and jory her brother was out philippa told me she likes school", map[string]string{"philippa": "child present yes not_stated not_stated"}},
		{"The ward round is at nine. CP visit. Mum, Tina, was in. The basil on the sill has grown.", map[string]string{"Basil": "", "basil": ""}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestNanComingTooIsNotNoNan(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"CIN visit. I saw Otto, eight, at the table. I asked was he worried. No, Nan's coming too, he said.", map[string]string{"Otto": "child present yes not_stated not_stated"}},
		{"CIN visit. Otto, eight, told me he likes school. I saw him with everyone in the kitchen.", map[string]string{"Otto": "child present yes not_stated not_stated"}},
		{"CIN visit. I spoke to Otto, eight, with mum in the kitchen and us in the lounge.", map[string]string{"Otto": "child present yes yes not_stated"}},
		{"CIN visit. Otto, eight, and me in the kitchen, no mum. He said he's fine.", map[string]string{"Otto": "child present yes yes not_stated"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestRolesAsTheyAreSpoken(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"CIN visit. Mum, Tara, was in. Her sponsor, wee Agnes, rings each night. The caretaker has mended the door. The boiler man came.", map[string]string{"Agnes": "sponsor mentioned", "caretaker": "caretaker mentioned", "boiler man": "boiler man mentioned"}},
		{"CIN visit. Mum, Tara, was in. I'll ring the solicitor on Monday, Joan. Interpreter on the phone was Mr Karimi.", map[string]string{"Joan": "solicitor mentioned", "Mr Karimi": "interpreter mentioned", "interpreter": ""}},
		{"CIN visit. Mum, Tara, was in. Her landlord, a Mr Lowe, is slow. The judge said no.", map[string]string{"Mr Lowe": "landlord mentioned", "judge": "judge mentioned", "landlord": ""}},
		{"CIN visit. Mum, Tara, was in. She's the boss in that house. Her brother is a plumber and I judge it safe. She never got to the dentist.", map[string]string{"employer": "", "plumber": "", "judge": "", "dentist": ""}},
		{"CIN visit. Mum, Tara, was in. He's a young carer. The dentist said his teeth are fine. The vicar's wife sits with him.", map[string]string{"carer": "", "dentist": "dentist mentioned", "vicar": "", "vicar's wife": "vicar's wife mentioned"}},
		{"I spoke to Sergeant Ennis. He'll ring Friday. CP visit to Ali, nine.", map[string]string{"Sergeant Ennis": "police officer mentioned", "sergeant": ""}},
		{"Visit with PC Ennis and her sergeant. CP visit to Ali, nine.", map[string]string{"PC Ennis": "police officer present", "sergeant": "sergeant mentioned"}},
		{"CIN visit. Present were Kay, mum, and Sam, Joe and Molly who's the baby. The baby doll was on the floor.", map[string]string{"Molly": "baby present yes not_stated not_stated", "baby": ""}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestHisSisterIsTheOtherChild(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"CIN visit. Dylan, ten, and Freya, six. Dylan had done his sister's hair.", map[string]string{"sister": ""}},
		{"CIN visit. Dylan, ten, and Freya, six. Dad, Mark, said his sister rings.", map[string]string{"father's sister": "father's sister mentioned"}},
		{"CIN visit. Dylan, ten, and Owen, six. Dylan misses his sister.", map[string]string{"sister": "sister mentioned"}},
		{"CIN visit. Dylan, ten, and Freya, six. Dylan stays at his sister's at weekends.", map[string]string{"sister": "sister mentioned"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestRolesThatNoListHolds(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"CIN visit. Mum, Tara, was in. I'm ringing the bereavement support officer. Her old link worker rang.", map[string]string{"bereavement support officer": "bereavement support officer mentioned", "link worker": "link worker mentioned", "police officer": ""}},
		{"CIN visit. Mum, Tara, was in. The bloke at number six told her off. The woman from flat 12 has moved.", map[string]string{"neighbour": "neighbour mentioned"}},
		{"CIN visit. Mum, Tara, was in. Next door says there's shouting.", map[string]string{"neighbour": "neighbour mentioned"}},
		{"CIN visit. Mum, Tara, was in. I'll let Callum's worker know on Monday.", map[string]string{"social worker": "social worker mentioned"}},
		{"CIN visit. Mum, Tara, was in. I'm not their worker. She's a hard worker and a real worker. I parked next door.", map[string]string{"social worker": "", "hard worker": "", "real worker": "", "neighbour": ""}},
		{"CIN visit. Mum, Tara, was in. The man in the shop rang. A woman at work rang. He doesn't want another social worker.", map[string]string{"neighbour": "", "social worker": ""}},
		{"CIN visit. Mum, Tara, was in. The police officer said it's closed.", map[string]string{"police officer": "police officer mentioned"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestWhoIsBesideTheWorker(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Visit to Dominic, fifteen, at the children's home. We went up the lane to the shop, him and me. His boots are by the door.", map[string]string{"Dominic": "child present yes yes not_stated"}},
		{"Visit to Dominic, fifteen. He wasn't back. I'd have liked a walk, him and me, but he was at college.", map[string]string{"Dominic": "child absent no no not_stated"}},
		{"CIN visit to the Hales. Toby's seven, football mad, captain of the year threes, the teacher told me on the phone. Erin, nine, showed me her room.", map[string]string{"Erin": "child present yes not_stated yes"}},
	} {
		wantTold(t, c.words, c.want)
	}
	for _, a := range readText(t, "CIN visit to the Hales. Toby's seven, football mad and captain of his team. Erin, nine, showed me her room.").record.Attendees {
		if a.Name == "Toby" && a.Presence == "absent" {
			t.Error("nobody said that Toby was away")
		}
	}
	for _, a := range readText(t, "CIN visit to the Hales. Erin, nine, showed me her room. Toby, seven, was at his nan's.").record.Attendees {
		if a.Name == "Toby" && a.Presence != "absent" {
			t.Error("Toby was away")
		}
	}
}

func TestWhoseMumIsMeant(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"CIN visit. Mum, Kerry, was in. Noah is seven. Kerry said her mum has them on Fridays.", map[string]string{"Kerry": "mother present", "grandmother": "grandmother mentioned"}},
		{"CIN visit. Noah, seven, was home. Kerry let me in. Kerry says her mum helps out. Noah told me mum is tired.", map[string]string{"Kerry": "mother present", "grandmother": "grandmother mentioned"}},
		{"CIN visit. Mum, Kerry, was in. Noah is seven. Kerry said Amy misses her dad.", map[string]string{"father": "father mentioned", "grandfather": ""}},
		{"Sat down with her mum, Kerry, and her dad, Ravi. Asha is six.", map[string]string{"Kerry": "mother present", "Ravi": "father present"}},
		{"Present were Kerry, mum, her mother Dilys, and Noah, seven.", map[string]string{"Kerry": "mother present", "Dilys": "grandmother present"}},
		{"Went to see Farid at home. He told me that his dad hit him. Farid's brother Omid, who's seventeen, was there.", map[string]string{"father": "father mentioned"}},
		{"Kirsty's twenty two. Little Tomos was asleep on her. Kirsty's mum had been round.", map[string]string{"grandmother": "grandmother mentioned", "mother": ""}},
		{"Mum is Tyra, she's seventeen. Tyra's mum Simone came at visiting time. Dad's a lad called Kai, sixteen, he's not been up.", map[string]string{"Tyra": "mother mentioned", "Simone": "grandmother present", "Kai": "father absent"}},
		{"Went to the grandparents', Mr and Mrs Doherty, Frank and Bernie, who have Orla, nine. Frank let me in. No word from the dad.", map[string]string{"Frank": "grandfather present", "Bernie": "grandmother present", "father": "father mentioned"}},
		{"Popped in on Mrs Gallagher this morning, that's Shannon's mum. Shannon was watching telly.", map[string]string{"Mrs Gallagher": "mother mentioned"}},
		{"Opened by grandmother, so Rukhsana's sister Nasreen interpreted. Rukhsana was out at the doctors. Fahim, eight, was home. Grandmother said he's fine.", map[string]string{"grandmother": "grandmother present"}},
		{"Call with Lorraine from the nursery. Lorraine said Teddy was quiet. Teddy is two. I rang mum after.", map[string]string{"mother": "mother mentioned"}},
		{"Nan opened the door, Carol, with Freddie on her hip. Freddie's eighteen months. Lisa came down. I put it to Lisa and she said her mum's a liar.", map[string]string{"Carol": "grandmother present", "Lisa": "mother present", "grandmother": ""}},
		{"School visit. Elsie, she's eleven, says she wants to live with dad because Carl is creepy.", map[string]string{"Carl": "mentioned", "father": "father mentioned"}},
		{"Mrs Pereira has the twins since their mum passed. Rui, nine, said Maddie's a bad influence.", map[string]string{"Maddie": "mentioned", "mother": "mother mentioned"}},
		{"Core group for the Adeyemi children. Mum was there. Attendance is ninety for Tobi but Ife is only on seventy eight. Mum is going to take Ife to the clinic.", map[string]string{"mother": "mother present"}},
		{"CIN visit. Noah, seven, was home. Mum is going to ring Shanice. Shanice was in the kitchen.", map[string]string{"Shanice": "present"}},
		{"LAC visit to Kofi, nine, who's with Sandra and Winston. Mum rang while I was there. Sandra said he'd slept well.", map[string]string{"Sandra": "present", "mother": "mother mentioned"}},
		{"LAC visit to Kofi, nine, at his carers', Sandra and Winston. Winston was out.", map[string]string{"Sandra": "foster carer present", "Winston": "foster carer absent"}},
		{"Met Leila and baby Yusuf at the mother and baby unit. Leila said she felt low.", map[string]string{"Leila": "mother present", "Yusuf": "baby present yes not_stated not_stated"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestWhoComesFromSchool(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Right, the Nowaks. Got there just as Hania was getting in from school. Dad, that's Pawel, let me in, mum's at work till six. She says she hates maths.", map[string]string{"Hania": "child present yes not_stated not_stated", "Pawel": "father present", "mother": "mother absent"}},
		{"Mum was in. Kacper had just come home from school and he told me it was boring.", map[string]string{"Kacper": "child present yes not_stated not_stated"}},
		{"Noah, seven, was in. Kerry got back from the school run and said she was tired.", map[string]string{"Kerry": "present"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestGroupsAreNobody(t *testing.T) {
	got := told(readText(t, "Visit to Noah, seven. Staff say he settles. Teachers think he is bright. Paramedics said he was fine. Neighbours say there is shouting.").record)
	if len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func TestListedAndOnTheTelephone(t *testing.T) {
	for _, c := range []struct {
		words string
		want  map[string]string
	}{
		{"Core group. There was me, Mrs Pritchard the head, the school nurse Dawn, and mum. Dad didn't turn up.", map[string]string{"Mrs Pritchard": "head teacher present", "Dawn": "school nurse present", "mother": "mother present", "father": "father absent"}},
		{"CIN visit. Noah, seven, was in. Dad, that's Pawel, let me in.", map[string]string{"Pawel": "father present"}},
		{"foster home visit to amy and tyler today with angela and phil amy is nine angela was in phil was out walking the dog amy was quiet", map[string]string{"phil": "foster carer absent"}},
		{"CP visit. Mum, Kerry, was in. Ethan, fifteen, was out when I got there but came in halfway through.", map[string]string{"Ethan": "child present yes not_stated not_stated"}},
		{"CP visit to Rhys, nine. Mum, Kerry, was in. Her husband Dai popped his head round the door.", map[string]string{"Dai": "husband present"}},
		{"I've had a call about Jacob, he's eight. I've not seen Jacob yet.", map[string]string{"Jacob": "child absent no not_stated not_stated"}},
		{"Cherie rang me back. She put Kayla on the phone, who said she was having a nice time. Kayla's eight.", map[string]string{"Kayla": "child mentioned not_stated not_stated not_stated"}},
		{"CIN. Kayla's eight. I rang mum and she put Kayla on and Kayla said hiya.", map[string]string{"Kayla": "child mentioned not_stated not_stated not_stated", "mother": "mother mentioned"}},
	} {
		wantTold(t, c.words, c.want)
	}
}

func TestAgesBehindAnAdult(t *testing.T) {
	for _, c := range []struct{ words, name, age string }{
		{"CP visit. Kerry's partner Lee was in. Kian told me Lee sleeps in mum's bed. He's seven.", "Kian", "seven"},
		{"Met Jayden in the office with Miss Lovell. He's fifteen now. Miss Lovell is head of year.", "Jayden", "fifteen"},
		{"Saw Wiktoria at Larch House, her key worker is Ellis. Wiktoria's been there five weeks, she's fourteen.", "Wiktoria", "fourteen"},
		{"LAC visit to Kyle. Kyle's fifteen going on thirty.", "Kyle", "fifteen"},
	} {
		got := map[string]string{}
		for _, a := range readText(t, c.words).record.Attendees {
			got[a.Name] = a.Age
		}
		if got[c.name] != c.age || len(c.age) == 0 {
			t.Errorf("%s: %v", c.words, got)
		}
	}
}

func TestWhoseWordsTheyAre(t *testing.T) {
	for _, c := range []struct {
		words string
		want  string
	}{
		{"Linh is thirteen. She's staying with a Mrs Tran who says she's a friend of the family.", ""},
		{"Visit to Rhys, eight. Rhys croaked that he's bored.", "he's bored"},
		{"Visit to Omid, eight. He told me that his dad hit him.", "his dad hit him"},
		{"Phone call from Mrs Hussain, the grandmother of Ibrahim. She said he'd turned up at hers. He'd told her his stepdad locked him out. Ibrahim's seven.", ""},
	} {
		got := ""
		for _, v := range readText(t, c.words).record.ChildVoice {
			got += v.Quote
		}
		if got != c.want {
			t.Errorf("%s: %q", c.words, got)
		}
	}
}

func TestWhoIsSpokenOfWasNotSeen(t *testing.T) {
	for words, want := range map[string]string{
		"Home visit to Ben, six. Jo was in. Ben was getting in from school every day at six.":                   "child present not_stated not_stated not_stated",
		"Home visit to Ben, six. Jo was in. If Ben was coming in late she'd shout.":                             "child present not_stated not_stated not_stated",
		"Home visit to Ben, six. Jo was in. Jo says Ben was coming home drunk.":                                 "child present not_stated not_stated not_stated",
		"Home visit to Ben, six. Jo was in. A neighbour said Ben was walking through the park on his own.":      "child present not_stated not_stated not_stated",
		"Home visit to Ben, six. Dad, that's Pawel, let me in. Ben, who's six, let me in last time.":            "child present not_stated not_stated not_stated",
		"Home visit to Ben, six. Mum said he, Ben, let me in her room.":                                         "child present not_stated not_stated not_stated",
		"Home visit to Ben, six. In the room, mum said, Ben is fine. Ben was at school.":                        "child absent no not_stated not_stated",
		"There was me and Jo talking about Ben. Visit about Ben, six, who was at school.":                       "child present not_stated not_stated not_stated",
		"There was me, Jo and her sister, no Ben. Visit to Ben, six.":                                           "child present not_stated not_stated not_stated",
		"Rang Jo about Ben, six. Ben was just coming in from school, she said.":                                 "child absent no not_stated not_stated",
		"Home visit to Ben, six. Jo was in. Ben was last seen at the bus station.":                              "child mentioned not_stated not_stated not_stated",
		"Home visit to Ben, six. Jo was in. Ben was just getting in from school.":                               "child present yes not_stated not_stated",
		"Home visit to Ben, six. Jo, mum, was in. Had him on his own for ten minutes.":                          "child present yes yes not_stated",
		"Home visit to Ben, six. Jo, mum, was in. Had him on his own all weekend for ten minutes, his dad did.": "child present not_stated not_stated not_stated",
	} {
		wantTold(t, words, map[string]string{"Ben": want})
	}
}
