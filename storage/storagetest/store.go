package storagetest

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"kerbside"
)

// Stores runs the suite of [kerbside.Store]; open gives a new, empty store.
func Stores(t *testing.T, open func(t *testing.T) kerbside.Store) {
	t.Helper()
	for _, c := range []struct {
		name string
		f    func(*testing.T, kerbside.Store)
	}{
		{"people", storePeople}, {"links", storeTokens}, {"accounts", storeAccounts}, {"access", storeAccess}, {"cases", storeCases}, {"lexicons", storeLexicons}, {"visits", storeVisits}, {"recordings", storeRecordings},
		{"documents", storeDocuments}, {"corrections and statements", storeCorrections}, {"reviews", storeReviews}, {"audit", storeAudit},
		{"all or nothing", storeAtomic}, {"a view cannot write", storeViewOnly}, {"a view is one state", storeSnapshot},
		{"organisations are apart", storeApart}, {"organisations cannot cross", storeCross}, {"jobs", storeJobs}, {"open recordings", storeOpen}, {"search", storeSearch}, {"caseload", storeCaseload}, {"data keys", storeKeys}, {"ledger", storeLedger}, {"many writers", storeConcurrent}, {"a cancelled context", storeCancelled},
	} {
		t.Run(c.name, func(t *testing.T) { c.f(t, open(t)) })
	}
}

var at = time.Date(2026, 3, 3, 16, 0, 0, 123456000, time.UTC)

var (
	org    = kerbside.Organisation{ID: "o-1", Name: "Northmoor"}
	worker = kerbside.User{ID: "u-1", Org: "o-1", Team: "t-1", Name: "Wren", Role: kerbside.RoleWorker}
	visit  = kerbside.Visit{ID: "v-1", Org: "o-1", Case: "c-1", Worker: "u-1", Title: "Home", Date: "2026-03-03", State: kerbside.VisitOpen, Reason: "because", SaidDate: "2026-03-02", CreatedAt: at, UpdatedAt: at.Add(time.Second)}
	sound  = kerbside.Recording{ID: "r-1", Org: "o-1", Visit: "v-1", ClientID: "k", Kind: kerbside.KindDebrief, Name: "a.wav", State: kerbside.RecordingSafe,
		SHA256: "aa", Bytes: 7, DurationMS: 1500, Blob: "o-1/x", CreatedAt: at, FinishedAt: at.Add(time.Minute)}
)

func update(t *testing.T, s kerbside.Store, f func(kerbside.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func view(t *testing.T, s kerbside.Store, f func(kerbside.Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

// refused runs one write by itself, and wants an error of a code.
func refused(t *testing.T, s kerbside.Store, code kerbside.Code, f func(kerbside.Tx) error) {
	t.Helper()
	wantCode(t, s.Update(t.Context(), f), code)
}

// equal compares what was read with what was written.
func equal[T any](t *testing.T, want T) func(got T, err error) {
	return func(got T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got  %+v\nwant %+v", got, want)
		}
	}
}

func seed(t *testing.T, s kerbside.Store) {
	t.Helper()
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.PutOrganisation(org), tx.PutUser(worker), tx.PutVisit(visit), tx.PutRecording(sound))
	})
}

func storePeople(t *testing.T, s kerbside.Store) {
	seed(t, s)
	other := kerbside.User{ID: "u-2", Org: "o-1", Name: "Ash", Role: kerbside.RoleManager}
	update(t, s, func(tx kerbside.Tx) error { return tx.PutUser(other) })
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, []kerbside.Organisation{org})(tx.Organisations())
		equal(t, worker)(tx.User("u-1"))
		equal(t, []kerbside.User{other, worker})(tx.Users("o-1"))
		_, err := tx.User("u-3")
		wantCode(t, err, kerbside.CodeNotFound)
		return nil
	})
	other.Role = kerbside.RoleReviewer
	update(t, s, func(tx kerbside.Tx) error { return tx.PutUser(other) })
	view(t, s, func(tx kerbside.Tx) error { equal(t, other)(tx.User("u-2")); return nil })
}

func storeTokens(t *testing.T, s kerbside.Store) {
	seed(t, s)
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.AddSignInLink("l", "u-1", at), tx.AddSignInLink("old", "u-1", at), tx.AddSignInLink("l2", "u-1", at.Add(time.Hour)))
	})
	refused(t, s, kerbside.CodeConflict, func(tx kerbside.Tx) error { return tx.AddSignInLink("l", "u-1", at) })
	use := func(token string, now time.Time) error {
		return s.Update(t.Context(), func(tx kerbside.Tx) error {
			u, err := tx.UseSignInLink(token, now)
			if err == nil && u != worker {
				t.Fatalf("got %+v", u)
			}
			return err
		})
	}
	wantCode(t, use("old", at), kerbside.CodeNotFound) // expired at that very moment
	wantCode(t, use("none", at), kerbside.CodeNotFound)
	if err := use("l", at.Add(-time.Second)); err != nil {
		t.Fatal(err)
	}
	wantCode(t, use("l", at.Add(-time.Second)), kerbside.CodeNotFound) // once
	update(t, s, func(tx kerbside.Tx) error { return tx.DropSignInLinks("o-1", "u-1", at) })
	wantCode(t, use("l2", at), kerbside.CodeNotFound)
}

