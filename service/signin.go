package service

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"time"
	"unicode/utf8"

	"kerbside"
	"kerbside/signin"
)

const ceremonyLife = 10 * time.Minute

// Client is who asks to sign in, as far as the network tells.
type Client struct {
	Address string // for limits; only its hash is kept
	Agent   string // the User-Agent header
	Origin  string // what the browser calls this site, "https://kerbside.example.org"
}

// SignIn spends a one-time link and opens a session.
func (s *Service) SignIn(ctx context.Context, linkToken string, c Client) (sessionToken string, u kerbside.User, err error) {
	const op = "service.SignIn"
	if err := s.tryClient(ctx, op, c); err != nil {
		return "", u, err
	}
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		u, err = tx.UseSignInLink(kerbside.HexSHA256([]byte(linkToken)), s.now())
		if kerbside.CodeOf(err) == kerbside.CodeNotFound || err == nil && u.Left() {
			return kerbside.E(kerbside.CodeUnauthed, op, "This sign-in link was used already or is too old. Ask your manager for a new one.", nil)
		}
		if err != nil {
			return err
		}
		sessionToken, err = s.openSession(tx, u, kerbside.MethodLink, "", c)
		return err
	})
	if err != nil {
		return "", kerbside.User{}, err
	}
	return sessionToken, u, nil
}

// openSession lets a person in.
func (s *Service) openSession(tx kerbside.Tx, u kerbside.User, m kerbside.Method, account string, c Client) (token string, err error) {
	if token, err = s.token(); err != nil {
		return "", err
	}
	id, err := s.newID("n")
	if err != nil {
		return "", err
	}
	now := s.now()
	err = tx.AddSession(kerbside.HexSHA256([]byte(token)), kerbside.Session{
		ID: id, Org: u.Org, User: u.ID, Method: m, Agent: agentName(c.Agent), CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(s.d.SessionLife),
	})
	if err != nil {
		return "", err
	}
	if err := s.succeeded(tx, account, c); err != nil {
		return "", err
	}
	return token, s.audit(tx, u, "sign_in", "user "+string(u.ID)+" "+string(m), "")
}

// SignInPassword opens a session for an e-mail address and a password. Whether there is such an account, whether it waits after too many tries, or whether
// the password is wrong: the answer is the same, CodeForbidden, and takes as long.
func (s *Service) SignInPassword(ctx context.Context, email, password string, c Client) (sessionToken string, u kerbside.User, err error) {
	const op = "service.SignInPassword"
	wrong := kerbside.E(kerbside.CodeForbidden, op, "That did not work. Check the address and the password. After several tries, wait some minutes, or ask your manager for a sign-in link.", nil)
	if s.d.NoPasswords {
		return "", u, forbidden(op, "Passwords are not used here. Sign in another way.")
	}
	if err := s.tryClient(ctx, op, c); err != nil {
		return "", u, err
	}
	email = kerbside.CleanEmail(email)
	account := triesKey("account", email)
	open, err := s.try(ctx, account, accountLimit)
	if err != nil {
		return "", u, err
	}
	var found kerbside.User
	hash := ""
	err = s.d.Store.View(ctx, func(tx kerbside.Tx) error {
		found, hash = kerbside.User{}, ""
		if found, err = tx.UserByEmail(email); err == nil {
			hash, _, err = tx.Password(found.Org, found.ID)
		}
		if kerbside.CodeOf(err) == kerbside.CodeNotFound {
			err = nil
		}
		return err
	})
	if err != nil {
		return "", u, err
	}
	ok, again, err := s.checkPassword(ctx, hash, password)
	if err != nil {
		return "", u, err
	}
	fresh := ""
	if ok && again {
		if fresh, err = s.hashPassword(ctx, password); err != nil {
			return "", u, err
		}
	}
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		if found.ID != "" && open && !ok {
			return s.audit(tx, found, "sign_in_failed", "user "+string(found.ID)+" password", "")
		}
		if !ok || !open || found.Left() {
			return nil
		}
		now, _, err := tx.Password(found.Org, found.ID)
		if err != nil || now != hash { // changed meanwhile
			ok = false
			return err
		}
		if fresh != "" {
			if err := tx.PutPassword(found.Org, found.ID, fresh, s.now()); err != nil {
				return err
			}
		}
		sessionToken, err = s.openSession(tx, found, kerbside.MethodPassword, account, c)
		return err
	})
	switch {
	case err != nil:
		return "", u, err
	case sessionToken == "":
		return "", u, wrong
	}
	return sessionToken, found, nil
}

