package rules

import (
	"testing"

	"kerbside"
)

// What is said of one is never put down to another, above all not to the only child because it is the only one.
func TestWhoseInjury(t *testing.T) {
	const one, two = "Visit to Oliver, seven. Mum, Kate, was in with her partner, Dan. ", "Visit to Oliver, seven, and Maya, four. Mum, Kate, was in. "
	for _, c := range []struct{ text, name string }{
		{one + "Emily had a bruise on her arm.", "Emily"},
		{one + "Kate had a black eye and a bruise on her jaw.", "Kate"},
		{one + "There was a bruise on Kate's jaw.", "Kate"},
		{one + "His cousin Freya had a burn on her hand.", "Freya"},
		{one + "Oliver told me Emily has a bruise on her leg.", "Emily"},
		{one + "Kate told me Oliver had a bruise on his back.", "Oliver"},
		{one + "The neighbour, Pam, had a cut on her hand.", "Pam"},
		{one + "School said there was a mark on Oliver's neck.", "Oliver"},
		{one + "I saw Oliver in the garden. There were no bruises or marks.", "Oliver"},
		{one + "No injuries seen.", "Oliver"},
		{two + "Maya had a bruise on her shin. Kate said she fell.", "Maya"},
		{two + "Oliver was quiet. He had a scratch on his cheek.", "Oliver"},
		{two + "No bruises or marks on either of them.", ""},
		{two + "No marks on Maya.", "Maya"},
		{two + "I saw Maya first. She had a graze on her knee.", "Maya"},
	} {
		r := readText(t, c.text).record
		if len(r.Injuries) == 0 {
			t.Errorf("%q: no injury", c.text)
			continue
		}
		if got := nameOf(&r, r.Injuries[0].Child); got != c.name {
			t.Errorf("%q: is taken for %q's", c.text, got)
		}
	}
}

func nameOf(r *kerbside.Record, id kerbside.PersonID) string {
	for _, a := range r.Attendees {
		if a.ID == id {
			return a.Name
		}
	}
	return ""
}

// What the worker saw of somebody else says nothing of the only child.
func TestWhoseVisitFacts(t *testing.T) {
	const text = "Visit to Oliver, seven. Mum, Kate, was in. "
	for _, s := range []string{"I saw Emily on her own in her bedroom.", "I had ten minutes with Freya by herself.", "His cousin Freya showed me her bedroom.", "Freya's bedroom was clean and I had a look at it."} {
		for _, c := range readText(t, text+s).record.Children {
			if c.SeenAlone.Value == kerbside.Yes || c.BedroomSeen.Value == kerbside.Yes {
				t.Errorf("%q: alone %s, bedroom %s", s, c.SeenAlone.Value, c.BedroomSeen.Value)
			}
		}
	}
}

// A word for a person that only says what a named one is makes nobody new, and a head that is kissed runs no school.
func TestNobodyNew(t *testing.T) {
	for _, c := range []struct {
		text  string
		never []string
	}{
		{"Visit to Imran, six. Mum, Sana, was in. Rubina, that's dad's mother, was in as well.", []string{"mother "}},
		{"Visit to Noah, six. Mum, Kelly, was in. Sana kissed him on the head before he went out.", []string{"head teacher "}},
		{"Visit to Noah, six. Mum, Kelly, was in. I've offered Kelly a carer's assessment. The fire guard was up.", []string{"carer ", "security guard "}},
		{"Visit to Noah, six. Mum, Kelly, was in. The Moses basket was by the bed and she works at the dry cleaner's.", []string{"cleaner "}},
	} {
		r := readText(t, c.text).record
		for _, a := range r.Attendees {
			for _, n := range c.never {
				if a.Name == "" && a.Role+" " == n {
					t.Errorf("%q: somebody who is nobody: %s", c.text, a.Role)
				}
			}
			if a.Name == "Moses" {
				t.Errorf("%q: Moses", c.text)
			}
		}
	}
}
