package english

import "testing"

func TestHas(t *testing.T) {
	words := Builtin()
	for _, w := range []string{"kettle", "kettles", "tidied", "stopping", "stopped", "happily", "attendance"} {
		if !words.Has(w) {
			t.Errorf("%s is an ordinary word", w)
		}
	}
	for _, w := range []string{"shireen", "tomasz", "nasreen", "", "s"} {
		if words.Has(w) {
			t.Errorf("%q is none", w)
		}
	}
}
