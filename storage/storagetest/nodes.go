package storagetest

import (
	"context"
	"sync"
	"testing"
	"time"

	"kerbside"
)

// Nodes runs the suite of [kerbside.Nodes]; open gives two nodes on one store, whose leases end within three seconds.
func Nodes(t *testing.T, open func(t *testing.T) [2]kerbside.Nodes) {
	t.Helper()
	for _, c := range []struct {
		name string
		f    func(*testing.T, [2]kerbside.Nodes)
	}{{"news comes in order, and not back", nodesTell}, {"news that is too long is refused", nodesTooLong}, {"one leads, then the other", nodesLead}, {"who is done leads no more", nodesDone}} {
		t.Run(c.name, func(t *testing.T) { c.f(t, open(t)) })
	}
}

// hearing listens until the test ends; it is at it when the function returns.
func hearing(t *testing.T, n, other kerbside.Nodes) <-chan kerbside.News {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	out, done := make(chan kerbside.News, 100), make(chan error, 1)
	go func() { done <- n.Listen(ctx, func(x kerbside.News) { out <- x }) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	for {
		if err := other.Tell(t.Context(), kerbside.News{Kind: "hello"}); err != nil {
			t.Fatal(err)
		}
		select {
		case <-out:
			return out
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func nodesTell(t *testing.T, n [2]kerbside.Nodes) {
	a, b := hearing(t, n[0], n[1]), hearing(t, n[1], n[0])
	want := kerbside.News{Org: "o-1", Kind: kerbside.NewsHeard, Object: "r-1", Body: make([]byte, kerbside.MaxNews)}
	for i := range 20 {
		want.Body[0] = byte(i)
		if err := n[0].Tell(t.Context(), want); err != nil {
			t.Fatal(err)
		}
	}
	for i := 0; i < 20; {
		got := receive(t, b)
		if got.Kind == "hello" {
			continue
		}
		if got.Org != "o-1" || got.Kind != kerbside.NewsHeard || got.Object != "r-1" || len(got.Body) != kerbside.MaxNews || got.Body[0] != byte(i) {
			t.Fatalf("%d: %+v", i, got)
		}
		i++
	}
	for len(a) > 0 {
		if got := <-a; got.Kind != "hello" {
			t.Errorf("a node hears itself: %+v", got)
		}
	}
}

func nodesTooLong(t *testing.T, n [2]kerbside.Nodes) {
	if err := n[0].Tell(t.Context(), kerbside.News{Body: make([]byte, 64<<10)}); kerbside.CodeOf(err) != kerbside.CodeTooLarge {
		t.Error(err)
	}
}

// nodesLead: of two nodes one leads; when it stops the other does.
func nodesLead(t *testing.T, n [2]kerbside.Nodes) {
	began := make(chan int, 10)
	var stops [2]context.CancelFunc
	var all sync.WaitGroup
	for i := range n {
		var ctx context.Context
		ctx, stops[i] = context.WithCancel(t.Context())
		all.Go(func() {
			if err := n[i].Lead(ctx, "x", func(ctx context.Context) { began <- i; <-ctx.Done() }); err != nil {
				t.Error(err)
			}
		})
	}
	first := receive(t, began)
	time.Sleep(4 * time.Second) // longer than a lease
	if len(began) > 0 {
		t.Fatal("two lead at one time")
	}
	stops[first]()
	if second := receive(t, began); second == first {
		t.Fatal("the same leads again")
	}
	stops[1-first]()
	all.Wait()
}

func nodesDone(t *testing.T, n [2]kerbside.Nodes) {
	began := time.Now()
	const turns = 6
	for i := range turns {
		done := false
		if err := n[i%2].Lead(t.Context(), "once", func(context.Context) { done = true }); err != nil || !done {
			t.Fatal(done, err)
		}
	}
	if d := time.Since(began); d > turns*time.Second/2 {
		t.Errorf("who was done kept the lease: %v", d)
	}
}