func storeAccess(t *testing.T, s kerbside.Store) {
	seed(t, s)
	c := kerbside.Cover{ID: "e-1", Org: "o-1", Of: "u-1", By: "u-1", From: at, Until: at.Add(time.Hour), Made: "u-1"}
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.PutCase(kerbside.Case{ID: "c-1", Org: "o-1", Name: "Linden"}), tx.PutRestriction("o-1", "c-1", []kerbside.UserID{"u-1"}), tx.PutRestriction("o-1", "c-1", []kerbside.UserID{"u-1"}),
			tx.PutCover(c), tx.PutVisit(kerbside.Visit{ID: "v-x", Org: "o-1", Worker: "u-1", State: kerbside.VisitOpen, CreatedAt: at, UpdatedAt: at}))
	})
	c.Until = at.Add(time.Minute)
	heard := kerbside.Heard{Org: "o-1", Visit: "v-x", Recording: "r-x", By: "u-1", At: at, StartMS: 5, EndMS: 9}
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.PutCover(c), tx.PutRecording(kerbside.Recording{ID: "r-x", Org: "o-1", Visit: "v-x", ClientID: "x", Kind: kerbside.KindDebrief, State: kerbside.RecordingVoid, CreatedAt: at}), tx.AddHeard(heard))
	})
	view(t, s, func(tx kerbside.Tx) error { equal(t, []kerbside.Heard{heard})(tx.HeardOf("o-1", "v-x")); return nil })
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, map[kerbside.CaseID][]kerbside.UserID{"c-1": {"u-1"}})(tx.Restrictions("o-1"))
		equal(t, []kerbside.Cover{c})(tx.Covers("o-1"))
		for n, workers := range [][]kerbside.UserID{{}, {"u-1", "u-none"}} {
			if found, err := tx.Visits("o-1", kerbside.VisitFilter{Workers: workers}); err != nil || len(found) > 0 != (n > 0) {
				t.Errorf("%d visits of %v (%v)", len(found), workers, err)
			}
		}
		return nil
	})
	update(t, s, func(tx kerbside.Tx) error { return tx.PutRestriction("o-1", "c-1", nil) })
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, map[kerbside.CaseID][]kerbside.UserID{})(tx.Restrictions("o-1"))
		return nil
	})
}

func storeAccounts(t *testing.T, s kerbside.Store) {
	seed(t, s)
	one := kerbside.Session{ID: "n-1", Org: "o-1", User: "u-1", Method: kerbside.MethodLink, Agent: "Firefox", CreatedAt: at, SeenAt: at, ExpiresAt: at.Add(time.Hour)}
	two := one
	two.ID, two.Method, two.CreatedAt = "n-2", kerbside.MethodPasskey, at.Add(time.Second)
	key := kerbside.Passkey{ID: "k-1", Org: "o-1", User: "u-1", Name: "Phone", Credential: []byte("{}"), CreatedAt: at}
	token := kerbside.APIToken{ID: "b-1", Org: "o-1", User: "u-1", Name: "Scanner", Scopes: kerbside.List[kerbside.Scope]{kerbside.ScopeUpload}, CreatedAt: at, ExpiresAt: at.Add(time.Hour)}
	known := worker
	known.Email = "w@example.org"
	team, first := kerbside.Team{ID: "m-1", Org: "o-1", Name: "Later"}, kerbside.Team{ID: "m-2", Org: "o-1", Name: "First"}
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.PutTeam(team), tx.PutTeam(first), tx.AddSession("s", one), tx.AddSession("s2", two), tx.PutUser(known), tx.PutIdentity("o-1", "u-1", "https://i", "7"), tx.PutIdentity("o-1", "u-1", "https://i", "7"),
			tx.PutPassword("o-1", "u-1", "a", at), tx.PutPassword("o-1", "u-1", "b", at), tx.PutPasskey(key), tx.PutAPIToken("h", token),
			tx.PutCeremony("c", "sign-in", []byte("state"), at.Add(time.Hour)), tx.PutTries("x", kerbside.Tries{Count: 3, Since: at, Until: at.Add(time.Minute)}))
	})
	refused(t, s, kerbside.CodeNotFound, func(tx kerbside.Tx) error {
		x := one
		x.User = "nobody"
		return tx.AddSession("s3", x)
	})
	refused(t, s, kerbside.CodeConflict, func(tx kerbside.Tx) error { return tx.AddSession("s", one) })
	refused(t, s, kerbside.CodeNotFound, func(tx kerbside.Tx) error { _, err := tx.TakeCeremony("c", "other", at); return err })
	refused(t, s, kerbside.CodeNotFound, func(tx kerbside.Tx) error { _, err := tx.TakeCeremony("c", "sign-in", at.Add(time.Hour)); return err })
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, []kerbside.Team{first, team})(tx.Teams("o-1"))
		equal(t, true)(tx.HasIdentity("o-1", "u-1", "https://i"))
		equal(t, false)(tx.HasIdentity("o-1", "u-1", "https://j"))
		equal(t, one)(tx.Session("s"))
		equal(t, []kerbside.Session{two, one})(tx.Sessions("o-1", "u-1"))
		equal(t, known)(tx.UserByEmail("w@example.org"))
		equal(t, known)(tx.UserByIdentity("https://i", "7"))
		equal(t, key)(tx.Passkey("k-1"))
		equal(t, []kerbside.Passkey{key})(tx.Passkeys("o-1", "u-1"))
		equal(t, token)(tx.APIToken("h"))
		equal(t, []kerbside.APIToken{token})(tx.APITokens("o-1", "u-1"))
		equal(t, kerbside.Tries{Count: 3, Since: at, Until: at.Add(time.Minute)})(tx.Tries("x"))
		equal(t, kerbside.Tries{})(tx.Tries("y"))
		hash, when, err := tx.Password("o-1", "u-1")
		if hash != "b" || !when.Equal(at) || err != nil {
			t.Error(hash, when, err)
		}
		_, err = tx.UserByEmail("")
		wantCode(t, err, kerbside.CodeNotFound)
		return nil
	})
	update(t, s, func(tx kerbside.Tx) error {
		token.UsedAt, token.RevokedAt, key.UsedAt = at.Add(time.Second), at.Add(2*time.Second), at
		state, err := tx.TakeCeremony("c", "sign-in", at)
		if string(state) != "state" || err != nil {
			t.Error(string(state), err)
		}
		return errors.Join(tx.TouchSession("o-1", "n-1", at.Add(time.Minute)), tx.TouchSession("o-1", "n-1", at), tx.DropSessions("o-1", "u-1", "n-1"), tx.PutAPIToken("", token), tx.PutPasskey(key),
			tx.PutPassword("o-1", "u-1", "", at), tx.PutTries("x", kerbside.Tries{}), tx.DeletePasskey("o-1", "u-2", "k-1"))
	})
	refused(t, s, kerbside.CodeNotFound, func(tx kerbside.Tx) error { _, err := tx.TakeCeremony("c", "sign-in", at); return err }) // once
	view(t, s, func(tx kerbside.Tx) error {
		one.SeenAt = at.Add(time.Minute)
		equal(t, []kerbside.Session{one})(tx.Sessions("o-1", "u-1"))
		equal(t, token)(tx.APIToken("h"))
		equal(t, key)(tx.Passkey("k-1"))
		equal(t, kerbside.Tries{})(tx.Tries("x"))
		_, _, err := tx.Password("o-1", "u-1")
		wantCode(t, err, kerbside.CodeNotFound)
		return nil
	})
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.DeleteSession("o-1", "n-1"), tx.DeleteSession("o-1", "n-1"), tx.DeletePasskey("o-1", "u-1", "k-1"))
	})
	view(t, s, func(tx kerbside.Tx) error {
		_, err := tx.Session("s")
		wantCode(t, err, kerbside.CodeNotFound)
		_, err = tx.Passkey("k-1")
		wantCode(t, err, kerbside.CodeNotFound)
		return nil
	})
}

