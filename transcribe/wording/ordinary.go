package wording

func (t *Tables) addOrdinary(columns []string) error {
	t.ordinary.Add(columns[0])
	return nil
}

// isOrdinary reports whether a word in lower case is one of the language's, rather than a name or something misheard.
func (t *Tables) isOrdinary(w string) bool {
	if _, ok := t.spelling[w]; ok {
		return true
	}
	return t.ordinary.Has(w)
}
