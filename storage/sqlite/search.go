package sqlite

import (
	"strings"

	"kerbside"
)

// PutSearch implements [kerbside.Tx].
func (t *tx) PutSearch(org kerbside.OrganisationID, v kerbside.VisitID, words []string) error {
	const op = "sqlite.PutSearch"
	err := t.exec(op, "DELETE FROM search WHERE rowid = (SELECT n FROM searched WHERE org = ? AND visit = ?)", org, v)
	if err != nil {
		return err
	}
	if len(words) == 0 {
		return t.exec(op, "DELETE FROM searched WHERE org = ? AND visit = ?", org, v)
	}
	if err := t.exec(op, "INSERT OR IGNORE INTO searched (org, visit) VALUES (?, ?)", org, v); err != nil {
		return err
	}
	return t.exec(op, "INSERT INTO search (rowid, words) SELECT n, ? FROM searched WHERE org = ? AND visit = ?", strings.Join(words, " "), org, v)
}

// Search implements [kerbside.Tx].
func (t *tx) Search(org kerbside.OrganisationID, f kerbside.VisitFilter, words []string) ([]kerbside.Visit, error) {
	if len(words) == 0 {
		return nil, nil
	}
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = `"` + strings.ReplaceAll(w, `"`, `""`) + `"`
	}
	return t.visits("sqlite.Search", f, "SELECT "+visitColumns+` FROM visits WHERE org = ? AND id IN
		(SELECT visit FROM searched WHERE org = ? AND n IN (SELECT rowid FROM search WHERE search MATCH ?))`, org, org, strings.Join(quoted, " AND "))
}