func storeCases(t *testing.T, s kerbside.Store) {
	seed(t, s)
	c := kerbside.Case{ID: "c-1", Org: "o-1", Reference: "N/77", Name: "Linden", Plan: kerbside.PlanChildProtection, PlanID: "P/1", Worker: "u-1", IntervalDays: 10, Due: "2026-03-17",
		ConfidentialAddress: true, People: []kerbside.Person{
			{ID: "P-9", Name: "Wren Linden", Role: "child", Born: "2019-05-04"},
			{ID: "P-2", Name: "Ash Linden", Role: "mother", ParentalResponsibility: true},
		}}
	bare := kerbside.Case{ID: "c-2", Org: "o-1", Name: "Alder"}
	update(t, s, func(tx kerbside.Tx) error { return errors.Join(tx.PutCase(c), tx.PutCase(bare), tx.PutCase(c)) })
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, []kerbside.Case{bare, c})(tx.Cases("o-1"))
		equal(t, c)(tx.Case("o-1", "c-1"))
		_, err := tx.Case("o-2", "c-1")
		wantCode(t, err, kerbside.CodeNotFound)
		return nil
	})
	c.People = c.People[1:]
	c.ConfidentialAddress, c.IntervalDays = false, 0
	update(t, s, func(tx kerbside.Tx) error { return tx.PutCase(c) })
	view(t, s, func(tx kerbside.Tx) error { equal(t, c)(tx.Case("o-1", "c-1")); return nil })
}

func storeLexicons(t *testing.T, s kerbside.Store) {
	seed(t, s)
	a := kerbside.LexiconTerm{Term: kerbside.Term{Text: "CAMHS", Kind: "abbreviation"}, ID: "l-2", Org: "o-1", AddedBy: "u-1", AddedAt: at}
	b := kerbside.LexiconTerm{Term: kerbside.Term{Text: "Tansy", Kind: "person"}, ID: "l-1", Org: "o-1", Case: "c-1", AddedBy: "u-1", AddedAt: at}
	c := a
	c.ID, c.Text = "l-0", "EHCP"
	update(t, s, func(tx kerbside.Tx) error { return errors.Join(tx.PutTerm(a), tx.PutTerm(b), tx.PutTerm(c)) })
	a.RetiredBy, a.RetiredAt = "u-1", at.Add(time.Hour)
	update(t, s, func(tx kerbside.Tx) error { return tx.PutTerm(a) })
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, []kerbside.LexiconTerm{a, c})(tx.Terms("o-1", ""))
		equal(t, []kerbside.LexiconTerm{b})(tx.Terms("o-1", "c-1"))
		equal(t, []kerbside.LexiconTerm(nil))(tx.Terms("o-2", ""))
		return nil
	})
}

func storeVisits(t *testing.T, s kerbside.Store) {
	seed(t, s)
	later := visit
	later.ID, later.CreatedAt, later.UpdatedAt, later.State, later.Case = "v-2", at.Add(time.Hour), at.Add(2*time.Hour), kerbside.VisitDrafted, "c-9"
	update(t, s, func(tx kerbside.Tx) error { return tx.PutVisit(later) })
	changed := visit
	changed.State, changed.Reason, changed.Title = kerbside.VisitFailed, "no", "Home again"
	update(t, s, func(tx kerbside.Tx) error { return tx.PutVisit(changed) })
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, changed)(tx.Visit("o-1", "v-1"))
		equal(t, []kerbside.Visit{later, changed})(tx.Visits("o-1", kerbside.VisitFilter{}))
		equal(t, []kerbside.Visit{later})(tx.Visits("o-1", kerbside.VisitFilter{Limit: 1}))
		equal(t, []kerbside.Visit{changed})(tx.Visits("o-1", kerbside.VisitFilter{States: []kerbside.VisitState{kerbside.VisitFailed, kerbside.VisitLocked}}))
		equal(t, []kerbside.Visit(nil))(tx.Visits("o-1", kerbside.VisitFilter{Worker: "u-9"}))
		equal(t, []kerbside.Visit{later})(tx.Visits("o-1", kerbside.VisitFilter{Cases: []kerbside.CaseID{"c-8", "c-9"}}))
		equal(t, []kerbside.Visit(nil))(tx.Visits("o-1", kerbside.VisitFilter{Cases: []kerbside.CaseID{}}))
		equal(t, []kerbside.Visit{changed})(tx.Visits("o-1", kerbside.VisitFilter{After: kerbside.VisitMark{CreatedAt: later.CreatedAt, ID: later.ID}}))
		equal(t, []kerbside.Visit(nil))(tx.Visits("o-1", kerbside.VisitFilter{After: kerbside.VisitMark{CreatedAt: changed.CreatedAt, ID: changed.ID}}))
		equal(t, []kerbside.Visit{changed})(tx.Visits("o-1", kerbside.VisitFilter{After: kerbside.VisitMark{CreatedAt: changed.CreatedAt, ID: "v-0"}}))
		equal(t, []kerbside.Visit{later})(tx.Visits("o-1", kerbside.VisitFilter{Changed: later.UpdatedAt}))
		_, err := tx.Visit("o-1", "v-9")
		wantCode(t, err, kerbside.CodeNotFound)
		return nil
	})
}

