package web

import (
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"kerbside"
	"kerbside/service"
)

// Limits are how much one sender may ask for. Zero: as much as they like.
type Limits struct {
	Person  float64 // requests a second of one person, or of a program that acts as them
	Address float64 // requests a second from one address, by whoever; many share that of an office
}

const (
	burst     = 10 // seconds' worth of requests that may come at once
	perPiece  = 10 // pieces of sound count as so many times less: each is small, and what is late must not be held up
	idlePaces = 5000
)

// paces hold how fast each sender asks. Those that were not heard of for a while are forgotten.
type paces struct {
	per float64 // requests a second

	mu sync.Mutex
	of map[string]*rate.Limiter
}

func newPaces(perSecond float64) *paces {
	return &paces{per: perSecond, of: map[string]*rate.Limiter{}}
}

// take counts a request at a moment and gives how long its sender has to wait when there were too many; such requests do not count.
func (p *paces) take(sender string, at time.Time) time.Duration {
	if p.per <= 0 {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.of[sender]
	if l == nil {
		if len(p.of) >= idlePaces {
			p.forget(at)
		}
		l = rate.NewLimiter(rate.Limit(p.per), max(1, int(p.per*burst)))
		p.of[sender] = l
	}
	r := l.ReserveN(at, 1)
	wait := r.DelayFrom(at)
	if wait > 0 {
		r.CancelAt(at)
	}
	return wait
}

// forget drops those who have not asked for so long that nothing is counted against them.
func (p *paces) forget(at time.Time) {
	for sender, l := range p.of {
		if l.TokensAt(at) >= float64(l.Burst()) {
			delete(p.of, sender)
		}
	}
}

// later is the error of who has to wait.
type later struct{ after time.Duration }

func (l later) Error() string { return fmt.Sprintf("again in %s", l.after) }

func tooOften(wait time.Duration) error {
	return kerbside.E(kerbside.CodeTooMany, "web.tooOften", "You ask for more at a time than is taken. Nothing is lost; wait a moment and go on.", later{wait})
}

// seconds is a time for Retry-After, at least 1.
func seconds(d time.Duration) string { return strconv.Itoa(max(1, int(math.Ceil(d.Seconds())))) }

// limited refuses addresses that ask too often, before anything else is done for them.
func (s *server) limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/static/") || r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
			next.ServeHTTP(w, r)
			return
		}
		if wait := s.addresses.take(network(s.client(r)), s.Now()); wait > 0 {
			err := tooOften(wait)
			s.logFailure(r, err)
			s.failOf(r)(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// network is what counts as one address: of IPv6 the network that a household or an office has.
func network(a netip.Addr) string {
	if a.Is6() {
		if p, err := a.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}

// paced reports an error when a person asks too often.
func (s *server) paced(r *http.Request, u kerbside.User) error {
	p := s.persons
	if s.uses[r.Pattern] == service.UseRecord && (r.Method == http.MethodPut || r.Method == http.MethodPatch || r.Method == http.MethodHead) {
		p = s.pieces
	}
	if wait := p.take(string(u.ID), s.Now()); wait > 0 {
		return tooOften(wait)
	}
	return nil
}
