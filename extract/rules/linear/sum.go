package linear

// Sum is how much the features of a bag speak for a class against the first one, which has none.
func (m *Model) Sum(class int, b *Bag) float64 {
	if class < 1 {
		return 0
	}
	n, sum := len(m.Classes)-1, 0.0
	for _, h := range b.Hashes {
		if row, ok := m.rows[h]; ok {
			sum += float64(m.weights[row+class-1])
		}
	}
	_ = n
	return sum
}