func storeRecordings(t *testing.T, s kerbside.Store) {
	seed(t, s)
	second := sound
	second.ID, second.ClientID, second.CreatedAt = "r-0", "k2", at.Add(-time.Hour) // its clock is wrong; the order is that of arrival
	update(t, s, func(tx kerbside.Tx) error { return tx.PutRecording(second) })
	third := sound
	third.ID = "r-3"
	refused(t, s, kerbside.CodeConflict, func(tx kerbside.Tx) error { return tx.PutRecording(third) }) // the client id is taken
	chunks := []kerbside.Chunk{{Recording: "r-1", Take: 1, Seq: 0, SHA256: "a", Bytes: 1, Blob: "x"}, {Recording: "r-1", Take: 1, Seq: 1, SHA256: "b", Bytes: 2, Blob: "y"}, {Recording: "r-1", Take: 2, Seq: 0, SHA256: "c", Bytes: 3, Blob: "z"}}
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.AddChunk("o-1", chunks[2]), tx.AddChunk("o-1", chunks[1]), tx.AddChunk("o-1", chunks[0]))
	})
	refused(t, s, kerbside.CodeConflict, func(tx kerbside.Tx) error { return tx.AddChunk("o-1", chunks[0]) })
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, sound)(tx.Recording("o-1", "r-1"))
		equal(t, second)(tx.RecordingByClient("o-1", "k2"))
		equal(t, []kerbside.Recording{sound, second})(tx.Recordings("o-1", "v-1"))
		equal(t, map[kerbside.VisitID]kerbside.RecordingTotal{"v-1": {N: 2, DurationMS: 3000}})(tx.RecordingTotals("o-1", []kerbside.VisitID{"v-1", "v-2"}))
		equal(t, chunks)(tx.Chunks("o-1", "r-1"))
		equal(t, chunks[1])(tx.Chunk("o-1", "r-1", 1, 1))
		_, err := tx.Chunk("o-1", "r-1", 2, 1)
		wantCode(t, err, kerbside.CodeNotFound)
		return nil
	})
}

func document(id kerbside.DocumentID, key string, version int) kerbside.Document {
	body := []byte(`{"n":"` + string(id) + `"}`)
	return kerbside.Document{ID: id, Org: "o-1", Visit: "v-1", Kind: kerbside.DocDraft, Key: key, Version: version, SHA256: kerbside.HexSHA256(body), Input: "in", Author: "u-1", At: at, Reason: "why", Body: body}
}

func storeDocuments(t *testing.T, s kerbside.Store) {
	seed(t, s)
	a1, a2, b1 := document("d-1", "a", 1), document("d-2", "a", 2), document("d-3", "b", 1)
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.AddDocument(a1), tx.AddDocument(a2), tx.AddDocument(b1))
	})
	for _, d := range []kerbside.Document{a1, document("d-9", "a", 2)} { // the same id; the same version
		refused(t, s, kerbside.CodeConflict, func(tx kerbside.Tx) error { return tx.AddDocument(d) })
	}
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, a1)(tx.Document("o-1", "d-1"))
		equal(t, []kerbside.Document{a2, b1})(tx.LatestDocuments("o-1", "v-1", kerbside.DocDraft))
		equal(t, []kerbside.Document{a1, a2})(tx.DocumentVersions("o-1", "v-1", kerbside.DocDraft, "a"))
		equal(t, 3)(tx.NextVersion("o-1", "v-1", kerbside.DocDraft, "a"))
		equal(t, []kerbside.Document(nil))(tx.LatestDocuments("o-1", "v-1", kerbside.DocRecord))
		return nil
	})
}

func storeCorrections(t *testing.T, s kerbside.Store) {
	seed(t, s)
	k := []kerbside.Correction{{ID: "k-2", FirstWord: "w1", LastWord: "w2", Old: "a b", New: "c", Author: "u-1", At: at, Reason: "heard"}, {ID: "k-1", FirstWord: "k1-1", LastWord: "k1-1", Old: "c", New: "a b", Author: "u-1", At: at, Undoes: "k-2"}}
	q := kerbside.Statement{ID: "q-1", Author: "u-1", At: at, Question: "bedroom_seen", Text: "Yes."}
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.AddCorrection("o-1", "v-1", "t-1", k[0]), tx.AddCorrection("o-1", "v-1", "t-1", k[1]), tx.AddStatement("o-1", "v-1", q))
	})
	refused(t, s, kerbside.CodeConflict, func(tx kerbside.Tx) error { return tx.AddCorrection("o-1", "v-1", "t-1", k[0]) })
	refused(t, s, kerbside.CodeConflict, func(tx kerbside.Tx) error { return tx.AddStatement("o-1", "v-1", q) })
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, k)(tx.Corrections("o-1", "v-1", "t-1"))
		equal(t, []kerbside.Correction(nil))(tx.Corrections("o-1", "v-1", "t-2"))
		equal(t, []kerbside.Statement{q})(tx.Statements("o-1", "v-1"))
		return nil
	})
}

