package service

import (
	"context"
	"slices"

	"kerbside"
)

// Teams lists the teams of the caller's organisation, by name.
func (s *Service) Teams(ctx context.Context, by kerbside.User) (teams []kerbside.Team, err error) {
	if err := managesPeople("service.Teams", by); err != nil {
		return nil, err
	}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		teams, err = tx.Teams(by.Org)
		return err
	})
	return teams, err
}

// PutTeam makes a team, or gives the one with id another name; an administrator does.
func (s *Service) PutTeam(ctx context.Context, by kerbside.User, id kerbside.TeamID, name string) (t kerbside.Team, err error) {
	const op = "service.PutTeam"
	if err := signedIn(op, by); err != nil {
		return t, err
	}
	if by.Role != kerbside.RoleAdmin {
		return t, forbidden(op, "Only administrators can do this. Ask one of them.")
	}
	t = kerbside.Team{ID: id, Org: by.Org}
	if t.Name, err = cleanName(op, name); err != nil {
		return t, err
	}
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if id == "" {
			fresh, err := s.newID("m")
			if err != nil {
				return err
			}
			t.ID = kerbside.TeamID(fresh)
		} else if err := knownTeam(tx, op, kerbside.User{Org: by.Org, Team: id}); err != nil {
			return err
		}
		if err := tx.PutTeam(t); err != nil {
			return err
		}
		return s.audit(tx, by, "team", "team "+string(t.ID), "")
	})
	return t, err
}

// knownTeam reports an error when a person is put into a team that there is not.
func knownTeam(tx kerbside.Tx, op string, u kerbside.User) error {
	if u.Team == "" {
		return nil
	}
	teams, err := tx.Teams(u.Org)
	if err == nil && !slices.ContainsFunc(teams, func(t kerbside.Team) bool { return t.ID == u.Team }) {
		err = kerbside.E(kerbside.CodeNotFound, op, "There is no such team.", nil)
	}
	return err
}
