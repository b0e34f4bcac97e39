package seal

import "kerbside"

// A case's terms are names of its people as often as not, so they are sealed as cases are.
func termFields(w *kerbside.LexiconTerm) (string, []field) {
	return place("terms", w.Org, w.ID, w.Case), []field{{&w.Text, "text"}, {&w.Kind, "kind"}}
}

func (t *tx) PutTerm(w kerbside.LexiconTerm) error {
	row, fields := termFields(&w)
	if err := t.sealAll(w.Org, string(w.Org), row, fields...); err != nil {
		return err
	}
	return t.Tx.PutTerm(w)
}

func (t *tx) Terms(org kerbside.OrganisationID, c kerbside.CaseID) ([]kerbside.LexiconTerm, error) {
	terms, err := t.Tx.Terms(org, c)
	return each(terms, err, func(w *kerbside.LexiconTerm) (bool, error) {
		row, fields := termFields(w)
		return t.openAll(w.Org, string(w.Org), row, fields...)
	})
}