func storeReviews(t *testing.T, s kerbside.Store) {
	seed(t, s)
	r := kerbside.Review{ID: "a-1", Org: "o-1", Visit: "v-1", Action: kerbside.ReviewApprove, By: "u-1", At: at, Comment: "fine",
		Covers: kerbside.List[kerbside.Covered]{{Document: "d-1", SHA256: "aa"}}, Confirmed: kerbside.List[string]{"r-x"}}
	update(t, s, func(tx kerbside.Tx) error { return tx.AddReview(r) })
	refused(t, s, kerbside.CodeConflict, func(tx kerbside.Tx) error { return tx.AddReview(r) })
	view(t, s, func(tx kerbside.Tx) error { equal(t, []kerbside.Review{r})(tx.Reviews("o-1", "v-1")); return nil })

	d := kerbside.Document{ID: "d-9", Org: "o-1", Visit: "v-1", Kind: kerbside.DocDraft, Key: "court", Version: 1, SHA256: "aa", At: at, Body: []byte("{}")}
	e := []kerbside.Entry{
		{ID: "en-2", Org: "o-1", Visit: "v-1", Audience: kerbside.AudienceCourt, Document: d.ID, By: "u-1", At: at, On: "2026-03-03"},
		{ID: "en-1", Org: "o-1", Visit: "v-1", Audience: kerbside.AudienceCourt, Document: d.ID, By: "u-1", At: at, On: "2026-03-03", Undone: true},
	}
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.AddDocument(d), tx.AddEntry(e[0]), tx.AddEntry(e[1]))
	})
	refused(t, s, kerbside.CodeConflict, func(tx kerbside.Tx) error { return tx.AddEntry(e[0]) })
	view(t, s, func(tx kerbside.Tx) error { equal(t, e)(tx.Entries("o-1", "v-1")); return nil })
}

func storeAudit(t *testing.T, s kerbside.Store) {
	seed(t, s)
	a := kerbside.AuditEntry{Org: "o-1", By: "u-1", At: at, Action: "read", Object: "visit v-1", Visit: "v-1"}
	b := kerbside.AuditEntry{Org: "o-1", By: "u-1", At: at.Add(-time.Hour), Action: "sign_in", Object: "user u-1"}
	h := func(b byte) [32]byte { return [32]byte{b} }
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.AddAudit(0, a, [][32]byte{h(1)}), tx.AddAudit(1, b, [][32]byte{h(2), h(3)}))
	})
	for _, n := range []int64{0, 1, 3} {
		refused(t, s, kerbside.CodeConflict, func(tx kerbside.Tx) error { return tx.AddAudit(n, a, nil) })
	}
	head := func(size int64, at time.Time) kerbside.AuditHead {
		return kerbside.AuditHead{Size: size, At: at, Note: "n"}
	}
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.PutAuditHead("o-1", head(1, at)), tx.PutAuditHead("o-1", head(2, at.Add(time.Hour))), tx.PutAuditHead("o-1", head(3, at.Add(48*time.Hour))))
	})
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, int64(2))(tx.AuditSize("o-1"))
		equal(t, int64(0))(tx.AuditSize("o-2"))
		equal(t, [][32]byte{h(3), h(1)})(tx.AuditHashes("o-1", []int64{2, 0}))
		_, err := tx.AuditHashes("o-1", []int64{3})
		wantCode(t, err, kerbside.CodeNotFound)
		_, err = tx.AuditHashes("o-2", []int64{0})
		wantCode(t, err, kerbside.CodeNotFound)
		equal(t, []kerbside.AuditHead{head(2, at.Add(time.Hour)), head(3, at.Add(48*time.Hour))})(tx.AuditHeads("o-1"))
		equal(t, []kerbside.NumberedAuditEntry{{N: 1, AuditEntry: b}})(tx.AuditFrom("o-1", 1, 10))
		equal(t, []kerbside.NumberedAuditEntry{{N: 0, AuditEntry: a}})(tx.AuditFrom("o-1", 0, 1))
		equal(t, []kerbside.AuditEntry{b, a})(tx.Audit("o-1", 10))
		equal(t, []kerbside.AuditEntry{b})(tx.Audit("o-1", 1))
		equal(t, []kerbside.AuditEntry{a})(tx.VisitAudit("o-1", "v-1"))
		na, nb := kerbside.NumberedAuditEntry{N: 0, AuditEntry: a}, kerbside.NumberedAuditEntry{N: 1, AuditEntry: b}
		for _, c := range []struct {
			f    kerbside.AuditFilter
			want []kerbside.NumberedAuditEntry
		}{
			{kerbside.AuditFilter{}, []kerbside.NumberedAuditEntry{nb, na}}, {kerbside.AuditFilter{By: "u-1", Action: "read"}, []kerbside.NumberedAuditEntry{na}}, {kerbside.AuditFilter{By: "u-2"}, nil},
			{kerbside.AuditFilter{From: at}, []kerbside.NumberedAuditEntry{na}}, {kerbside.AuditFilter{Until: at}, []kerbside.NumberedAuditEntry{nb}}, {kerbside.AuditFilter{Before: 1}, []kerbside.NumberedAuditEntry{na}},
		} {
			equal(t, c.want)(tx.AuditFind("o-1", c.f, 10))
		}
		equal(t, []kerbside.NumberedAuditEntry{nb})(tx.AuditFind("o-1", kerbside.AuditFilter{}, 1))
		equal(t, []kerbside.NumberedAuditEntry(nil))(tx.AuditFind("o-2", kerbside.AuditFilter{}, 10))
		equal(t, []string{"read", "sign_in"})(tx.AuditActions("o-1"))
		return nil
	})
}

