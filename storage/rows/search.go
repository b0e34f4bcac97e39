package rows

import "kerbside"

// PutSearch implements [kerbside.Tx].
func (t *tx) PutSearch(org kerbside.OrganisationID, v kerbside.VisitID, words []string) error {
	if len(words) == 0 {
		return t.d.DropSearch(t, org, v)
	}
	return t.d.PutSearch(t, org, v, words)
}

// Search implements [kerbside.Tx].
func (t *tx) Search(org kerbside.OrganisationID, f kerbside.VisitFilter, words []string) ([]kerbside.Visit, error) {
	if len(words) == 0 {
		return nil, nil
	}
	return t.visits("rows.Search", f, "SELECT "+visitColumns+" FROM visits WHERE org = ? AND id IN (SELECT visit FROM searched WHERE org = ? AND "+t.d.Matches+")", org, org, t.d.Match(words))
}
