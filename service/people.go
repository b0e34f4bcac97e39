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
	linkLife = 24 * time.Hour
	maxName  = 120 // code points, of people, visits and files
)

// Invited is a person with the one-time sign-in link that was made for them; the token is "" when none was.
type Invited struct {
	kerbside.User
	Token string
}

// First are the two people that an organisation begins with: one who leads, and one who looks after Kerbside and sees no content.
type First struct {
	Created        bool
	Manager, Admin Invited
}

// FirstStart creates the organisation with its first manager and its administrator, each with a one-time sign-in link. When there is an organisation
// already it gives these two, with tokens only while nobody has ever signed in: the first ones may have expired unread.
func (s *Service) FirstStart(ctx context.Context, orgName string) (f First, err error) {
	const op = "service.FirstStart"
	orgName, err = cleanName(op, orgName)
	if err != nil {
		return f, err
	}
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		f = First{}
		orgs, err := tx.Organisations()
		if err != nil {
			return err
		}
		if len(orgs) > 0 {
			return s.startedBefore(tx, orgs[0].ID, &f)
		}
		id, err := s.newID("o")
		if err != nil {
			return err
		}
		if err := tx.PutOrganisation(kerbside.Organisation{ID: kerbside.OrganisationID(id), Name: orgName}); err != nil {
			return err
		}
		f.Created = true
		if err := s.found(tx, kerbside.OrganisationID(id), &f.Manager, "First manager", kerbside.RoleManager); err != nil {
			return err
		}
		return s.found(tx, kerbside.OrganisationID(id), &f.Admin, "Administrator", kerbside.RoleAdmin)
	})
	return f, err
}

// found makes one of the people that an organisation begins with.
func (s *Service) found(tx kerbside.Tx, org kerbside.OrganisationID, p *Invited, name string, role kerbside.Role) error {
	id, err := s.newID("u")
	if err != nil {
		return err
	}
	p.User = kerbside.User{ID: kerbside.UserID(id), Org: org, Name: name, Role: role}
	if err := tx.PutUser(p.User); err != nil {
		return err
	}
	p.Token, err = s.link(tx, p.User, p.User)
	return err
}

func (s *Service) startedBefore(tx kerbside.Tx, org kerbside.OrganisationID, f *First) error {
	people, err := tx.Users(org)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(people, func(u kerbside.User) bool { return u.Role == kerbside.RoleAdmin }) { // an older Kerbside had none
		if err := s.found(tx, org, &f.Admin, "Administrator", kerbside.RoleAdmin); err != nil {
			return err
		}
		people = append(people, f.Admin.User)
	}
	for _, p := range []struct {
		into *Invited
		role kerbside.Role
	}{{&f.Manager, kerbside.RoleManager}, {&f.Admin, kerbside.RoleAdmin}} {
		if i := slices.IndexFunc(people, func(u kerbside.User) bool { return u.Role == p.role && !u.Left() }); i >= 0 {
			p.into.User = people[i]
		}
	}
	entries, err := tx.Audit(org, 1000)
	if err != nil || slices.ContainsFunc(entries, func(a kerbside.AuditEntry) bool { return a.Action != "link" }) {
		return err
	}
	for _, p := range []*Invited{&f.Manager, &f.Admin} {
		if p.ID == "" || p.Token != "" {
			continue
		}
		if p.Token, err = s.link(tx, p.User, p.User); err != nil {
			return err
		}
	}
	return nil
}

// PersonInput is what is said of a person.
type PersonInput struct {
	Name  string
	Email string // needed to sign in by password or the council's own sign-in; else may be ""
	Role  kerbside.Role
	Team  kerbside.TeamID // an administrator's word; whom a manager invites comes into the manager's own team
}