func storeAtomic(t *testing.T, s kerbside.Store) {
	seed(t, s)
	stop := errors.New("no")
	err := s.Update(t.Context(), func(tx kerbside.Tx) error {
		if err := errors.Join(tx.AddDocument(document("d-1", "a", 1)), tx.Enqueue(kerbside.Job{Org: "o-1", Kind: kerbside.JobExtract, Visit: "v-1"})); err != nil {
			t.Fatal(err)
		}
		equal(t, document("d-1", "a", 1))(tx.Document("o-1", "d-1")) // it sees its own writes
		return stop
	})
	if !errors.Is(err, stop) {
		t.Fatal(err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_ = s.Update(t.Context(), func(tx kerbside.Tx) error {
			if err := tx.AddDocument(document("d-1", "a", 1)); err != nil {
				t.Fatal(err)
			}
			panic("bug")
		})
	}()
	view(t, s, func(tx kerbside.Tx) error {
		_, err := tx.Document("o-1", "d-1")
		wantCode(t, err, kerbside.CodeNotFound)
		equal(t, []kerbside.Job(nil))(tx.Jobs("o-1", "v-1"))
		return nil
	})
	update(t, s, func(tx kerbside.Tx) error { return tx.AddDocument(document("d-1", "a", 1)) })
}

func storeViewOnly(t *testing.T, s kerbside.Store) {
	seed(t, s)
	changed := visit
	changed.Title = "written by a view"
	if err := s.View(t.Context(), func(tx kerbside.Tx) error { return tx.PutVisit(changed) }); err == nil {
		t.Error("a view wrote")
	}
	view(t, s, func(tx kerbside.Tx) error { equal(t, visit)(tx.Visit("o-1", "v-1")); return nil })
}

func storeSnapshot(t *testing.T, s kerbside.Store) {
	seed(t, s)
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, visit)(tx.Visit("o-1", "v-1"))
		changed := visit
		changed.Title = "meanwhile"
		update(t, s, func(tx kerbside.Tx) error { return tx.PutVisit(changed) })
		equal(t, visit)(tx.Visit("o-1", "v-1"))
		return nil
	})
}

func storeApart(t *testing.T, s kerbside.Store) {
	seed(t, s)
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.PutOrganisation(kerbside.Organisation{ID: "o-2", Name: "Elsewhere"}), tx.AddDocument(document("d-1", "a", 1)))
	})
	view(t, s, func(tx kerbside.Tx) error {
		_, err := tx.Visit("o-2", "v-1")
		wantCode(t, err, kerbside.CodeNotFound)
		_, err = tx.Recording("o-2", "r-1")
		wantCode(t, err, kerbside.CodeNotFound)
		_, err = tx.RecordingByClient("o-2", "k")
		wantCode(t, err, kerbside.CodeNotFound)
		_, err = tx.Document("o-2", "d-1")
		wantCode(t, err, kerbside.CodeNotFound)
		equal(t, []kerbside.Visit(nil))(tx.Visits("o-2", kerbside.VisitFilter{}))
		equal(t, []kerbside.User(nil))(tx.Users("o-2"))
		equal(t, []kerbside.Recording(nil))(tx.Recordings("o-2", "v-1"))
		return nil
	})
	stray := sound
	stray.ID, stray.Org, stray.ClientID = "r-2", "o-2", "k2" // a recording of one organisation on a visit of another
	if err := s.Update(t.Context(), func(tx kerbside.Tx) error { return tx.PutRecording(stray) }); err == nil {
		t.Error("a row crossed organisations")
	}
}

func storeJobs(t *testing.T, s kerbside.Store) {
	seed(t, s)
	j := kerbside.Job{Org: "o-1", Kind: kerbside.JobTranscribe, Visit: "v-1", Recording: "r-1"}
	update(t, s, func(tx kerbside.Tx) error { return errors.Join(tx.Enqueue(j), tx.Enqueue(j)) })
	view(t, s, func(tx kerbside.Tx) error {
		jobs, err := tx.Jobs("o-1", "v-1")
		if err != nil || len(jobs) != 1 || jobs[0].ID == "" || jobs[0].Recording != "r-1" {
			t.Fatalf("the same stage waits %d times: %+v, %v", len(jobs), jobs, err)
		}
		equal(t, []kerbside.JobCount{{Kind: kerbside.JobTranscribe, State: "queued", N: 1}})(tx.JobCounts())
		return nil
	})
}

