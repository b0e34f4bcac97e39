package service

import (
	"context"
	"encoding/base64"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kerbside"
)

const (
	linkLife    = 24 * time.Hour
	sessionLife = 14 * 24 * time.Hour
	maxName     = 120 // code points, of people, visits and files
)

// FirstStart creates the organisation and its first person, a manager, with a one-time sign-in link. When there is an
// organisation already it gives that person, created is false, and there is a token only while nobody has ever signed in: the first one may
// have expired unread.
func (s *Service) FirstStart(ctx context.Context, orgName string) (token string, u kerbside.User, created bool, err error) {
	const op = "service.FirstStart"
	orgName, err = cleanName(op, orgName)
	if err != nil {
		return "", u, false, err
	}
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		token, u, created = "", kerbside.User{}, false
		orgs, err := tx.Organisations()
		if err != nil {
			return err
		}
		if len(orgs) > 0 {
			u, err = firstManager(tx, orgs[0].ID)
			if err != nil || u.ID == "" {
				return err
			}
			entries, err := tx.Audit(u.Org, 1000)
			if err != nil || slices.ContainsFunc(entries, func(a kerbside.AuditEntry) bool { return a.Action != "link" }) {
				return err
			}
			if token, err = s.link(tx, u); err != nil {
				return err
			}
			return s.audit(tx, u, "link", "user "+string(u.ID), "")
		}
		orgID, err := s.newID("o")
		if err != nil {
			return err
		}
		if err := tx.PutOrganisation(kerbside.Organisation{ID: kerbside.OrganisationID(orgID), Name: orgName}); err != nil {
			return err
		}
		id, err := s.newID("u")
		if err != nil {
			return err
		}
		u = kerbside.User{ID: kerbside.UserID(id), Org: kerbside.OrganisationID(orgID), Name: "First manager", Role: kerbside.RoleManager}
		if err := tx.PutUser(u); err != nil {
			return err
		}
		created = true
		token, err = s.link(tx, u)
		if err != nil {
			return err
		}
		return s.audit(tx, u, "link", "user "+string(u.ID), "")
	})
	return token, u, created, err
}

func firstManager(tx kerbside.Tx, org kerbside.OrganisationID) (kerbside.User, error) {
	people, err := tx.Users(org)
	if err != nil {
		return kerbside.User{}, err
	}
	for _, u := range people {
		if u.Role == kerbside.RoleManager {
			return u, nil
		}
	}
	return kerbside.User{}, nil
}

// Invite adds a person to the organisation of by, who is a manager or an administrator, and gives their one-time sign-in
// link, which lasts a day.
func (s *Service) Invite(ctx context.Context, by kerbside.User, name string, role kerbside.Role) (token string, u kerbside.User, err error) {
	const op = "service.Invite"
	if err := managesPeople(op, by); err != nil {
		return "", u, err
	}
	if name, err = cleanName(op, name); err != nil {
		return "", u, err
	}
	switch role {
	case kerbside.RoleWorker, kerbside.RoleReviewer, kerbside.RoleManager, kerbside.RoleSupport, kerbside.RoleAdmin:
	default:
		return "", u, invalid(op, "There is no such role. Choose worker, reviewer, manager, support or admin.")
	}
	id, err := s.newID("u")
	if err != nil {
		return "", u, err
	}
	u = kerbside.User{ID: kerbside.UserID(id), Org: by.Org, Team: by.Team, Name: name, Role: role}
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if err := tx.PutUser(u); err != nil {
			return err
		}
		token, err = s.link(tx, u)
		if err != nil {
			return err
		}
		return s.audit(tx, by, "invite", "user "+string(u.ID), "")
	})
	return token, u, err
}

// NewLink gives a person of the same organisation another one-time sign-in link; by is a manager, an administrator or that person.
func (s *Service) NewLink(ctx context.Context, by kerbside.User, id kerbside.UserID) (token string, err error) {
	const op = "service.NewLink"
	if err := signedIn(op, by); err != nil {
		return "", err
	}
	if by.ID != id {
		if err := managesPeople(op, by); err != nil {
			return "", err
		}
	}
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		u, err := tx.User(id)
		if err != nil {
			return err
		}
		if u.Org != by.Org {
			return kerbside.E(kerbside.CodeNotFound, op, "There is no such person.", nil)
		}
		if token, err = s.link(tx, u); err != nil {
			return err
		}
		return s.audit(tx, by, "link", "user "+string(u.ID), "")
	})
	return token, err
}