// Invite adds a person and gives their one-time sign-in link, which lasts a day. Managers invite workers, reviewers and business support into their own
// team; administrators invite anybody.
func (s *Service) Invite(ctx context.Context, by kerbside.User, in PersonInput) (token string, u kerbside.User, err error) {
	const op = "service.Invite"
	if err := managesPeople(op, by); err != nil {
		return "", u, err
	}
	if by.Role != kerbside.RoleAdmin {
		in.Team = by.Team
	}
	id, err := s.newID("u")
	if err != nil {
		return "", u, err
	}
	u = kerbside.User{ID: kerbside.UserID(id), Org: by.Org}
	if err := describe(op, &u, in); err != nil {
		return "", u, err
	}
	if err := managesPerson(op, by, u); err != nil {
		return "", u, err
	}
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if err := knownTeam(tx, op, u); err != nil {
			return err
		}
		if err := putPerson(tx, op, u); err != nil {
			return err
		}
		if err := s.audit(tx, by, "invite", "user "+string(u.ID), ""); err != nil {
			return err
		}
		token, err = s.link(tx, by, u)
		return err
	})
	return token, u, err
}

// describe puts what is said of a person into u.
func describe(op string, u *kerbside.User, in PersonInput) (err error) {
	if u.Name, err = cleanName(op, in.Name); err != nil {
		return err
	}
	if !slices.Contains(kerbside.Roles(), in.Role) {
		return invalid(op, "There is no such role. Choose worker, reviewer, manager, support or admin.")
	}
	u.Role, u.Team, u.Email = in.Role, in.Team, kerbside.CleanEmail(in.Email)
	if u.Email == "" && strings.TrimSpace(in.Email) != "" {
		return invalid(op, "The e-mail address is not one. Type it as name@example.org.")
	}
	return nil
}

func putPerson(tx kerbside.Tx, op string, u kerbside.User) error {
	err := tx.PutUser(u)
	if kerbside.CodeOf(err) == kerbside.CodeConflict {
		err = conflict(op, "Somebody else has this e-mail address. Give another.")
	}
	return err
}

// ChangePerson says anew what a person is; an administrator does. Whoever gets another role or team is signed out everywhere, and their tokens end.
func (s *Service) ChangePerson(ctx context.Context, by kerbside.User, id kerbside.UserID, in PersonInput) error {
	const op = "service.ChangePerson"
	return s.administer(ctx, op, by, id, func(tx kerbside.Tx, u kerbside.User) error {
		was := u
		if err := describe(op, &u, in); err != nil {
			return err
		}
		if was.Role == kerbside.RoleAdmin && u.Role != kerbside.RoleAdmin {
			if err := anotherAdmin(tx, op, was); err != nil {
				return err
			}
		}
		if err := knownTeam(tx, op, u); err != nil {
			return err
		}
		if err := putPerson(tx, op, u); err != nil {
			return err
		}
		if u.Role != was.Role || u.Team != was.Team {
			if err := s.lockOut(tx, u); err != nil {
				return err
			}
		}
		return s.audit(tx, by, "change_person", "user "+string(id), "")
	})
}

// EndPerson says that a person works here no more: they are signed out everywhere at once and cannot sign in. What they did stays.
func (s *Service) EndPerson(ctx context.Context, by kerbside.User, id kerbside.UserID) error {
	const op = "service.EndPerson"
	return s.administer(ctx, op, by, id, func(tx kerbside.Tx, u kerbside.User) error {
		if u.Role == kerbside.RoleAdmin {
			if err := anotherAdmin(tx, op, u); err != nil {
				return err
			}
		}
		if !u.Left() {
			u.LeftAt = s.now()
		}
		if err := tx.PutUser(u); err != nil {
			return err
		}
		if err := s.lockOut(tx, u); err != nil {
			return err
		}
		return s.audit(tx, by, "end_person", "user "+string(id), "")
	})
}