func storeConcurrent(t *testing.T, s kerbside.Store) {
	seed(t, s)
	const writers, rounds = 8, 10
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range rounds {
				err := s.Update(context.Background(), func(tx kerbside.Tx) error { // read, then write: none may be lost
					r, err := tx.Recording("o-1", "r-1")
					if err != nil {
						return err
					}
					r.Bytes++
					return tx.PutRecording(r)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	view(t, s, func(tx kerbside.Tx) error {
		want := sound
		want.Bytes += writers * rounds
		equal(t, want)(tx.Recording("o-1", "r-1"))
		return nil
	})
}

func storeCancelled(t *testing.T, s kerbside.Store) {
	seed(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(tx kerbside.Tx) error {
		if err := tx.AddDocument(document("d-1", "a", 1)); err != nil {
			return err
		}
		cancel()
		return tx.AddDocument(document("d-2", "a", 2))
	})
	wantCode(t, err, kerbside.CodeCanceled)
	view(t, s, func(tx kerbside.Tx) error {
		docs, err := tx.LatestDocuments("o-1", "v-1", kerbside.DocDraft)
		if err != nil || len(docs) > 0 {
			t.Fatal(docs, err)
		}
		return nil
	})
	update(t, s, func(tx kerbside.Tx) error {
		d := document("d-1", "a", 1)
		d.Body = bytes.Repeat([]byte("x"), 1<<20)
		return tx.AddDocument(d)
	})
}

func storeOpen(t *testing.T, s kerbside.Store) {
	seed(t, s)
	open := sound
	open.ID, open.ClientID, open.State, open.Expected, open.ExpectedSHA256 = "r-2", "k2", kerbside.RecordingOpen, 99, "bb"
	update(t, s, func(tx kerbside.Tx) error { return tx.PutRecording(open) })
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, []kerbside.Recording{open})(tx.OpenRecordings("o-1", "", at.Add(time.Second)))
		equal(t, []kerbside.Recording{open})(tx.OpenRecordings("o-1", "u-1", at.Add(time.Second)))
		equal(t, []kerbside.Recording(nil))(tx.OpenRecordings("o-1", "u-2", at.Add(time.Second)))
		equal(t, []kerbside.Recording(nil))(tx.OpenRecordings("o-1", "", at))
		return nil
	})
}

func storeSearch(t *testing.T, s kerbside.Store) {
	seed(t, s)
	later := visit
	later.ID, later.CreatedAt = "v-2", at.Add(time.Hour)
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.PutVisit(later), tx.PutSearch("o-1", "v-1", []string{"gone", "old"}), tx.PutSearch("o-1", "v-1", []string{"garden", "fence"}), tx.PutSearch("o-1", "v-2", []string{"garden", "gate", "and", "or"}))
	})
	found := func(f kerbside.VisitFilter, words ...string) (ids []kerbside.VisitID) {
		view(t, s, func(tx kerbside.Tx) error {
			visits, err := tx.Search("o-1", f, words)
			for _, v := range visits {
				ids = append(ids, v.ID)
			}
			return err
		})
		return ids
	}
	for _, c := range []struct {
		f     kerbside.VisitFilter
		words []string
		want  []kerbside.VisitID
	}{
		{kerbside.VisitFilter{}, []string{"garden"}, []kerbside.VisitID{"v-2", "v-1"}}, {kerbside.VisitFilter{Limit: 1}, []string{"garden"}, []kerbside.VisitID{"v-2"}},
		{kerbside.VisitFilter{}, []string{"garden", "fence"}, []kerbside.VisitID{"v-1"}}, {kerbside.VisitFilter{Worker: "u-2"}, []string{"garden"}, nil},
		{kerbside.VisitFilter{}, []string{"gone"}, nil}, {kerbside.VisitFilter{}, []string{"gard"}, nil}, {kerbside.VisitFilter{}, nil, nil},
		{kerbside.VisitFilter{}, []string{"and"}, []kerbside.VisitID{"v-2"}}, {kerbside.VisitFilter{}, []string{`"; DROP`}, nil}, {kerbside.VisitFilter{}, []string{"*"}, nil},
	} {
		if got := found(c.f, c.words...); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%q: %v, want %v", c.words, got, c.want)
		}
	}
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, []kerbside.Visit(nil))(tx.Search("o-2", kerbside.VisitFilter{}, []string{"garden"}))
		return nil
	})
	update(t, s, func(tx kerbside.Tx) error { return tx.EraseDataKey("o-1", "v-1", at) })
	if got := found(kerbside.VisitFilter{}, "fence"); got != nil {
		t.Error("what was erased is found", got)
	}
	update(t, s, func(tx kerbside.Tx) error { return tx.PutSearch("o-1", "v-2", nil) })
	if got := found(kerbside.VisitFilter{}, "garden"); got != nil {
		t.Error(got)
	}
}

func storeCaseload(t *testing.T, s kerbside.Store) {
	seed(t, s)
	second, undated := visit, visit
	second.ID, second.Case, second.Date, second.CreatedAt = "v-2", "c-2", "2026-04-01", at.Add(time.Hour)
	undated.ID, undated.Case, undated.Date, undated.CreatedAt = "v-3", "", "", at.Add(2*time.Hour)
	seen := kerbside.AlertSeen{Key: kerbside.AlertKey{Org: "o-1", Kind: "urgent", Object: "v-1 d-1"}, By: "u-1", At: at}
	again := seen
	again.At = at.Add(time.Hour)
	sending := kerbside.AlertSending{Key: seen.Key, ID: "x-1", At: at, NextTry: at.Add(time.Minute)}
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.PutVisit(second), tx.PutVisit(undated), tx.PutDigest(kerbside.Digest{Org: "o-1", Visit: "v-1", Body: "old"}), tx.PutDigest(kerbside.Digest{Org: "o-1", Visit: "v-1", Body: "1"}),
			tx.PutDigest(kerbside.Digest{Org: "o-1", Visit: "v-2", Body: "2"}), tx.AddAlertSeen(seen), tx.AddAlertSeen(again), tx.PutAlertSending(sending))
	})
	sending.Attempts, sending.NextTry, sending.SentAt = 2, time.Time{}, at.Add(time.Minute)
	update(t, s, func(tx kerbside.Tx) error { return tx.PutAlertSending(sending) })
	view(t, s, func(tx kerbside.Tx) error {
		for _, c := range []struct {
			f    kerbside.VisitFilter
			want []kerbside.Visit
		}{
			{kerbside.VisitFilter{Cases: []kerbside.CaseID{"c-1", "c-2"}}, []kerbside.Visit{second, visit}}, {kerbside.VisitFilter{Cases: []kerbside.CaseID{}}, nil},
			{kerbside.VisitFilter{Cases: []kerbside.CaseID{"c-1", "c-2"}, PerCase: 1}, []kerbside.Visit{second, visit}}, {kerbside.VisitFilter{Cases: []kerbside.CaseID{"c-1"}, PerCase: 1, Worker: "u-1"}, []kerbside.Visit{visit}},
			{kerbside.VisitFilter{From: "2026-03-04"}, []kerbside.Visit{second}}, {kerbside.VisitFilter{From: "2026-03-03", Until: "2026-03-03"}, []kerbside.Visit{undated, visit}},
		} {
			equal(t, c.want)(tx.Visits("o-1", c.f))
		}
		equal(t, map[kerbside.VisitID]kerbside.Digest{"v-1": {Org: "o-1", Visit: "v-1", Body: "1"}})(tx.Digests("o-1", []kerbside.VisitID{"v-1", "v-3"}))
		equal(t, map[kerbside.VisitID]kerbside.Digest{})(tx.Digests("o-2", []kerbside.VisitID{"v-1"}))
		equal(t, []kerbside.AlertSeen{seen})(tx.AlertsSeen("o-1", []string{"v-1 d-1", "x"}))
		equal(t, []kerbside.AlertSeen(nil))(tx.AlertsSeen("o-1", []string{"x"}))
		equal(t, []kerbside.AlertSending{sending})(tx.AlertSendings("o-1", []string{"v-1 d-1"}))
		equal(t, []kerbside.AlertSending(nil))(tx.AlertSendings("o-1", nil))
		return nil
	})
	update(t, s, func(tx kerbside.Tx) error { return tx.EraseDataKey("o-1", "v-1", at) })
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, map[kerbside.VisitID]kerbside.Digest{"v-2": {Org: "o-1", Visit: "v-2", Body: "2"}})(tx.Digests("o-1", []kerbside.VisitID{"v-1", "v-2"}))
		return nil
	})
}

