package service

import (
	"context"
	"slices"
	"strings"
	"time"

	"kerbside"
	"kerbside/signin"
)

const (
	maxPasskeys  = 20
	maxTokens    = 50
	maxTokenLife = 366 * 24 * time.Hour
	tokenPrefix  = "kerbside_" // so that a token that leaked is recognised
)

// AccountView is what a person sees of the own account.
type AccountView struct {
	User        kerbside.User
	Password    bool      // there is one
	PasswordAt  time.Time // when it was set
	MayPassword bool      // the organisation uses passwords
	Passkeys    []kerbside.Passkey
	Sessions    []kerbside.Session
	Tokens      []kerbside.APIToken // neither revoked nor expired
	Fresh       bool                // signed in a moment ago: need not prove who they are again
}

// Account gives a person's own account.
func (s *Service) Account(ctx context.Context, by kerbside.User, n kerbside.Session) (v AccountView, err error) {
	if err := signedIn("service.Account", by); err != nil {
		return v, err
	}
	now := s.now()
	v = AccountView{User: by, MayPassword: !s.d.NoPasswords, Fresh: s.fresh("", n) == nil}
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		_, at, err := tx.Password(by.Org, by.ID)
		if err == nil {
			v.Password, v.PasswordAt = true, at
		} else if kerbside.CodeOf(err) != kerbside.CodeNotFound {
			return err
		}
		if v.Passkeys, err = tx.Passkeys(by.Org, by.ID); err != nil {
			return err
		}
		if v.Sessions, err = tx.Sessions(by.Org, by.ID); err != nil {
			return err
		}
		v.Tokens, err = tx.APITokens(by.Org, by.ID)
		return err
	})
	v.Sessions = slices.DeleteFunc(v.Sessions, func(n kerbside.Session) bool { return !s.alive(n, now) })
	v.Tokens = slices.DeleteFunc(v.Tokens, func(t kerbside.APIToken) bool { return !t.RevokedAt.IsZero() || !now.Before(t.ExpiresAt) })
	return v, err
}

// SetPassword gives a person a password, or another one. They prove who they are by the current one or by having signed in a moment ago. All other
// sessions end.
func (s *Service) SetPassword(ctx context.Context, by kerbside.User, n kerbside.Session, current, password string) error {
	const op = "service.SetPassword"
	if err := signedIn(op, by); err != nil {
		return err
	}
	if s.d.NoPasswords {
		return forbidden(op, "Passwords are not used here. Sign in another way.")
	}
	if by.Email == "" {
		return conflict(op, "A password needs an e-mail address to sign in with. Ask an administrator to add yours.")
	}
	if fault := signin.Fault(password, by.Name, by.Email); fault != "" {
		return invalid(op, fault)
	}
	if err := s.prove(ctx, op, by, n, current); err != nil {
		return err
	}
	hash, err := s.hashPassword(ctx, password)
	if err != nil {
		return err
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if err := tx.PutPassword(by.Org, by.ID, hash, s.now()); err != nil {
			return err
		}
		if err := tx.DropSessions(by.Org, by.ID, n.ID); err != nil {
			return err
		}
		return s.audit(tx, by, "set_password", "user "+string(by.ID), "")
	})
}

// prove wants the current password, or a sign-in of a moment ago. Wrong ones count as tries to sign in.
func (s *Service) prove(ctx context.Context, op string, by kerbside.User, n kerbside.Session, current string) error {
	if current == "" {
		return s.fresh(op, n)
	}
	account := triesKey("account", by.Email)
	open, err := s.try(ctx, account, accountLimit)
	if err != nil {
		return err
	}
	var hash string
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		hash, _, err = tx.Password(by.Org, by.ID)
		return err
	})
	if err != nil && kerbside.CodeOf(err) != kerbside.CodeNotFound {
		return err
	}
	ok, _, err := s.checkPassword(ctx, hash, current)
	if err != nil {
		return err
	}
	if !ok || !open {
		return forbidden(op, "That is not your current password. After several tries, wait some minutes.")
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error { return tx.PutTries(account, kerbside.Tries{}) })
}

