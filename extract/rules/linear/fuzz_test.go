package linear

import "testing"

// FuzzRead reads tables of weights.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"a\tb\nx\t1\n", "# c\na\tb\tc\nx\t1\t-2\ny\t3\t4\n", "a\n", "", "a\tb\nx\t99999999999999999999\n", "a\tb\nx\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Read(b)
		if err != nil {
			return
		}
		if len(m.Classes) < 2 || len(m.weights) != len(m.rows)*(len(m.Classes)-1) {
			t.Fatalf("%d classes, %d features, %d weights", len(m.Classes), len(m.rows), len(m.weights))
		}
	})
}
