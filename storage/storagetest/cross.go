package storagetest

import (
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"kerbside"
)

// everyWay reads all that a transaction gives of an organisation by the ids of o-1, one line a method; what is not there has no line.
func everyWay(tx kerbside.Tx, o kerbside.OrganisationID) map[string]string {
	out := map[string]string{}
	note := func(name string, v any, err error) {
		value := reflect.ValueOf(v)
		empty := value.IsZero() || (value.Kind() == reflect.Slice || value.Kind() == reflect.Map) && value.Len() == 0
		if err == nil && !empty {
			out[name] = fmt.Sprintf("%+v", v)
		}
		if err != nil && kerbside.CodeOf(err) != kerbside.CodeNotFound {
			out[name] = err.Error()
		}
	}
	visits, late := []kerbside.VisitID{"v-1"}, at.AddDate(1, 0, 0)
	for name, f := range map[string]func() (any, error){
		"users": func() (any, error) { return tx.Users(o) }, "teams": func() (any, error) { return tx.Teams(o) }, "identity": func() (any, error) { return tx.HasIdentity(o, "u-1", "https://i") },
		"password": func() (any, error) { hash, _, err := tx.Password(o, "u-1"); return hash, err }, "passkeys": func() (any, error) { return tx.Passkeys(o, "u-1") }, "sessions": func() (any, error) { return tx.Sessions(o, "u-1") },
		"tokens": func() (any, error) { return tx.APITokens(o, "u-1") }, "case": func() (any, error) { return tx.Case(o, "c-1") }, "cases": func() (any, error) { return tx.Cases(o) },
		"restrictions": func() (any, error) { return tx.Restrictions(o) }, "covers": func() (any, error) { return tx.Covers(o) }, "terms": func() (any, error) { return tx.Terms(o, "") },
		"ledger": func() (any, error) { return tx.Ledger(o, kerbside.LedgerHold, "") }, "visit": func() (any, error) { return tx.Visit(o, "v-1") }, "visits": func() (any, error) { return tx.Visits(o, kerbside.VisitFilter{}) },
		"recording": func() (any, error) { return tx.Recording(o, "r-1") }, "by client": func() (any, error) { return tx.RecordingByClient(o, "k") }, "recordings": func() (any, error) { return tx.Recordings(o, "v-1") },
		"totals": func() (any, error) { return tx.RecordingTotals(o, visits) }, "open": func() (any, error) { return tx.OpenRecordings(o, "", late) }, "erased": func() (any, error) { return tx.ErasedRecordings(o) },
		"chunk": func() (any, error) { return tx.Chunk(o, "r-1", 1, 0) }, "chunks": func() (any, error) { return tx.Chunks(o, "r-1") }, "heard": func() (any, error) { return tx.HeardOf(o, "v-1") },
		"document": func() (any, error) { return tx.Document(o, "d-1") }, "latest": func() (any, error) { return tx.LatestDocuments(o, "v-1", kerbside.DocDraft) },
		"versions": func() (any, error) { return tx.DocumentVersions(o, "v-1", kerbside.DocDraft, "a") }, "next": func() (any, error) { n, err := tx.NextVersion(o, "v-1", kerbside.DocDraft, "a"); return n - 1, err },
		"corrections": func() (any, error) { return tx.Corrections(o, "v-1", "t-1") }, "statements": func() (any, error) { return tx.Statements(o, "v-1") }, "reviews": func() (any, error) { return tx.Reviews(o, "v-1") },
		"entries": func() (any, error) { return tx.Entries(o, "v-1") }, "audit size": func() (any, error) { return tx.AuditSize(o) }, "audit hashes": func() (any, error) { return tx.AuditHashes(o, []int64{0}) },
		"audit heads": func() (any, error) { return tx.AuditHeads(o) }, "audit from": func() (any, error) { return tx.AuditFrom(o, 0, 9) }, "audit": func() (any, error) { return tx.Audit(o, 9) },
		"audit find": func() (any, error) { return tx.AuditFind(o, kerbside.AuditFilter{}, 9) }, "audit actions": func() (any, error) { return tx.AuditActions(o) }, "audit of visit": func() (any, error) { return tx.VisitAudit(o, "v-1") },
		"search": func() (any, error) { return tx.Search(o, kerbside.VisitFilter{}, []string{"garden"}) }, "digests": func() (any, error) { return tx.Digests(o, visits) }, "seen": func() (any, error) { return tx.AlertsSeen(o, []string{"v-1"}) },
		"sendings": func() (any, error) { return tx.AlertSendings(o, []string{"v-1"}) }, "key": func() (any, error) { return tx.DataKey(o, "v-1") }, "jobs": func() (any, error) { return tx.Jobs(o, "v-1") },
		"aside": func() (any, error) { return tx.SetAside(o) },
	} {
		v, err := f()
		note(name, v, err)
	}
	return out
}

