package seal

import (
	"context"
	"strings"
	"testing"
	"time"

	"kerbside"
)

// wire carries news from one node to another, as a database server does.
type wire struct{ news chan kerbside.News }

var _ kerbside.Nodes = wire{}

func (w wire) Tell(_ context.Context, n kerbside.News) error { w.news <- n; return nil }

func (w wire) Listen(ctx context.Context, f func(kerbside.News)) error {
	for {
		select {
		case n := <-w.news:
			f(n)
		case <-ctx.Done():
			return nil
		}
	}
}

func (w wire) Lead(ctx context.Context, _ string, f func(context.Context)) error { f(ctx); return nil }

// TestNews: what is told lies sealed on the wire, and opens only as what it was told as.
func TestNews(t *testing.T) {
	h := newHouse(t)
	h.update(func(tx kerbside.Tx) error {
		return tx.PutOrganisation(kerbside.Organisation{ID: "o-1", Name: "Northmoor"})
	})
	w := wire{make(chan kerbside.News, 10)}
	n := NewNodes(w, h.ring)
	said := kerbside.News{Org: "o-1", Kind: kerbside.NewsHeard, Object: "r-1", Body: []byte("Mum was calm.")}
	if err := n.Tell(t.Context(), said); err != nil {
		t.Fatal(err)
	}
	sealed := <-w.news
	if strings.Contains(string(sealed.Body), "calm") {
		t.Fatal("words lie open on the wire")
	}
	moved := sealed
	moved.Object = "r-2"
	w.news <- moved
	w.news <- sealed
	w.news <- kerbside.News{Org: "o-1", Kind: kerbside.NewsStop, Object: "v-1"}
	ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
	defer stop()
	var got []kerbside.News
	if err := n.Listen(ctx, func(n kerbside.News) {
		if got = append(got, n); n.Kind == kerbside.NewsStop {
			stop()
		}
	}); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || string(got[0].Body) != "Mum was calm." || got[0].Object != "r-1" {
		t.Fatalf("%+v", got)
	}
}

// TestSharedErasure: what one node erased, another that holds its key opens no more, from the commit on.
func TestSharedErasure(t *testing.T) {
	h := newHouse(t)
	other, err := NewRing(t.Context(), h.db, h.master, nil)
	if err != nil {
		t.Fatal(err)
	}
	other.Shared = true
	store, blobs := NewStore(h.db, other), NewBlobs(h.fs, other)
	h.update(func(tx kerbside.Tx) error {
		if err := tx.PutOrganisation(kerbside.Organisation{ID: "o-1", Name: "Northmoor"}); err != nil {
			return err
		}
		if err := tx.PutUser(kerbside.User{ID: "u-1", Org: "o-1", Name: "A", Role: kerbside.RoleWorker}); err != nil {
			return err
		}
		return tx.PutVisit(kerbside.Visit{ID: "v-1", Org: "o-1", Worker: "u-1", Title: "Home", State: kerbside.VisitOpen})
	})
	h.put("o-1/r-1/f-x", "sound")
	title := func() (got string) {
		t.Helper()
		err := store.View(t.Context(), func(tx kerbside.Tx) error {
			v, err := tx.Visit("o-1", "v-1")
			got = v.Title
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	open := func() error {
		f, err := blobs.Open(t.Context(), "o-1/r-1/f-x")
		if err == nil {
			err = f.Close()
		}
		return err
	}
	if got := title(); got != "Home" || open() != nil {
		t.Fatal(got)
	}
	h.update(func(tx kerbside.Tx) error {
		if err := tx.EraseDataKey("o-1", "v-1", time.Now()); err != nil {
			return err
		}
		return tx.EraseDataKey("o-1", "r-1", time.Now())
	})
	if got := title(); got != "" {
		t.Errorf("another node still reads %q", got)
	}
	if err := open(); !Erased(err) {
		t.Errorf("another node still opens the sound: %v", err)
	}
	_, _, err = blobs.Put(t.Context(), "o-1/r-1/windows/x", strings.NewReader("words"))
	if !Erased(err) {
		t.Errorf("another node still writes under an erased key: %v", err)
	}
}
