package seal

import "kerbside"

// A digest is sealed with the organisation's key, as the search index is: a list over many visits opens one key, not thousands. It holds no words, and goes
// with the visit's key.

func (t *tx) PutDigest(d kerbside.Digest) error {
	if _, err := t.key(d.Org, string(d.Visit), true); err != nil { // what was erased has none again
		return err
	}
	if err := t.sealAll(d.Org, string(d.Org), place("digests", d.Org, d.Visit), field{&d.Body, "body"}); err != nil {
		return err
	}
	return t.Tx.PutDigest(d)
}

func (t *tx) Digests(org kerbside.OrganisationID, visits []kerbside.VisitID) (map[kerbside.VisitID]kerbside.Digest, error) {
	digests, err := t.Tx.Digests(org, visits)
	for id, d := range digests {
		if err != nil {
			return nil, err
		}
		_, err = t.openAll(org, string(org), place("digests", d.Org, d.Visit), field{&d.Body, "body"})
		digests[id] = d
	}
	return digests, err
}