func storeKeys(t *testing.T, s kerbside.Store) {
	seed(t, s)
	k := kerbside.DataKey{Org: "o-1", Scope: "x-1", Wrapped: []byte{1, 2}, Master: "m", CreatedAt: at}
	update(t, s, func(tx kerbside.Tx) error { return tx.PutDataKey(k) })
	view(t, s, func(tx kerbside.Tx) error { equal(t, k)(tx.DataKey("o-1", "x-1")); return nil })
	k.Wrapped, k.Master = []byte{3}, "n"
	update(t, s, func(tx kerbside.Tx) error { return errors.Join(tx.PutDataKey(k), tx.EraseDataKey("o-1", "x-2", at)) })
	gone := kerbside.DataKey{Org: "o-1", Scope: "x-2", CreatedAt: at, ErasedAt: at}
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, k)(tx.DataKey("o-1", "x-1"))
		equal(t, gone)(tx.DataKey("o-1", "x-2"))
		equal(t, []kerbside.DataKey{k, gone})(tx.DataKeys("o-1", "x-0", 10))
		equal(t, []kerbside.DataKey{gone})(tx.DataKeys("o-1", "x-1", 1))
		_, err := tx.DataKey("o-2", "x-1")
		wantCode(t, err, kerbside.CodeNotFound)
		return nil
	})
	refused(t, s, kerbside.CodeConflict, func(tx kerbside.Tx) error {
		return tx.PutDataKey(kerbside.DataKey{Org: "o-1", Scope: "x-2", Wrapped: []byte{1}})
	})
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.EraseDataKey("o-1", "x-1", at), tx.EraseDataKey("o-1", "x-1", at.Add(time.Hour)))
	})
	view(t, s, func(tx kerbside.Tx) error {
		k, err := tx.DataKey("o-1", "x-1")
		if err != nil || !k.Erased() || !k.ErasedAt.Equal(at) || len(k.Wrapped) > 0 {
			t.Errorf("%+v %v", k, err)
		}
		return nil
	})
}

func storeLedger(t *testing.T, s kerbside.Store) {
	seed(t, s)
	line := func(id string, k kerbside.LedgerKind, subject string) kerbside.LedgerLine {
		return kerbside.LedgerLine{ID: id, Org: "o-1", Kind: k, Subject: subject, At: at, By: "u-1", Body: []byte(`{"reason":"` + id + `"}`)}
	}
	first, second, other := line("l-2", kerbside.LedgerHold, "c-1"), line("l-1", kerbside.LedgerHold, "c-1"), line("l-3", kerbside.LedgerHold, "c-2")
	update(t, s, func(tx kerbside.Tx) error {
		return errors.Join(tx.AddLedger(first), tx.AddLedger(second), tx.AddLedger(other), tx.AddLedger(line("l-4", kerbside.LedgerConsent, "c-1")))
	})
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, []kerbside.LedgerLine{first, second})(tx.Ledger("o-1", kerbside.LedgerHold, "c-1"))
		equal(t, []kerbside.LedgerLine{first, second, other})(tx.Ledger("o-1", kerbside.LedgerHold, ""))
		equal(t, []kerbside.LedgerLine(nil))(tx.Ledger("o-2", kerbside.LedgerHold, ""))
		return nil
	})
	refused(t, s, kerbside.CodeConflict, func(tx kerbside.Tx) error { return tx.AddLedger(first) })
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, 1)(tx.NextVersion("o-1", "v-1", kerbside.DocRecord, ""))
		return nil
	})
	gone := sound
	gone.State = kerbside.RecordingErased
	update(t, s, func(tx kerbside.Tx) error { return tx.PutRecording(gone) })
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, []kerbside.Recording{gone})(tx.ErasedRecordings("o-1"))
		return nil
	})
	gone.Blob = ""
	update(t, s, func(tx kerbside.Tx) error { return tx.PutRecording(gone) })
	view(t, s, func(tx kerbside.Tx) error {
		equal(t, []kerbside.Recording(nil))(tx.ErasedRecordings("o-1"))
		return nil
	})
}