// checkPassword compares with a hash, or with one that nothing fits when there is none, which takes as long.
func (s *Service) checkPassword(ctx context.Context, hash, password string) (ok, again bool, err error) {
	if utf8.RuneCountInString(password) > signin.MaxPassword {
		password, hash = "", ""
	}
	known := hash != ""
	if !known {
		if hash, err = s.decoy(); err != nil {
			return false, false, kerbside.E(kerbside.CodeInternal, "service.checkPassword", "", err)
		}
	}
	if err := s.hashing(ctx); err != nil {
		return false, false, err
	}
	defer func() { <-s.hashes }()
	ok, again, err = signin.Check(hash, password, s.d.PasswordCost)
	if err != nil {
		return false, false, kerbside.E(kerbside.CodeInternal, "service.checkPassword", "", err)
	}
	return ok && known, again, nil
}

func (s *Service) hashPassword(ctx context.Context, password string) (string, error) {
	if err := s.hashing(ctx); err != nil {
		return "", err
	}
	defer func() { <-s.hashes }()
	hash, err := signin.Hash(s.d.Rand, password, s.d.PasswordCost)
	if err != nil {
		return "", kerbside.E(kerbside.CodeInternal, "service.hashPassword", "", err)
	}
	return hash, nil
}

// hashing waits for its turn: hashes cost memory on purpose, so only a few are made at one time.
func (s *Service) hashing(ctx context.Context) error {
	select {
	case s.hashes <- struct{}{}:
		return nil
	case <-ctx.Done():
		return kerbside.E(kerbside.CodeCanceled, "service.hashing", "", ctx.Err())
	}
}

// remember keeps the state of a ceremony for one use and gives the key to it.
func (s *Service) remember(ctx context.Context, kind string, state []byte) (key string, err error) {
	if key, err = s.token(); err != nil {
		return "", err
	}
	return key, s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		return tx.PutCeremony(kerbside.HexSHA256([]byte(key)), kind, state, s.now().Add(ceremonyLife))
	})
}

// recall gives the state of a ceremony, once.
func (s *Service) recall(ctx context.Context, op, kind, key string) (state []byte, err error) {
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		state, err = tx.TakeCeremony(kerbside.HexSHA256([]byte(key)), kind, s.now())
		return err
	})
	if kerbside.CodeOf(err) == kerbside.CodeNotFound {
		err = kerbside.E(kerbside.CodeForbidden, op, "This took too long, or was done before. Start again.", nil)
	}
	return state, err
}

// BeginPasskeySignIn gives what the browser is to ask the device, and the key to finish with.
func (s *Service) BeginPasskeySignIn(ctx context.Context, c Client) (options []byte, ceremony string, err error) {
	if err := s.tryClient(ctx, "service.BeginPasskeySignIn", c); err != nil {
		return nil, "", err
	}
	options, state, err := signin.BeginSignIn(c.Origin)
	if err != nil {
		return nil, "", err
	}
	ceremony, err = s.remember(ctx, "passkey-sign-in", state)
	return options, ceremony, err
}

// FinishPasskeySignIn opens a session when the device's answer fits.
func (s *Service) FinishPasskeySignIn(ctx context.Context, ceremony string, answer []byte, c Client) (sessionToken string, u kerbside.User, err error) {
	const op = "service.FinishPasskeySignIn"
	state, err := s.recall(ctx, op, "passkey-sign-in", ceremony)
	if err != nil {
		return "", u, err
	}
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		var used kerbside.Passkey
		var known kerbside.Passkey
		u, used, err = signin.FinishSignIn(c.Origin, state, answer, func(id string) (person kerbside.User, keys []kerbside.Passkey, err error) {
			if known, err = tx.Passkey(id); err != nil {
				return person, nil, err
			}
			if person, err = tx.User(known.User); err != nil {
				return person, nil, err
			}
			keys, err = tx.Passkeys(known.Org, known.User)
			return person, keys, err
		})
		if err != nil {
			return err
		}
		if u.Left() {
			return forbidden(op, "This passkey does not sign in here. Use another way, or ask your manager for a link.")
		}
		known.Credential, known.UsedAt = used.Credential, s.now()
		if err := tx.PutPasskey(known); err != nil {
			return err
		}
		sessionToken, err = s.openSession(tx, u, kerbside.MethodPasskey, "", c)
		return err
	})
	if err != nil {
		return "", kerbside.User{}, err
	}
	return sessionToken, u, nil
}

