package storagetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"kerbside"
)

// Together runs what several processes do at once on one database, and wants everything that one writer alone would have given. open gives the same, empty at first, as another
// process opens it.
func Together(t *testing.T, open func(t *testing.T) kerbside.Store) {
	t.Helper()
	const processes, each, rounds = 3, 2, 8
	stores := make([]kerbside.Store, processes)
	for i := range stores {
		stores[i] = open(t)
	}
	seed(t, stores[0])
	update(t, stores[0], func(tx kerbside.Tx) error {
		return errors.Join(tx.PutOrganisation(kerbside.Organisation{ID: "o-2"}), tx.PutUser(kerbside.User{ID: "u-2", Org: "o-2"}))
	})
	var wg sync.WaitGroup
	var mu sync.Mutex
	approved, taken := 0, map[int]int{}
	for p, s := range stores {
		for w := range each {
			wg.Go(func() {
				for i := range rounds {
					name := fmt.Sprintf("%d-%d-%d", p, w, i)
					if err := s.Update(t.Context(), func(tx kerbside.Tx) error { return everything(tx, name) }); err != nil {
						t.Error(err)
						return
					}
					won, seq := false, 0
					err := s.Update(t.Context(), func(tx kerbside.Tx) (err error) {
						won, seq, err = once(tx, name)
						return err
					})
					mu.Lock()
					if err == nil && won {
						approved++
					}
					taken[seq]++
					mu.Unlock()
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
	}
	wg.Wait()
	const all = processes * each * rounds
	view(t, stores[0], func(tx kerbside.Tx) error {
		for _, o := range []kerbside.OrganisationID{"o-1", "o-2"} {
			equal(t, int64(all))(tx.AuditSize(o))
			entries, err := tx.AuditFrom(o, 0, 10*all)
			for i, e := range entries {
				if e.N != int64(i) {
					t.Fatalf("entry %d has the number %d", i, e.N)
				}
			}
			if err != nil || len(entries) != all {
				t.Errorf("%d entries: %v", len(entries), err)
			}
		}
		docs, err := tx.DocumentVersions("o-1", "v-1", kerbside.DocDraft, "a")
		for i, d := range docs {
			if d.Version != i+1 {
				t.Fatalf("version %d comes at %d", d.Version, i)
			}
		}
		if err != nil || len(docs) != all {
			t.Errorf("%d versions: %v", len(docs), err)
		}
		reviews, err := tx.Reviews("o-1", "v-1")
		if err != nil || len(reviews) != 1 || approved != 1 {
			t.Errorf("%d approvals, %d were told of one: %v", len(reviews), approved, err)
		}
		chunks, err := tx.Chunks("o-1", "r-1")
		if err != nil || len(chunks) != all {
			t.Errorf("%d pieces: %v", len(chunks), err)
		}
		jobs, err := tx.Jobs("o-1", "v-1")
		if err != nil || len(jobs) != 1 {
			t.Errorf("the same stage waits %d times: %v", len(jobs), err)
		}
		return nil
	})
	for seq, n := range taken {
		if n != 1 {
			t.Errorf("number %d was given %d times", seq, n)
		}
	}
}

// everything adds the next version, and the next entry of two logs, of which one is of an organisation that nothing else here is about.
func everything(tx kerbside.Tx, name string) error {
	version, err := tx.NextVersion("o-1", "v-1", kerbside.DocDraft, "a")
	if err != nil {
		return err
	}
	if err := tx.AddDocument(document(kerbside.DocumentID("d-"+name), "a", version)); err != nil {
		return err
	}
	for _, e := range []kerbside.AuditEntry{{Org: "o-1", By: "u-1", At: at, Action: "read", Object: name}, {Org: "o-2", By: "u-2", At: at, Action: "read", Object: name}} {
		n, err := tx.AuditSize(e.Org)
		if err != nil {
			return err
		}
		if err := tx.AddAudit(n, e, [][32]byte{{byte(n)}}); err != nil {
			return err
		}
	}
	return tx.Enqueue(kerbside.Job{Org: "o-1", Kind: kerbside.JobExtract, Visit: "v-1"})
}

// once takes the next number of a piece, and approves what nobody has.
func once(tx kerbside.Tx, name string) (won bool, seq int, err error) {
	chunks, err := tx.Chunks("o-1", "r-1")
	if err != nil {
		return false, 0, err
	}
	seq = len(chunks)
	if err := tx.AddChunk("o-1", kerbside.Chunk{Recording: "r-1", Take: 1, Seq: seq, SHA256: "a", Bytes: 1, Blob: name}); err != nil {
		return false, 0, err
	}
	reviews, err := tx.Reviews("o-1", "v-1")
	if err != nil || len(reviews) > 0 {
		return false, seq, err
	}
	return true, seq, tx.AddReview(kerbside.Review{ID: "a-" + name, Org: "o-1", Visit: "v-1", Action: kerbside.ReviewApprove, By: "u-1", At: at, Covers: kerbside.List[kerbside.Covered]{}, Confirmed: kerbside.List[string]{}})
}
