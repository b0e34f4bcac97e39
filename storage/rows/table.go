package rows

import (
	"context"
	"iter"
	"strings"
)

// Kind is what a column holds, and as what its values are read and written here.
type Kind byte

// The kinds of column.
const (
	Text  Kind = iota // string
	Int               // int64
	Bytes             // []byte
	Bool              // bool
	Words             // string: words between spaces
)

// Column is one of a table.
type Column struct {
	Name string
	Kind Kind
}

// Table is what both engines have: the same columns with the same values.
type Table struct {
	Name    string
	Columns []Column
	Key     []string // orders the rows, by bytes; no two have the same
}

// Names are the columns' names.
func (t Table) Names() []string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return names
}

// Numbered reports whether the rows have numbers of their own, which only grow.
func (t Table) Numbered() bool { return len(t.Key) == 1 && t.Key[0] == "n" }

// table makes one of the names of its columns: "#" after a name is for numbers, "*" for bytes, "!" for yes or no, "~" for words.
func table(name, key, columns string) Table {
	t := Table{Name: name, Key: strings.Fields(key)}
	for _, c := range strings.Fields(columns) {
		kind := Text
		if i := strings.IndexByte("#*!~", c[len(c)-1]); i >= 0 {
			kind = [...]Kind{Int, Bytes, Bool, Words}[i]
			c = c[:len(c)-1]
		}
		t.Columns = append(t.Columns, Column{c, kind})
	}
	return t
}

// Tables are all tables, each after those that it points at.
func Tables() []Table {
	return []Table{
		table("organisations", "id", "id name"),
		table("teams", "org id", "org id name"),
		table("users", "org id", "org id team name role email left_at#"),
		table("identities", "issuer subject", "org user issuer subject"),
		table("passwords", "org user", "org user hash at#"),
		table("passkeys", "org id", "org id user name credential* created# used#"),
		table("sign_in_links", "org token_sha256", "org token_sha256 user expires# used#"),
		table("sessions", "org id", "org id token_sha256 user method agent created# seen# expires#"),
		table("api_tokens", "org id", "org id token_sha256 user name scopes created# expires# used# revoked#"),
		table("ceremonies", "key_sha256", "key_sha256 kind state* expires#"),
		table("tries", "key", "key count# since# until#"),
		table("cases", "org id", "org id reference name plan plan_id worker interval_days# due confidential_address!"),
		table("case_people", "org case_id n", "org case_id n# id name role born parental_responsibility!"),
		table("restrictions", "org case_id user", "org case_id user"),
		table("covers", "org id", "org id of_user by_user starts# ends# made"),
		table("visits", "org id", "org id case_id worker title date state reason created# updated# addendum_to said_date"),
		table("recordings", "n", "n# org id visit client_id kind name state sha256 bytes# duration_ms# blob created# finished# expected# expected_sha256"),
		table("chunks", "org recording take seq", "org recording take# seq# sha256 bytes# blob"),
		table("heard", "n", "n# org visit recording by_user at# start_ms# end_ms#"),
		table("documents", "org id", "org id visit kind key version# sha256 input author at# reason body*"),
		table("corrections", "n", "n# org visit transcript id first_word last_word old new author at# reason undoes"),
		table("statements", "n", "n# org visit id author at# question text"),
		table("reviews", "n", "n# org visit id action by_user at# comment covers confirmed"),
		table("entries", "n", "n# org visit id audience document by_user at# on_day undone!"),
		table("digests", "org visit", "org visit body"),
		table("alerts_seen", "org kind object", "org kind object by_user at#"),
		table("alert_sendings", "org kind object", "org kind object id at# attempts# next_try# sent#"),
		table("terms", "n", "n# org id case_id text kind added_by added# retired_by retired#"),
		table("ledger", "n", "n# org id kind subject at# by_user body*"),
		table("audit_before", "n", "n# org by_user at# action object visit"),
		table("audit", "org n", "org n# by_user at# action object visit"),
		table("audit_hashes", "org i", "org i# hash*"),
		table("audit_heads", "org day", "org day# size# at# note"),
		table("data_keys", "org scope", "org scope wrapped* master created# erased#"),
		table("searched", "org visit", "org visit words~"),
		table("jobs", "n", "n# org id kind visit recording owner priority# state attempt# deaths# lease# run_at# last_error"),
		table("turns", "org owner", "org owner at#"),
	}
}

// Reader reads tables as they lie, all in one state.
type Reader interface {
	// Rows gives a table's rows in the order of its key. A row's values are good until the next one.
	Rows(ctx context.Context, t Table) iter.Seq2[[]any, error]
}

// Writer fills empty tables, all of it or nothing. It reads what it has written.
type Writer interface {
	Reader
	// Put adds rows to a table and gives their number.
	Put(ctx context.Context, t Table, rows iter.Seq2[[]any, error]) (int64, error)
}

// Scanned gives where one row of a table is scanned to, and its values then.
func Scanned(t Table) (values func() []any, into []any) {
	into = make([]any, len(t.Columns))
	for i, c := range t.Columns {
		switch c.Kind {
		case Int:
			into[i] = new(int64)
		case Bytes:
			into[i] = new([]byte)
		case Bool:
			into[i] = new(bool)
		default:
			into[i] = new(string)
		}
	}
	row := make([]any, len(into))
	return func() []any {
		for i, v := range into {
			switch v := v.(type) {
			case *int64:
				row[i] = *v
			case *[]byte:
				row[i] = *v
				if *v == nil {
					row[i] = []byte{}
				}
			case *bool:
				row[i] = *v
			case *string:
				row[i] = *v
			}
		}
		return row
	}, into
}
