package kerbside

// Follow gives the evidence of what became of e's words in later versions of its transcript. versions are consecutive, the first that of e; a
// correction between two of them replaced one run of words, and what it put there stands for what was there. ok is false when
// nothing is left of the words, or when e is not of the first version. A statement has one version, and is followed as it is.
func Follow(e Evidence, versions []*Transcript) (followed Evidence, ok bool) {
	if len(versions) == 0 || e.Source.Kind != SourceTranscript || e.Source.ID != string(versions[0].ID) || e.Source.Version != versions[0].Version {
		return e, false
	}
	first, last := versions[0].wordRange(e.FirstWord, e.LastWord)
	for i := 1; i < len(versions) && first >= 0 && first <= last; i++ {
		first, last = moved(versions[i-1].Words, versions[i].Words, first, last)
	}
	if first < 0 || last < first {
		return e, false
	}
	return NewSource(versions[len(versions)-1]).Evidence(first, last), true
}

// moved gives the place in after of the words first..last of before. What was put in the place of some of the words is taken in whole; a range that
// is empty tells that nothing was.
func moved(before, after []Word, first, last int) (int, int) {
	same, rest := 0, 0
	for same < len(before) && same < len(after) && before[same].ID == after[same].ID {
		same++
	}
	for rest < len(before)-same && rest < len(after)-same && before[len(before)-1-rest].ID == after[len(after)-1-rest].ID {
		rest++
	}
	shift := len(after) - len(before)
	switch {
	case first < same:
	case first >= len(before)-rest:
		first += shift
	default: // within what was replaced
		first = same
	}
	switch {
	case last < same:
	case last >= len(before)-rest:
		last += shift
	default:
		last = len(after) - rest - 1
	}
	return first, last
}
