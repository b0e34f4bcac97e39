package move

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"iter"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/audit"
	"kerbside/storage/postgres"
	"kerbside/storage/rows"
	"kerbside/storage/seal"
	"kerbside/storage/sqlite"
)

// visits is small in an ordinary run; make prove-migrate asks for 10,000.
var visits = flag.Int("visits", 30, "visits that TestMove moves")

// engine is a database whose tables can be moved.
type engine interface {
	kerbside.Store
	Export(ctx context.Context, still bool, f func(rows.Reader) error) error
	Import(ctx context.Context, f func(rows.Writer) error) error
}

func copyAll(ctx context.Context, from, to engine, through func(rows.Writer) rows.Writer) (done []Table, err error) {
	err = to.Import(ctx, func(w rows.Writer) error {
		return from.Export(ctx, true, func(r rows.Reader) error {
			done, err = Copy(ctx, r, through(w))
			return err
		})
	})
	return done, err
}

func plain(w rows.Writer) rows.Writer { return w }

// TestMove moves an installation to PostgreSQL and back: every row the same, the audit log whole, what was sealed opens, and it can be worked on.
func TestMove(t *testing.T) {
	ctx := t.Context()
	began := time.Now()
	lite := openFile(t)
	master, err := seal.NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	key, err := audit.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	log, err := audit.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, lite, sealed(t, lite, master), log, *visits)
	filled := time.Since(began)

	server, err := postgres.Open(ctx, newServer(t), postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	began = time.Now()
	done, err := copyAll(ctx, lite, server, plain)
	if err != nil {
		t.Fatal(err)
	}
	there := time.Since(began)
	same(t, server, done)
	n := int64(0)
	for _, table := range done {
		n += table.Rows
		if table.Rows == 0 && table.Name != "audit_before" { // which nothing writes any more
			t.Errorf("nothing in %s, so nothing is shown of it", table.Name)
		}
	}
	if _, err := copyAll(ctx, lite, server, plain); kerbside.CodeOf(err) != kerbside.CodeConflict {
		t.Errorf("a second time into the same: %v", err)
	}
	entries := int64(0)
	err = server.View(ctx, func(tx kerbside.Tx) error {
		for _, o := range []kerbside.OrganisationID{"o-1", "o-2"} {
			r, err := audit.Verify(tx, o, audit.Check{Verifier: log.Verifier(), Sealed: true})
			if err != nil || len(r.Faults) > 0 || r.Size == 0 {
				t.Errorf("audit log of %s: %+v, %v", o, r, err)
			}
			entries += r.Size
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	again := openFile(t)
	began = time.Now()
	back, err := copyAll(ctx, server, again, plain)
	if err != nil {
		t.Fatal(err)
	}
	for i := range back {
		if back[i] != done[i] {
			t.Errorf("%s came back as %+v, it was %+v", done[i].Name, back[i], done[i])
		}
	}
	t.Logf("%d visits, %d rows, %d entries of audit logs: filled in %.1f s; to PostgreSQL in %.1f s, read back there and the same; back in a file in %.1f s; both audit logs verify",
		*visits, n, entries, filled.Seconds(), there.Seconds(), time.Since(began).Seconds())
	work(t, sealed(t, server, master), log)
	work(t, sealed(t, again, master), log)
}

// TestCutOff: whatever comes in between, there is nothing in the new database, and the same again goes through.
func TestCutOff(t *testing.T) {
	lite := openFile(t)
	master, err := seal.NewMaster()
	if err != nil {
		t.Fatal(err)
	}
	key, err := audit.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	log, err := audit.Open(key)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, lite, sealed(t, lite, master), log, 3)
	server, err := postgres.Open(t.Context(), newServer(t), postgres.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	for _, to := range []engine{server, openFile(t)} {
		for name, fault := range map[string]func([]any) ([]any, error){
			"a row is another one": func(row []any) ([]any, error) { row[len(row)-1] = []byte("altered"); return row, nil },
			"a row is lost":        func([]any) ([]any, error) { return nil, nil },
			"cut off":              func([]any) ([]any, error) { return nil, errors.New("power") },
		} {
			if _, err := copyAll(t.Context(), lite, to, func(w rows.Writer) rows.Writer { return faulty{w, fault} }); err == nil {
				t.Errorf("%T: %s, and nobody saw it", to, name)
			}
			if err := to.Import(t.Context(), func(rows.Writer) error { return nil }); err != nil {
				t.Errorf("%T: %s, and something was left: %v", to, name, err)
			}
		}
		if _, err := copyAll(t.Context(), lite, to, plain); err != nil {
			t.Errorf("%T: %v", to, err)
		}
	}
}

// faulty does something to the first document on its way.
type faulty struct {
	rows.Writer
	fault func([]any) ([]any, error)
}

func (f faulty) Put(ctx context.Context, t rows.Table, list iter.Seq2[[]any, error]) (int64, error) {
	if t.Name != "documents" {
		return f.Writer.Put(ctx, t, list)
	}
	return f.Writer.Put(ctx, t, func(yield func([]any, error) bool) {
		first := true
		for row, err := range list {
			if err == nil && first {
				row, err = f.fault(row)
				first = false
				if row == nil && err == nil {
					continue
				}
			}
			if !yield(row, err) {
				return
			}
		}
	})
}

func openFile(t *testing.T) *sqlite.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "k.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func sealed(t *testing.T, db kerbside.Store, m *seal.Master) *seal.Store {
	t.Helper()
	ring, err := seal.NewRing(t.Context(), db, m, nil)
	if err != nil {
		t.Fatal(err)
	}
	return seal.NewStore(db, ring)
}

func same(t *testing.T, db engine, want []Table) {
	t.Helper()
	err := db.Export(t.Context(), false, func(r rows.Reader) error {
		for i, table := range rows.Tables() {
			got, err := Sum(t.Context(), r, table)
			if err != nil || got != want[i] {
				t.Errorf("%+v, not %+v: %v", got, want[i], err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

var at = time.Date(2026, 3, 3, 16, 0, 0, 123456000, time.UTC)

// fill puts in two organisations with something in every table, and so many visits.
func fill(t *testing.T, q kerbside.Queue, s kerbside.Store, log *audit.Log, n int) {
	t.Helper()
	update := func(f func(kerbside.Tx) error) {
		t.Helper()
		if err := s.Update(t.Context(), f); err != nil {
			t.Fatal(err)
		}
	}
	update(func(tx kerbside.Tx) error {
		o, u := kerbside.OrganisationID("o-1"), kerbside.UserID("u-1")
		return errors.Join(tx.PutOrganisation(kerbside.Organisation{ID: o, Name: "Northmoor"}), tx.PutOrganisation(kerbside.Organisation{ID: "o-2", Name: "Élsewhere"}),
			tx.PutUser(kerbside.User{ID: u, Org: o, Name: "Wren", Role: kerbside.RoleWorker, Email: "w@example.org"}), tx.PutUser(kerbside.User{ID: "u-2", Org: "o-2", Name: "Ash", Role: kerbside.RoleManager, LeftAt: at}),
			tx.PutTeam(kerbside.Team{ID: "m-1", Org: o, Name: "First"}), tx.PutIdentity(o, u, "https://i", "7"), tx.PutPassword(o, u, "hash", at), tx.PutPasskey(kerbside.Passkey{ID: "k", Org: o, User: u, Credential: []byte{0, 1, 255}}),
			tx.AddSignInLink("l", u, at), tx.AddSession("s", kerbside.Session{ID: "n", Org: o, User: u, ExpiresAt: at.AddDate(9, 0, 0)}), tx.PutAPIToken("h", kerbside.APIToken{ID: "b", Org: o, User: u, Scopes: kerbside.List[kerbside.Scope]{kerbside.ScopeUpload}}),
			tx.PutCeremony("c", "sign-in", []byte("state"), time.Now().Add(time.Hour)), tx.PutTries("x", kerbside.Tries{Count: 3, Since: time.Now()}),
			tx.PutCase(kerbside.Case{ID: "c-1", Org: o, Name: "Linden", ConfidentialAddress: true, People: []kerbside.Person{{Name: "Wren", Role: "child"}, {Name: "Ash", ParentalResponsibility: true}}}),
			tx.PutRestriction(o, "c-1", []kerbside.UserID{u}), tx.PutCover(kerbside.Cover{ID: "e", Org: o, Of: u, By: u, From: at, Until: at, Made: u}),
			tx.PutTerm(kerbside.LexiconTerm{Term: kerbside.Term{Text: "CAMHS", Kind: "abbreviation"}, ID: "l", Org: o, AddedBy: u, AddedAt: at}),
			tx.AddLedger(kerbside.LedgerLine{ID: "l", Org: o, Kind: kerbside.LedgerHold, Subject: "c-1", At: at, By: u, Body: []byte("{}")}),
			tx.AddAlertSeen(kerbside.AlertSeen{Key: kerbside.AlertKey{Org: o, Kind: "urgent", Object: "v"}, By: u, At: at}), tx.PutAlertSending(kerbside.AlertSending{Key: kerbside.AlertKey{Org: o, Kind: "urgent", Object: "v"}, ID: "x", At: at}),
			tx.EraseDataKey(o, "r-gone", at), log.Append(tx, kerbside.AuditEntry{Org: "o-2", By: "u-2", At: at, Action: "sign_in", Object: "user u-2"}),
			log.Append(tx, kerbside.AuditEntry{Org: o, By: u, At: at, Action: "hold", Object: "hold h case c-1"}))
	})
	const batch = 100
	for from := 0; from < n; from += batch {
		update(func(tx kerbside.Tx) error {
			for i := from; i < min(n, from+batch); i++ {
				if err := fillVisit(tx, log, i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	turn(t, q)
}

func fillVisit(tx kerbside.Tx, log *audit.Log, i int) error {
	id := func(prefix string) string { return fmt.Sprintf("%s-%d", prefix, i) }
	o, u, v, r, tr := kerbside.OrganisationID("o-1"), kerbside.UserID("u-1"), kerbside.VisitID(id("v")), kerbside.RecordingID(id("r")), kerbside.TranscriptID(id("t"))
	said := fmt.Sprintf("Visited number %d. ", i) + strings.Repeat("The kitchen was tidy and the children had eaten. ", 40)
	errs := []error{
		tx.PutVisit(kerbside.Visit{ID: v, Org: o, Case: "c-1", Worker: u, Title: "Visit", Date: "2026-03-03", State: kerbside.VisitDrafted, CreatedAt: at.Add(time.Duration(i) * time.Second), UpdatedAt: at}),
		tx.PutRecording(kerbside.Recording{ID: r, Org: o, Visit: v, ClientID: id("k"), Kind: kerbside.KindDebrief, Name: "a.wav", State: kerbside.RecordingSafe, SHA256: "aa", Bytes: 7, Blob: "o-1/" + id("r") + "/x", CreatedAt: at}),
		tx.AddChunk(o, kerbside.Chunk{Recording: r, Take: 1, Seq: 0, SHA256: "a", Bytes: 1, Blob: "x"}), tx.AddChunk(o, kerbside.Chunk{Recording: r, Take: 1, Seq: 1, SHA256: "b", Bytes: 1, Blob: "y"}),
		tx.AddHeard(kerbside.Heard{Org: o, Visit: v, Recording: r, By: u, At: at, StartMS: 1, EndMS: 2}),
	}
	document := func(kind kerbside.DocumentKind, key string, body any) error {
		b, err := json.Marshal(body)
		if err != nil {
			return err
		}
		return tx.AddDocument(kerbside.Document{ID: kerbside.DocumentID(id("d-" + string(kind) + key)), Org: o, Visit: v, Kind: kind, Key: key, Version: 1, SHA256: kerbside.HexSHA256(b), At: at, Body: b})
	}
	errs = append(errs, document(kerbside.DocTranscript, string(r), kerbside.Transcript{ID: tr, Text: said}), document(kerbside.DocRecord, "", map[string]string{"said": said}))
	for _, a := range kerbside.Audiences() {
		errs = append(errs, document(kerbside.DocDraft, string(a), map[string]string{"said": said}))
	}
	errs = append(errs,
		tx.AddCorrection(o, v, tr, kerbside.Correction{ID: id("k"), FirstWord: "w1", LastWord: "w1", Old: "a", New: "b", Author: u, At: at}), tx.AddStatement(o, v, kerbside.Statement{ID: kerbside.StatementID(id("q")), Author: u, At: at, Text: "Yes."}),
		tx.AddReview(kerbside.Review{ID: id("a"), Org: o, Visit: v, Action: kerbside.ReviewApprove, By: u, At: at, Comment: "fine"}),
		tx.AddEntry(kerbside.Entry{ID: id("e"), Org: o, Visit: v, Audience: kerbside.AudienceCourt, Document: kerbside.DocumentID(id("d-draftcourt")), By: u, At: at, On: "2026-03-03", Undone: i%2 == 0}),
		tx.PutDigest(kerbside.Digest{Org: o, Visit: v, Body: "{}"}), tx.PutSearch(o, v, []string{"kitchen", "tidy", fmt.Sprint("number", i)}),
		tx.Enqueue(kerbside.Job{Org: o, Kind: kerbside.JobExtract, Visit: v, Owner: u}))
	for _, action := range []string{"upload", "read", "approve"} {
		errs = append(errs, log.Append(tx, kerbside.AuditEntry{Org: o, By: u, At: at, Action: action, Object: "visit " + id("v"), Visit: v}))
	}
	return errors.Join(errs...)
}

// work goes on with what was moved: numbers and versions continue, and what was said opens.
func work(t *testing.T, s kerbside.Store, log *audit.Log) {
	t.Helper()
	err := s.Update(t.Context(), func(tx kerbside.Tx) error {
		found, err := tx.Search("o-1", kerbside.VisitFilter{}, []string{"number1"})
		if err != nil || len(found) != 1 || found[0].Title != "Visit" {
			t.Errorf("found %+v, %v", found, err)
		}
		d, err := tx.Document("o-1", "d-record-1")
		if err != nil || !strings.Contains(string(d.Body), "number 1.") {
			t.Errorf("%s, %v", d.Body, err)
		}
		version, err := tx.NextVersion("o-1", "v-1", kerbside.DocRecord, "")
		if err != nil || version != 2 {
			t.Error(version, err)
		}
		second := kerbside.Recording{ID: "r-new", Org: "o-1", Visit: "v-1", ClientID: "new", Kind: kerbside.KindDebrief, State: kerbside.RecordingOpen, CreatedAt: at}
		err = errors.Join(tx.PutRecording(second), tx.AddStatement("o-1", "v-1", kerbside.Statement{ID: "q-new", Text: "More."}), log.Append(tx, kerbside.AuditEntry{Org: "o-1", By: "u-1", At: at, Action: "read"}))
		if err != nil {
			return err
		}
		list, err := tx.Recordings("o-1", "v-1")
		if len(list) != 2 || list[1].ID != "r-new" {
			t.Errorf("%+v", list)
		}
		if _, gone := tx.DataKey("o-1", "r-gone"); gone != nil {
			t.Error("what was erased has no mark any more", gone)
		}
		r, verifyErr := audit.Verify(tx, "o-1", audit.Check{Verifier: log.Verifier(), Sealed: true})
		if verifyErr != nil || len(r.Faults) > 0 {
			t.Errorf("%+v, %v", r, verifyErr)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// turn has a job worked, so that somebody had a turn.
func turn(t *testing.T, q kerbside.Queue) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	err := q.Work(ctx, kerbside.WorkOptions{}, func(context.Context, kerbside.Job) error { stop(); return nil }, func(context.Context, kerbside.Job, error) {})
	if err != nil {
		t.Fatal(err)
	}
}
