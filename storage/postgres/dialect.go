package postgres

import (
	"kerbside"
	"kerbside/storage/rows"
)

var dialect = rows.Dialect{
	DayOfCreated: "to_char(to_timestamp(created / 1000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD')",
	AnyOf:        " IN (SELECT jsonb_array_elements_text(CAST(CAST(? AS TEXT) AS JSONB)))",
	ForUpdate:    " FOR UPDATE",
	Failure:      failure,
	Matches:      "words @> ?",
	Match:        func(words []string) any { return words },
	PutSearch: func(t rows.Statements, org kerbside.OrganisationID, v kerbside.VisitID, words []string) error {
		return t.Exec("postgres.PutSearch", "INSERT INTO searched (org, visit, words) VALUES (?, ?, ?) ON CONFLICT (org, visit) DO UPDATE SET words = excluded.words", org, v, words)
	},
	DropSearch: func(t rows.Statements, org kerbside.OrganisationID, v kerbside.VisitID) error {
		return t.Exec("postgres.DropSearch", "DELETE FROM searched WHERE org = ? AND visit = ?", org, v)
	},
}
