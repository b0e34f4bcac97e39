package extract

import (
	"slices"
	"testing"

	"kerbside"
)

// TestWhoMayKnow holds what the words themselves say of who may see them.
func TestWhoMayKnow(t *testing.T) {
	for words, want := range map[string][]string{
		"Mum wants her new address kept from dad.":                                     {kerbside.SensitiveRestricted, kerbside.SensitiveAddress},
		"I've said I won't put it anywhere he can see it.":                             {kerbside.SensitiveRestricted},
		"She asked me not to tell her mum about the boyfriend.":                        {kerbside.SensitiveRestricted},
		"Ravi told me about the debts. Please keep this between us.":                   {kerbside.SensitiveRestricted},
		"Mum is keeping the number from him.":                                          {kerbside.SensitiveRestricted},
		"The neighbour rang us about the shouting.":                                    {kerbside.SensitiveInformant},
		"Dad was arrested on Friday.":                                                  {kerbside.SensitivePolice},
		"Mum had a miscarriage in May.":                                                {kerbside.SensitiveIntimate},
		"Ravi has asthma and sees the nurse.":                                          {kerbside.SensitiveHealth},
		"They keep the gate shut, and the baby away from the stairs. Dad can see Amy.": nil,
		"Ravi keeps his shoes by the door. Mum put it where the cat sleeps.":           nil,
		"He was kept off school and kept himself to the kitchen.":                      nil,
	} {
		s := sourceOfText(t, words)
		r := &kerbside.Record{}
		c, err := loadCues()
		if err != nil {
			t.Fatal(err)
		}
		c.mark(r, []*kerbside.Source{s})
		var got []string
		for _, x := range r.Sensitive {
			got = append(got, x.Kind)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: %v, not %v", words, got, want)
		}
	}
}