// administer runs f on a person of an administrator's organisation.
func (s *Service) administer(ctx context.Context, op string, by kerbside.User, id kerbside.UserID, f func(kerbside.Tx, kerbside.User) error) error {
	if err := signedIn(op, by); err != nil {
		return err
	}
	if by.Role != kerbside.RoleAdmin {
		return forbidden(op, "Only administrators can do this. Ask one of them.")
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		u, err := colleague(tx, op, by, id)
		if err != nil {
			return err
		}
		return f(tx, u)
	})
}

// colleague gives a person of the same organisation.
func colleague(tx kerbside.Tx, op string, by kerbside.User, id kerbside.UserID) (kerbside.User, error) {
	u, err := tx.User(id)
	if kerbside.CodeOf(err) == kerbside.CodeNotFound || err == nil && u.Org != by.Org {
		return u, kerbside.E(kerbside.CodeNotFound, op, "There is no such person.", nil)
	}
	return u, err
}

// lockOut ends whatever a person could go on with.
func (s *Service) lockOut(tx kerbside.Tx, u kerbside.User) error {
	if err := tx.DropSessions(u.Org, u.ID, ""); err != nil {
		return err
	}
	if err := tx.DropSignInLinks(u.Org, u.ID, s.now()); err != nil {
		return err
	}
	tokens, err := tx.APITokens(u.Org, u.ID)
	for _, t := range tokens {
		if err == nil && t.RevokedAt.IsZero() {
			t.RevokedAt = s.now()
			err = tx.PutAPIToken("", t)
		}
	}
	return err
}

func anotherAdmin(tx kerbside.Tx, op string, u kerbside.User) error {
	people, err := tx.Users(u.Org)
	if err == nil && !slices.ContainsFunc(people, func(o kerbside.User) bool { return o.Role == kerbside.RoleAdmin && !o.Left() && o.ID != u.ID }) {
		err = conflict(op, "There would be no administrator left. Make another one first.")
	}
	return err
}

// NewLink gives a person another one-time sign-in link: themselves, whoever manages them, or an administrator.
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
		u, err := colleague(tx, op, by, id)
		if err != nil {
			return err
		}
		if by.ID != id {
			if err := managesPerson(op, by, u); err != nil {
				return err
			}
		}
		if u.Left() {
			return conflict(op, "This person works here no more.")
		}
		token, err = s.link(tx, by, u)
		return err
	})
	return token, err
}

// link makes a one-time token; only its hash is kept.
func (s *Service) link(tx kerbside.Tx, by, u kerbside.User) (string, error) {
	token, err := s.token()
	if err != nil {
		return "", err
	}
	if err := tx.AddSignInLink(kerbside.HexSHA256([]byte(token)), u.ID, s.now().Add(linkLife)); err != nil {
		return "", err
	}
	return token, s.audit(tx, by, "link", "user "+string(u.ID), "")
}

// token is 256 random bits, fit for a path or a cookie.
func (s *Service) token() (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(s.d.Rand, b); err != nil {
		return "", kerbside.E(kerbside.CodeInternal, "service.token", "", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// People lists, by name, whom a manager or an administrator manages: a manager the own team, an administrator everybody.
func (s *Service) People(ctx context.Context, by kerbside.User) (people []kerbside.User, err error) {
	if err := managesPeople("service.People", by); err != nil {
		return nil, err
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		people, err = tx.Users(by.Org)
		return err
	})
	people = slices.DeleteFunc(people, func(u kerbside.User) bool { return by.Role != kerbside.RoleAdmin && u.Team != by.Team })
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

// managesPerson keeps managers from making themselves somebody who may more than they: a link is as good as the person.
func managesPerson(op string, by, u kerbside.User) error {
	switch {
	case by.Role == kerbside.RoleAdmin:
		return nil
	case u.Team != by.Team:
		return kerbside.E(kerbside.CodeNotFound, op, "There is no such person in your team.", nil)
	case u.Role == kerbside.RoleManager || u.Role == kerbside.RoleAdmin:
		return forbidden(op, "Managers and administrators are looked after by an administrator. Ask one of them.")
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
