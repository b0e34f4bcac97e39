package wording

import "math"

// sounds has the costs between sounds, and what a sound weighs.
type costs struct {
	swap   [128][128]float32
	skip   [128]float32
	weight [128]float32
}

const sounds = "pbtdkgfvTszSZCJmnNlrwyh" + vowels

// places are the vowels' places in the mouth: height from 0 (close) to 2 (open), and from 0 (front) to 2 (back). Diphthongs stand
// where they begin and end on average.
var places = map[byte][2]float64{
	'I': {0, 0}, 'i': {0.5, 0.2}, 'e': {1.2, 0.3}, 'E': {0.8, 0.1}, 'a': {1.9, 0.6}, 'A': {2.1, 1.5}, 'u': {1.6, 1.2}, 'o': {1.9, 1.9}, 'Q': {1.2, 1.9},
	'O': {1, 1.5}, 'U': {0.2, 1.8}, '@': {1.1, 1}, 'R': {1.1, 0.9}, 'Y': {1.2, 0.6}, 'W': {1.4, 1.3}, 'X': {0.8, 1.4},
}

// near are pairs of consonants that are heard for each other more easily than others.
var near = map[string]float32{
	"pb": 0.35, "td": 0.35, "kg": 0.35, "fv": 0.35, "sz": 0.3, "SZ": 0.3, "CJ": 0.35, "mn": 0.45, "nN": 0.3, "mN": 0.6, "SC": 0.45, "ZJ": 0.3, "Ss": 0.5, "Zz": 0.4, "SJ": 0.5,
	"Tf": 0.3, "Tt": 0.5, "Td": 0.5, "Tv": 0.4, "Ts": 0.5, "Tz": 0.6, "tC": 0.5, "dJ": 0.5, "lr": 0.6, "wr": 0.6, "wv": 0.5, "lw": 0.6, "bv": 0.6, "pt": 0.75, "tk": 0.75, "pk": 0.75,
	"kC": 0.75, "gJ": 0.75, "bd": 0.75, "dg": 0.75, "pf": 0.7, "kh": 0.75, "Zs": 0.6, "zJ": 0.6,
}

func newCosts() *costs {
	c := &costs{}
	for i := range len(sounds) {
		a := sounds[i]
		c.weight[a], c.skip[a] = 1, 0.9
		if isVowel(a) {
			c.weight[a], c.skip[a] = 0.7, 0.55
		}
		for k := range len(sounds) {
			b := sounds[k]
			switch {
			case a == b:
			case isVowel(a) && isVowel(b):
				c.swap[a][b] = vowelCost(a, b)
			default:
				c.swap[a][b] = 1
			}
		}
	}
	for pair, cost := range near {
		c.swap[pair[0]][pair[1]], c.swap[pair[1]][pair[0]] = cost, cost
	}
	for s, cost := range map[byte]float32{'@': 0.25, 'h': 0.35, 'y': 0.35, 'w': 0.45, 'r': 0.45, 't': 0.75, 'd': 0.75, 'n': 0.75, 'N': 0.75, 'l': 0.7} {
		c.skip[s] = cost
	}
	for pair, cost := range map[string]float32{"yI": 0.3, "yi": 0.3, "wU": 0.3, "wO": 0.5} {
		c.swap[pair[0]][pair[1]], c.swap[pair[1]][pair[0]] = cost, cost
	}
	return c
}

func vowelCost(a, b byte) float32 {
	d := math.Hypot(places[a][0]-places[b][0], places[a][1]-places[b][1])
	cost := min(0.1+0.28*d, 0.65)
	if a == '@' || b == '@' {
		cost = min(cost, 0.3)
	}
	return float32(cost)
}

// distance is the least cost of changing the sounds a into b (Wagner and Fischer 1974), as a share of what the longer one
// weighs; once it is certain to be over limit, 1. A first consonant counts more than others.
func (c *costs) distance(a, b string, limit float32) float32 {
	weight := max(c.weigh(a), c.weigh(b))
	if weight == 0 || len(b) >= maxSounds || len(a) >= maxSounds {
		return 1
	}
	budget := limit * weight
	var row [maxSounds]float32
	for k := 1; k <= len(b); k++ {
		row[k] = row[k-1] + c.skip[b[k-1]]
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] += c.skip[a[i]]
		least := row[0]
		for k := 1; k <= len(b); k++ {
			swap := c.swap[a[i]][b[k-1]]
			if i == 0 && k == 1 && !isVowel(a[0]) {
				swap *= 1.4
			}
			best := min(diagonal+swap, row[k]+c.skip[a[i]], row[k-1]+c.skip[b[k-1]])
			diagonal, row[k] = row[k], best
			least = min(least, best)
		}
		if least > budget {
			return 1
		}
	}
	return row[len(b)] / weight
}

const maxSounds = 48

func (c *costs) weigh(s string) (sum float32) {
	for i := range len(s) {
		sum += c.weight[s[i]]
	}
	return sum
}