// BeginPasskey gives what the browser is to ask the device for a new passkey, and the key to finish with.
func (s *Service) BeginPasskey(ctx context.Context, by kerbside.User, n kerbside.Session, c Client) (options []byte, ceremony string, err error) {
	const op = "service.BeginPasskey"
	if err := signedIn(op, by); err != nil {
		return nil, "", err
	}
	if err := s.fresh(op, n); err != nil {
		return nil, "", err
	}
	keys, err := s.passkeys(ctx, by)
	if err != nil {
		return nil, "", err
	}
	if len(keys) >= maxPasskeys {
		return nil, "", conflict(op, "You have very many passkeys. Remove one that you do not use first.")
	}
	options, state, err := signin.BeginRegistration(c.Origin, by, keys)
	if err != nil {
		return nil, "", err
	}
	ceremony, err = s.remember(ctx, "passkey "+string(by.ID), state)
	return options, ceremony, err
}

func (s *Service) passkeys(ctx context.Context, by kerbside.User) (keys []kerbside.Passkey, err error) {
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		keys, err = tx.Passkeys(by.Org, by.ID)
		return err
	})
	return keys, err
}

// FinishPasskey keeps a new passkey when the device's answer fits.
func (s *Service) FinishPasskey(ctx context.Context, by kerbside.User, ceremony, name string, answer []byte, c Client) error {
	const op = "service.FinishPasskey"
	if err := signedIn(op, by); err != nil {
		return err
	}
	if strings.TrimSpace(name) == "" {
		name = agentName(c.Agent)
	}
	name, err := cleanName(op, name)
	if err != nil {
		return err
	}
	state, err := s.recall(ctx, op, "passkey "+string(by.ID), ceremony)
	if err != nil {
		return err
	}
	keys, err := s.passkeys(ctx, by)
	if err != nil {
		return err
	}
	k, err := signin.FinishRegistration(c.Origin, by, keys, state, answer)
	if err != nil {
		return err
	}
	k.Name, k.CreatedAt = name, s.now()
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if _, err := tx.Passkey(k.ID); kerbside.CodeOf(err) != kerbside.CodeNotFound {
			return conflict(op, "This passkey is known already.")
		}
		if err := tx.PutPasskey(k); err != nil {
			return err
		}
		return s.audit(tx, by, "add_passkey", "user "+string(by.ID), "")
	})
}

// RemovePasskey forgets one of the caller's passkeys.
func (s *Service) RemovePasskey(ctx context.Context, by kerbside.User, id string) error {
	const op = "service.RemovePasskey"
	if err := signedIn(op, by); err != nil {
		return err
	}
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if k, err := tx.Passkey(id); kerbside.CodeOf(err) == kerbside.CodeNotFound || err == nil && k.User != by.ID {
			return kerbside.E(kerbside.CodeNotFound, op, "There is no such passkey.", nil)
		} else if err != nil {
			return err
		}
		if err := tx.DeletePasskey(by.Org, by.ID, id); err != nil {
			return err
		}
		return s.audit(tx, by, "remove_passkey", "user "+string(by.ID), "")
	})
}

