package service

import (
	"context"
	"slices"
	"strings"
	"time"

	"kerbside"
)

const (
	seenEvery = 5 * time.Minute  // how exactly it is known when a session was used last
	recent    = 15 * time.Minute // after a sign-in, who it was need not be proven again
)

// UserOf gives the person of a session, or CodeUnauthed.
func (s *Service) UserOf(ctx context.Context, sessionToken string) (kerbside.User, error) {
	u, _, err := s.SessionOf(ctx, sessionToken)
	return u, err
}

// SessionOf gives a session and its person, or CodeUnauthed when it is unknown, ended, too old or was not used for too long.
func (s *Service) SessionOf(ctx context.Context, sessionToken string) (u kerbside.User, session kerbside.Session, err error) {
	now := s.now()
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		if session, err = tx.Session(kerbside.HexSHA256([]byte(sessionToken))); err == nil {
			u, err = tx.User(session.User)
		}
		return err
	})
	if kerbside.CodeOf(err) == kerbside.CodeNotFound || err == nil && (u.Left() || !s.alive(session, now)) {
		return kerbside.User{}, kerbside.Session{}, signedIn("service.SessionOf", kerbside.User{})
	}
	if err == nil && now.Sub(session.SeenAt) > seenEvery {
		err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error { return tx.TouchSession(session.Org, session.ID, now) })
	}
	return u, session, err
}

func (s *Service) alive(n kerbside.Session, now time.Time) bool {
	return now.Before(n.ExpiresAt) && now.Sub(n.SeenAt) < s.d.SessionIdle
}

// SignOut ends a session; one that is unknown is no error.
func (s *Service) SignOut(ctx context.Context, sessionToken string) error {
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		n, err := tx.Session(kerbside.HexSHA256([]byte(sessionToken)))
		if kerbside.CodeOf(err) == kerbside.CodeNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.DeleteSession(n.Org, n.ID); err != nil {
			return err
		}
		return s.audit(tx, kerbside.User{ID: n.User, Org: n.Org}, "sign_out", "user "+string(n.User), "")
	})
}

// Sessions lists where a person is signed in, newest first: their own, or anybody's for an administrator.
func (s *Service) Sessions(ctx context.Context, by kerbside.User, of kerbside.UserID) (sessions []kerbside.Session, err error) {
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		u, err := ownOrAdmin(tx, "service.Sessions", by, of)
		if err != nil {
			return err
		}
		sessions, err = tx.Sessions(u.Org, u.ID)
		return err
	})
	now := s.now()
	return slices.DeleteFunc(sessions, func(n kerbside.Session) bool { return !s.alive(n, now) }), err
}

// PersonSessions is Sessions of another person, for an administrator.
func (s *Service) PersonSessions(ctx context.Context, by kerbside.User, of kerbside.UserID) ([]kerbside.Session, error) {
	const op = "service.PersonSessions"
	if err := signedIn(op, by); err != nil {
		return nil, err
	}
	if by.Role != kerbside.RoleAdmin {
		return nil, forbidden(op, "Only administrators can do this. Ask one of them.")
	}
	return s.Sessions(ctx, by, of)
}

// EndSession signs one browser out: one's own, or anybody's for an administrator.
func (s *Service) EndSession(ctx context.Context, by kerbside.User, of kerbside.UserID, id string) error {
	const op = "service.EndSession"
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		u, err := ownOrAdmin(tx, op, by, of)
		if err != nil {
			return err
		}
		sessions, err := tx.Sessions(u.Org, u.ID)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(sessions, func(n kerbside.Session) bool { return n.ID == id }) {
			return kerbside.E(kerbside.CodeNotFound, op, "This sign-in has ended already.", nil)
		}
		if err := tx.DeleteSession(u.Org, id); err != nil {
			return err
		}
		return s.audit(tx, by, "end_session", "session "+id, "")
	})
}

// EndSessions signs a person out everywhere but in the session keep, which may be "".
func (s *Service) EndSessions(ctx context.Context, by kerbside.User, of kerbside.UserID, keep string) error {
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		u, err := ownOrAdmin(tx, "service.EndSessions", by, of)
		if err != nil {
			return err
		}
		if err := tx.DropSessions(u.Org, u.ID, keep); err != nil {
			return err
		}
		return s.audit(tx, by, "end_sessions", "user "+string(u.ID), "")
	})
}

func ownOrAdmin(tx kerbside.Tx, op string, by kerbside.User, of kerbside.UserID) (kerbside.User, error) {
	if err := signedIn(op, by); err != nil {
		return kerbside.User{}, err
	}
	if by.ID == of {
		return by, nil
	}
	if by.Role != kerbside.RoleAdmin {
		return kerbside.User{}, forbidden(op, "Only administrators can do this for others. Ask one of them.")
	}
	return colleague(tx, op, by, of)
}

// fresh wants a sign-in of the last quarter of an hour for what gives lasting access: a browser that was left open is not the person.
func (s *Service) fresh(op string, n kerbside.Session) error {
	if s.now().Sub(n.CreatedAt) > recent {
		return forbidden(op, "For this, sign in again first: it gives lasting access. Sign out, sign in, and come back within a quarter of an hour.")
	}
	return nil
}

// agentName says which browser on what, in words that people know; versions are left out.
func agentName(agent string) string {
	find := func(names ...string) string {
		for i := 0; i+1 < len(names); i += 2 {
			if strings.Contains(agent, names[i]) {
				return names[i+1]
			}
		}
		return ""
	}
	browser := find("Edg", "Edge", "OPR/", "Opera", "Firefox/", "Firefox", "FxiOS", "Firefox", "CriOS", "Chrome", "Chrome/", "Chrome", "Safari/", "Safari", "curl/", "curl")
	system := find("iPhone", "iPhone", "iPad", "iPad", "Android", "Android", "Windows", "Windows", "Mac OS X", "Mac", "CrOS", "Chromebook", "Linux", "Linux")
	switch {
	case browser == "" && system == "":
		return "A browser"
	case browser == "":
		return system
	case system == "":
		return browser
	}
	return browser + " on " + system
}
