package service

// Stretch is where two lists differ: a[A:A2] against b[B:B2].
type Stretch struct{ A, A2, B, B2 int }

// maxAligned bounds the table of the alignment, in entries; what is longer counts as replaced from its first difference to its last.
const maxAligned = 4 << 20

// Differences gives the stretches in which two lists of n and m things differ, by their longest common subsequence.
func Differences(n, m int, same func(i, j int) bool) []Stretch {
	head := 0
	for head < n && head < m && same(head, head) {
		head++
	}
	for n > head && m > head && same(n-1, m-1) {
		n, m = n-1, m-1
	}
	if n == head && m == head {
		return nil
	}
	if (n-head+1)*(m-head+1) > maxAligned {
		return []Stretch{{head, n, head, m}}
	}
	return align(head, n, m, same)
}

// align is Differences of a[head:n] and b[head:m].
func align(head, n, m int, same func(i, j int) bool) []Stretch {
	length := make([][]int, n-head+1)
	for i := range length {
		length[i] = make([]int, m-head+1)
	}
	for i := n - 1; i >= head; i-- {
		for j := m - 1; j >= head; j-- {
			if same(i, j) {
				length[i-head][j-head] = length[i-head+1][j-head+1] + 1
			} else {
				length[i-head][j-head] = max(length[i-head+1][j-head], length[i-head][j-head+1])
			}
		}
	}
	var out []Stretch
	at := Stretch{A: head, B: head}
	flush := func(i, j int) {
		at.A2, at.B2 = i, j
		if at.A2 > at.A || at.B2 > at.B {
			out = append(out, at)
		}
	}
	i, j := head, head
	for i < n && j < m {
		switch {
		case same(i, j):
			flush(i, j)
			i, j = i+1, j+1
			at = Stretch{A: i, B: j}
		case length[i-head+1][j-head] >= length[i-head][j-head+1]:
			i++
		default:
			j++
		}
	}
	flush(n, m)
	return out
}
