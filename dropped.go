package kerbside

// Why says in plain words why the gate dropped something; a reason that it does not know is given as it is.
func (d Dropped) Why() string {
	known := map[string]string{
		"no_evidence":         "nothing that was said bears it",
		"quote_not_in_source": "its words were not said",
		"quote_ambiguous":     "its words were said more than once, and it is not clear where",
		"quote_too_short":     "a single word shows too little",
		"quote_too_long":      "so many words show nothing in particular",
		"unsupported_name":    "it holds a name that was not said there",
		"unsupported_number":  "it holds a number that was not said there",
		"unsupported_date":    "it holds a day that was not said there",
		"not_verbatim":        "these are not the child's very words",
		"unknown_value":       "it cannot have this value",
		"duplicate":           "it stands there already",
		"not_for_a_model":     "a language model may not say that a child was seen",
		"spoken_instruction":  "it stands beside words that sound like an order to a computer",
		"too_many":            "there were more than so few words can hold",
	}
	if text := known[d.Reason]; text != "" {
		return text
	}
	return d.Reason
}