// storeCross tries to reach, and to change, what is another organisation's, with the other's ids, in every way that there is.
func storeCross(t *testing.T, s kerbside.Store) {
	seed(t, s)
	d, now := document("d-1", "a", 1), time.Now()
	key := kerbside.AlertKey{Org: "o-1", Kind: "urgent", Object: "v-1"}
	session := kerbside.Session{ID: "n-1", Org: "o-1", User: "u-1", ExpiresAt: now.Add(time.Hour)}
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.PutOrganisation(kerbside.Organisation{ID: "o-2", Name: "Elsewhere"}), tx.PutUser(kerbside.User{ID: "u-2", Org: "o-2"}), tx.PutTeam(kerbside.Team{ID: "m-1", Org: "o-1", Name: "First"}),
			tx.PutIdentity("o-1", "u-1", "https://i", "7"), tx.PutPassword("o-1", "u-1", "hash", at), tx.PutPasskey(kerbside.Passkey{ID: "k-1", Org: "o-1", User: "u-1", Credential: []byte("{}")}), tx.AddSession("s", session),
			tx.PutAPIToken("h", kerbside.APIToken{ID: "b-1", Org: "o-1", User: "u-1"}), tx.AddSignInLink("l", "u-1", now.Add(time.Hour)), tx.PutCase(kerbside.Case{ID: "c-1", Org: "o-1", Name: "Linden"}),
			tx.PutRestriction("o-1", "c-1", []kerbside.UserID{"u-1"}), tx.PutCover(kerbside.Cover{ID: "e-1", Org: "o-1", Of: "u-1", By: "u-1", Made: "u-1"}), tx.PutTerm(kerbside.LexiconTerm{Term: kerbside.Term{Text: "CAMHS"}, ID: "l-1", Org: "o-1"}),
			tx.AddLedger(kerbside.LedgerLine{ID: "l-1", Org: "o-1", Kind: kerbside.LedgerHold, Subject: "c-1", By: "u-1", Body: []byte("{}")}), tx.AddChunk("o-1", kerbside.Chunk{Recording: "r-1", Take: 1, Blob: "x"}),
			tx.AddHeard(kerbside.Heard{Org: "o-1", Visit: "v-1", Recording: "r-1", By: "u-1", EndMS: 1}), tx.AddDocument(d), tx.AddCorrection("o-1", "v-1", "t-1", kerbside.Correction{ID: "k-1"}), tx.AddStatement("o-1", "v-1", kerbside.Statement{ID: "q-1"}),
			tx.AddReview(kerbside.Review{ID: "a-1", Org: "o-1", Visit: "v-1", By: "u-1"}), tx.AddEntry(kerbside.Entry{ID: "e-1", Org: "o-1", Visit: "v-1", Document: "d-1", By: "u-1"}),
			tx.AddAudit(0, kerbside.AuditEntry{Org: "o-1", By: "u-1", Action: "read", Visit: "v-1"}, [][32]byte{{1}}), tx.PutAuditHead("o-1", kerbside.AuditHead{Size: 1, At: at, Note: "n"}), tx.PutSearch("o-1", "v-1", []string{"garden"}),
			tx.PutDigest(kerbside.Digest{Org: "o-1", Visit: "v-1", Body: "1"}), tx.AddAlertSeen(kerbside.AlertSeen{Key: key, By: "u-1", At: at}), tx.PutAlertSending(kerbside.AlertSending{Key: key, ID: "x", NextTry: at}),
			tx.PutDataKey(kerbside.DataKey{Org: "o-1", Scope: "v-1", Wrapped: []byte{1}}), tx.Enqueue(kerbside.Job{ID: "j-1", Org: "o-1", Kind: kerbside.JobExtract, Visit: "v-1"}))
	})
	var own map[string]string
	view(t, s, func(tx kerbside.Tx) error {
		own = everyWay(tx, "o-1")
		if missing := 47 - 3 - len(own); missing != 0 { // nothing is open, erased or aside
			t.Errorf("%d ways show nothing of the organisation's own: %v", missing, own)
		}
		for way, got := range everyWay(tx, "o-2") {
			if way != "users" {
				t.Errorf("%s gives another organisation's: %s", way, got)
			}
		}
		return nil
	})
	// What must be refused: a row of one organisation that points at another's.
	for name, f := range map[string]func(kerbside.Tx) error{
		"visit of the other's worker": func(tx kerbside.Tx) error { return tx.PutVisit(kerbside.Visit{ID: "v-9", Org: "o-2", Worker: "u-1"}) },
		"recording": func(tx kerbside.Tx) error {
			return tx.PutRecording(kerbside.Recording{ID: "r-9", Org: "o-2", Visit: "v-1", ClientID: "9"})
		},
		"chunk": func(tx kerbside.Tx) error {
			return tx.AddChunk("o-2", kerbside.Chunk{Recording: "r-1", Take: 1, Seq: 9})
		},
		"heard": func(tx kerbside.Tx) error {
			return tx.AddHeard(kerbside.Heard{Org: "o-2", Visit: "v-1", Recording: "r-1", By: "u-2", EndMS: 1})
		},
		"document": func(tx kerbside.Tx) error {
			x := document("d-9", "a", 2)
			x.Org = "o-2"
			return tx.AddDocument(x)
		},
		"correction": func(tx kerbside.Tx) error {
			return tx.AddCorrection("o-2", "v-1", "t-1", kerbside.Correction{ID: "k-9"})
		},
		"statement": func(tx kerbside.Tx) error { return tx.AddStatement("o-2", "v-1", kerbside.Statement{ID: "q-9"}) },
		"review": func(tx kerbside.Tx) error {
			return tx.AddReview(kerbside.Review{ID: "a-9", Org: "o-2", Visit: "v-1", By: "u-2"})
		},
		"review by the other's person": func(tx kerbside.Tx) error {
			return tx.AddReview(kerbside.Review{ID: "a-9", Org: "o-1", Visit: "v-1", By: "u-2"})
		},
		"entry": func(tx kerbside.Tx) error {
			return tx.AddEntry(kerbside.Entry{ID: "e-9", Org: "o-2", Visit: "v-1", Document: "d-1", By: "u-2"})
		},
		"digest":      func(tx kerbside.Tx) error { return tx.PutDigest(kerbside.Digest{Org: "o-2", Visit: "v-1"}) },
		"restriction": func(tx kerbside.Tx) error { return tx.PutRestriction("o-2", "c-1", []kerbside.UserID{"u-2"}) },
		"cover": func(tx kerbside.Tx) error {
			return tx.PutCover(kerbside.Cover{ID: "e-9", Org: "o-2", Of: "u-1", By: "u-2"})
		},
		"password": func(tx kerbside.Tx) error { return tx.PutPassword("o-2", "u-1", "other", at) },
		"passkey": func(tx kerbside.Tx) error {
			return tx.PutPasskey(kerbside.Passkey{ID: "k-1", Org: "o-2", User: "u-2", Credential: []byte("{}")})
		},
		"session": func(tx kerbside.Tx) error {
			return tx.AddSession("s-9", kerbside.Session{ID: "n-9", Org: "o-2", User: "u-1"})
		},
		"token": func(tx kerbside.Tx) error {
			return tx.PutAPIToken("h-9", kerbside.APIToken{ID: "b-9", Org: "o-2", User: "u-1"})
		},
		"identity": func(tx kerbside.Tx) error { return tx.PutIdentity("o-2", "u-2", "https://i", "7") },
		"seen":     func(tx kerbside.Tx) error { return tx.AddAlertSeen(kerbside.AlertSeen{Key: key, By: "u-2", At: at}) },
		"user":     func(tx kerbside.Tx) error { return tx.PutUser(kerbside.User{ID: "u-1", Org: "o-2"}) },
	} {
		if err := s.Update(t.Context(), f); err == nil && name != "seen" { // seen again changes nothing
			t.Errorf("%s: a row crossed organisations", name)
		}
	}
	// What may be done, but only to one's own.
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.TouchSession("o-2", "n-1", now), tx.DeleteSession("o-2", "n-1"), tx.DropSessions("o-2", "u-1", ""), tx.DropSignInLinks("o-2", "u-1", now), tx.DeletePasskey("o-2", "u-1", "k-1"), tx.PutPassword("o-2", "u-1", "", at),
			tx.PutAPIToken("", kerbside.APIToken{ID: "b-1", Org: "o-2", RevokedAt: now}), tx.PutRestriction("o-2", "c-1", nil), tx.PutVisit(kerbside.Visit{ID: "v-1", Org: "o-2", Worker: "u-2"}), tx.PutCase(kerbside.Case{ID: "c-1", Org: "o-2", Name: "Other"}),
			tx.PutTeam(kerbside.Team{ID: "m-1", Org: "o-2"}), tx.PutTerm(kerbside.LexiconTerm{ID: "l-1", Org: "o-2"}), tx.PutSearch("o-2", "v-1", nil), tx.EraseDataKey("o-2", "v-1", at), tx.PutAuditHead("o-2", kerbside.AuditHead{Size: 9, At: at}),
			tx.AddAudit(0, kerbside.AuditEntry{Org: "o-2", By: "u-2"}, nil), tx.Enqueue(kerbside.Job{ID: "j-2", Org: "o-2", Kind: kerbside.JobExtract, Visit: "v-1"}), tx.PutAlertSending(kerbside.AlertSending{Key: kerbside.AlertKey{Org: "o-2", Kind: "urgent", Object: "v-1"}, ID: "y"}))
	})
	view(t, s, func(tx kerbside.Tx) error {
		for way, was := range own {
			if got := everyWay(tx, "o-1")[way]; got != was {
				t.Errorf("%s was changed from another organisation:\nwas %s\nnow %s", way, was, got)
			}
		}
		return nil
	})
	update(t, s, func(tx kerbside.Tx) error {
		if _, err := tx.UseSignInLink("l", now); err != nil {
			t.Error("another organisation spent a link", err)
		}
		return nil
	})
	refused(t, s, kerbside.CodeConflict, func(tx kerbside.Tx) error { return tx.Hold(kerbside.Job{Org: "o-2", ID: "j-1"}) })
}