// UsesPasswords reports whether people may sign in by password.
func (s *Service) UsesPasswords() bool { return !s.d.NoPasswords }

// IdentityName is what the council's own sign-in is called; "" when none is configured.
func (s *Service) IdentityName() string {
	if s.d.Identity == nil {
		return ""
	}
	return s.d.Identity.Name()
}

// BeginIdentity gives the address of the council's own sign-in to send the browser to, and the key, for a cookie, to finish with. back is the address that
// it sends people back to.
func (s *Service) BeginIdentity(ctx context.Context, back string, c Client) (address, ceremony string, err error) {
	const op = "service.BeginIdentity"
	if s.d.Identity == nil {
		return "", "", kerbside.E(kerbside.CodeNotFound, op, "No such sign-in is set up here.", nil)
	}
	if err := s.tryClient(ctx, op, c); err != nil {
		return "", "", err
	}
	a := kerbside.IdentityAsk{Back: back}
	for _, into := range []*string{&a.State, &a.Nonce, &a.Verifier} {
		if *into, err = s.token(); err != nil {
			return "", "", err
		}
	}
	if address, err = s.d.Identity.Start(ctx, a); err != nil {
		return "", "", err
	}
	state, err := json.Marshal(a)
	if err != nil {
		return "", "", kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	ceremony, err = s.remember(ctx, "identity", state)
	return address, ceremony, err
}

// FinishIdentity opens a session for the person whom the council's own sign-in vouches for. It makes nobody: the identity must be tied to somebody already, or
// its verified address be that of somebody who was invited and is tied to none at that issuer.
func (s *Service) FinishIdentity(ctx context.Context, ceremony, state, code string, c Client) (sessionToken string, u kerbside.User, err error) {
	const op = "service.FinishIdentity"
	if s.d.Identity == nil {
		return "", u, kerbside.E(kerbside.CodeNotFound, op, "No such sign-in is set up here.", nil)
	}
	kept, err := s.recall(ctx, op, "identity", ceremony)
	if err != nil {
		return "", u, err
	}
	var a kerbside.IdentityAsk
	if err := json.Unmarshal(kept, &a); err != nil {
		return "", u, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	if subtle.ConstantTimeCompare([]byte(a.State), []byte(state)) != 1 {
		return "", u, forbidden(op, "This answer belongs to another sign-in. Start again.")
	}
	id, err := s.d.Identity.Finish(ctx, a, code)
	if err != nil {
		return "", u, err
	}
	err = s.d.Store.Update(ctx, func(tx kerbside.Tx) error {
		u, err = tx.UserByIdentity(id.Issuer, id.Subject)
		if kerbside.CodeOf(err) == kerbside.CodeNotFound && id.Verified && id.Email != "" {
			if u, err = tx.UserByEmail(id.Email); err == nil {
				err = s.tie(tx, u, id)
			}
		}
		if kerbside.CodeOf(err) == kerbside.CodeNotFound || kerbside.CodeOf(err) == kerbside.CodeConflict || err == nil && u.Left() {
			return forbidden(op, "Nobody here was invited with this identity. Ask your manager for an invitation with your e-mail address.")
		}
		if err != nil {
			return err
		}
		sessionToken, err = s.openSession(tx, u, kerbside.MethodIdentity, "", c)
		return err
	})
	if err != nil {
		return "", kerbside.User{}, err
	}
	return sessionToken, u, nil
}

// tie ties a person to an identity at their first sign-in with it. An address that is given to somebody else later does not make them that person.
func (s *Service) tie(tx kerbside.Tx, u kerbside.User, id kerbside.Identity) error {
	tied, err := tx.HasIdentity(u.Org, u.ID, id.Issuer)
	if err != nil {
		return err
	}
	if tied {
		return conflict("service.tie", "")
	}
	if err := tx.PutIdentity(u.Org, u.ID, id.Issuer, id.Subject); err != nil {
		return err
	}
	return s.audit(tx, u, "tie_identity", "user "+string(u.ID), "")
}