// link makes a one-time token; only its hash is kept.
func (s *Service) link(tx kerbside.Tx, u kerbside.User) (string, error) {
	token, err := s.token()
	if err != nil {
		return "", err
	}
	return token, tx.AddSignInLink(kerbside.HexSHA256([]byte(token)), u.ID, s.now().Add(linkLife))
}

// token is 256 random bits, fit for a path or a cookie.
func (s *Service) token() (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(s.d.Rand, b); err != nil {
		return "", kerbside.E(kerbside.CodeInternal, "service.token", "", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// SignIn spends a one-time link and opens a session.
func (s *Service) SignIn(ctx context.Context, linkToken string) (sessionToken string, u kerbside.User, err error) {
	const op = "service.SignIn"
	if sessionToken, err = s.token(); err != nil {
		return "", u, err
	}
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		u, err = tx.UseSignInLink(kerbside.HexSHA256([]byte(linkToken)), s.now())
		if kerbside.CodeOf(err) == kerbside.CodeNotFound {
			return kerbside.E(kerbside.CodeUnauthed, op, "This sign-in link was used already or is too old. Ask your manager for a new one.", nil)
		}
		if err != nil {
			return err
		}
		if err := tx.AddSession(kerbside.HexSHA256([]byte(sessionToken)), u.ID, s.now().Add(sessionLife)); err != nil {
			return err
		}
		return s.audit(tx, u, "sign_in", "user "+string(u.ID), "")
	})
	if err != nil {
		return "", kerbside.User{}, err
	}
	return sessionToken, u, nil
}

// UserOf gives the person of a session, or CodeUnauthed.
func (s *Service) UserOf(ctx context.Context, sessionToken string) (u kerbside.User, err error) {
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		u, err = tx.SessionUser(kerbside.HexSHA256([]byte(sessionToken)), s.now())
		return err
	})
	if kerbside.CodeOf(err) == kerbside.CodeNotFound {
		return kerbside.User{}, signedIn("service.UserOf", kerbside.User{})
	}
	return u, err
}

// SignOut ends a session; one that is unknown is no error.
func (s *Service) SignOut(ctx context.Context, sessionToken string) error {
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		hash := kerbside.HexSHA256([]byte(sessionToken))
		u, err := tx.SessionUser(hash, s.now())
		if kerbside.CodeOf(err) == kerbside.CodeNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.DeleteSession(hash); err != nil {
			return err
		}
		return s.audit(tx, u, "sign_out", "user "+string(u.ID), "")
	})
}

// People lists the organisation's people for a manager or an administrator, by name.
func (s *Service) People(ctx context.Context, by kerbside.User) (people []kerbside.User, err error) {
	if err := managesPeople("service.People", by); err != nil {
		return nil, err
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		people, err = tx.Users(by.Org)
		return err
	})
	return people, err
}

func managesPeople(op string, by kerbside.User) error {
	if err := signedIn(op, by); err != nil {
		return err
	}
	if by.Role != kerbside.RoleManager && by.Role != kerbside.RoleAdmin {
		return forbidden(op, "Only managers and administrators can do this. Ask one of them.")
	}
	return nil
}

func cleanName(op, name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" {
		return "", invalid(op, "A name is needed.")
	}
	return name, checkText(op, name, maxName)
}

// checkText refuses what is no text or longer than limit code points.
func checkText(op, text string, limit int) error {
	if !utf8.ValidString(text) {
		return invalid(op, "The text is not valid UTF-8. Type it anew.")
	}
	if utf8.RuneCountInString(text) > limit {
		return kerbside.E(kerbside.CodeTooLarge, op, "This is too long. Shorten it.", nil)
	}
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return invalid(op, "The text holds characters that cannot be shown. Type it anew.")
		}
	}
	return nil
}
