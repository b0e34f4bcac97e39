package service

import (
	"encoding/json"

	"kerbside"
)

// addLedger adds a line to the ledger and gives its id.
func (s *Service) addLedger(tx kerbside.Tx, by kerbside.User, k kerbside.LedgerKind, subject string, body any) (string, error) {
	id, err := s.newID("l")
	if err != nil {
		return "", err
	}
	return id, s.addLedgerLine(tx, by, id, k, subject, body)
}

func (s *Service) addLedgerLine(tx kerbside.Tx, by kerbside.User, id string, k kerbside.LedgerKind, subject string, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, "service.addLedger", "", err)
	}
	return tx.AddLedger(kerbside.LedgerLine{ID: id, Org: by.Org, Kind: k, Subject: subject, At: s.now(), By: by.ID, Body: b})
}

// readLedger gives the lines of a kind with their bodies, oldest first.
func readLedger[T any](tx kerbside.Tx, org kerbside.OrganisationID, k kerbside.LedgerKind, subject string) ([]kerbside.LedgerLine, []T, error) {
	lines, err := tx.Ledger(org, k, subject)
	if err != nil {
		return nil, nil, err
	}
	bodies := make([]T, len(lines))
	for i, l := range lines {
		if json.Unmarshal(l.Body, &bodies[i]) != nil { // its error may quote the body
			return nil, nil, kerbside.E(kerbside.CodeInternal, "service.readLedger", "A line of the ledger cannot be read. Restore it from a backup.", nil)
		}
	}
	return lines, bodies, nil
}

// newest gives the last body of a kind, and its line; the zero values when there is none.
func newest[T any](tx kerbside.Tx, org kerbside.OrganisationID, k kerbside.LedgerKind) (l kerbside.LedgerLine, body T, err error) {
	lines, bodies, err := readLedger[T](tx, org, k, "")
	if n := len(lines); err == nil && n > 0 {
		l, body = lines[n-1], bodies[n-1]
	}
	return l, body, err
}
