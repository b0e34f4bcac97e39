package rules

import "testing"

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