// AddToken makes an API token that acts as the caller within scopes, for life. It is given once; only its hash is kept.
func (s *Service) AddToken(ctx context.Context, by kerbside.User, n kerbside.Session, name string, scopes []kerbside.Scope, life time.Duration) (token string, t kerbside.APIToken, err error) {
	const op = "service.AddToken"
	if err := signedIn(op, by); err != nil {
		return "", t, err
	}
	if by.Role == kerbside.RoleAdmin && slices.ContainsFunc(scopes, func(x kerbside.Scope) bool { return x != kerbside.ScopeRead }) {
		return "", t, forbidden(op, "An administrator's token reads what is kept for how long, and receipts; it may not do more. Choose “read” alone.")
	}
	if err := s.fresh(op, n); err != nil {
		return "", t, err
	}
	if name, err = cleanName(op, name); err != nil {
		return "", t, err
	}
	for _, x := range scopes {
		if !slices.Contains(kerbside.Scopes(), x) {
			return "", t, invalid(op, "There is no such scope. Choose among read, upload, edit, export.")
		}
	}
	if len(scopes) == 0 || life <= 0 || life > maxTokenLife {
		return "", t, invalid(op, "Say what the token may be used for, and for at most a year.")
	}
	id, err := s.newID("b")
	if err != nil {
		return "", t, err
	}
	secret, err := s.token()
	if err != nil {
		return "", t, err
	}
	token = tokenPrefix + secret
	slices.Sort(scopes)
	t = kerbside.APIToken{ID: id, Org: by.Org, User: by.ID, Name: name, Scopes: slices.Compact(scopes), CreatedAt: s.now(), ExpiresAt: s.now().Add(life)}
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		have, err := tx.APITokens(by.Org, by.ID)
		if err != nil {
			return err
		}
		if len(have) >= maxTokens {
			return conflict(op, "You have very many tokens. Make do with those, or ask an administrator.")
		}
		if err := tx.PutAPIToken(kerbside.HexSHA256([]byte(token)), t); err != nil {
			return err
		}
		return s.audit(tx, by, "add_token", "token "+id, "")
	})
	return token, t, err
}

// RevokeToken ends a token at once: one's own, or anybody's for an administrator.
func (s *Service) RevokeToken(ctx context.Context, by kerbside.User, of kerbside.UserID, id string) error {
	const op = "service.RevokeToken"
	return s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		u, err := ownOrAdmin(tx, op, by, of)
		if err != nil {
			return err
		}
		tokens, err := tx.APITokens(u.Org, u.ID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(tokens, func(t kerbside.APIToken) bool { return t.ID == id && t.RevokedAt.IsZero() })
		if i < 0 {
			return kerbside.E(kerbside.CodeNotFound, op, "There is no such token, or it was revoked already.", nil)
		}
		tokens[i].RevokedAt = s.now()
		if err := tx.PutAPIToken("", tokens[i]); err != nil {
			return err
		}
		return s.audit(tx, by, "revoke_token", "token "+id, "")
	})
}

// TokenUser gives the person as whom an API token acts. CodeUnauthed when it is unknown, revoked or expired; CodeForbidden when it was not made
// for scope.
func (s *Service) TokenUser(ctx context.Context, token string, scope kerbside.Scope) (u kerbside.User, err error) {
	const op = "service.TokenUser"
	var t kerbside.APIToken
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		if t, err = tx.APIToken(kerbside.HexSHA256([]byte(token))); err == nil {
			u, err = tx.User(t.User)
		}
		return err
	})
	now := s.now()
	if kerbside.CodeOf(err) == kerbside.CodeNotFound || err == nil && (!t.RevokedAt.IsZero() || !now.Before(t.ExpiresAt) || u.Left()) {
		return kerbside.User{}, kerbside.E(kerbside.CodeUnauthed, op, "This token is not valid, or not any more. Make a new one on the page of your account.", nil)
	}
	if err != nil {
		return kerbside.User{}, err
	}
	if scope == "" || !slices.Contains(t.Scopes, scope) {
		return kerbside.User{}, forbidden(op, "This token was not made for that. A person does it, signed in, or a token with another scope.")
	}
	if now.Sub(t.UsedAt) > seenEvery {
		t.UsedAt = now
		err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
			if again, err := tx.APIToken(kerbside.HexSHA256([]byte(token))); err != nil || !again.RevokedAt.IsZero() {
				return err
			}
			return tx.PutAPIToken("", t)
		})
	}
	return u, err
}
