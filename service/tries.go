package service

import (
	"context"
	"time"

	"kerbside"
)

// limit is how often something may fail under one key before it has to wait, longer each time.
type limit struct {
	free   int           // tries without waiting
	window time.Duration // after which all is forgotten
	wait   time.Duration // after the last free one; doubles with each more
	most   time.Duration
}

var (
	accountLimit = limit{free: 5, window: 24 * time.Hour, wait: time.Minute, most: time.Hour}
	// Many people share an address behind a council's firewall.
	clientLimit = limit{free: 60, window: 15 * time.Minute, wait: 15 * time.Minute, most: 15 * time.Minute}
)

// triesKey keeps names and addresses out of the table.
func triesKey(kind, of string) string { return kerbside.HexSHA256([]byte(kind + "\x00" + of)) }

// try counts a try under a key before it is made, so that a hundred at once are a hundred; who succeeds takes it back. ok is false while the key
// has to wait; such tries do not count.
func (s *Service) try(ctx context.Context, key string, l limit) (ok bool, err error) {
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		now := s.now()
		t, err := tx.Tries(key)
		if err != nil {
			return err
		}
		if now.Before(t.Until) {
			ok = false
			return nil
		}
		ok = true
		if t.Count == 0 || now.Sub(t.Since) > l.window {
			t = kerbside.Tries{Since: now}
		}
		t.Count++
		if over := t.Count - l.free; over >= 0 {
			wait := l.most
			if over < 16 {
				wait = min(l.wait<<over, l.most)
			}
			t.Until = now.Add(wait)
		}
		return tx.PutTries(key, t)
	})
	return ok, err
}

// tryClient is try for the address that a request came from; nobody is told about accounts by it.
func (s *Service) tryClient(ctx context.Context, op string, c Client) error {
	ok, err := s.try(ctx, triesKey("client", c.Address), clientLimit)
	if err == nil && !ok {
		err = kerbside.E(kerbside.CodeTooMany, op, "Too many tries came from this network. Wait a quarter of an hour and try again.", nil)
	}
	return err
}

// succeeded forgets what failed under an account and takes back the client's try.
func (s *Service) succeeded(tx kerbside.Tx, account string, c Client) error {
	if account != "" {
		if err := tx.PutTries(account, kerbside.Tries{}); err != nil {
			return err
		}
	}
	key := triesKey("client", c.Address)
	t, err := tx.Tries(key)
	if err != nil || t.Count == 0 {
		return err
	}
	t.Count--
	if t.Count < clientLimit.free {
		t.Until = time.Time{}
	}
	return tx.PutTries(key, t)
}
