package rows

import (
	"encoding/json"
	"time"

	"kerbside"
)

const userColumns = "u.org, u.id, u.team, u.name, u.email, u.role, u.left_at"

func scanUser(r row) (u kerbside.User, err error) {
	err = r.Scan(&u.Org, &u.ID, &u.Team, &u.Name, &u.Email, &u.Role, micro{&u.LeftAt})
	return u, err
}

func (t *tx) PutUser(u kerbside.User) error {
	return t.exec("rows.PutUser", `INSERT INTO users (org, id, team, name, email, role, left_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (org, id) DO UPDATE SET team = excluded.team, name = excluded.name, email = excluded.email, role = excluded.role, left_at = excluded.left_at`,
		u.Org, u.ID, u.Team, u.Name, u.Email, u.Role, Micros(u.LeftAt))
}

func (t *tx) User(id kerbside.UserID) (kerbside.User, error) {
	return one(t, "rows.User", scanUser, "SELECT "+userColumns+" FROM users u WHERE id = ?", id)
}

func (t *tx) Users(org kerbside.OrganisationID) ([]kerbside.User, error) {
	return many(t, "rows.Users", scanUser, "SELECT "+userColumns+" FROM users u WHERE org = ? ORDER BY name, id", org)
}

func (t *tx) UserByEmail(email string) (kerbside.User, error) {
	return one(t, "rows.UserByEmail", scanUser, "SELECT "+userColumns+" FROM users u WHERE email = ? AND email <> ''", email)
}

func (t *tx) UserByIdentity(issuer, subject string) (kerbside.User, error) {
	return one(t, "rows.UserByIdentity", scanUser, "SELECT "+userColumns+` FROM identities i JOIN users u ON u.org = i.org AND u.id = i.user
		WHERE i.issuer = ? AND i.subject = ?`, issuer, subject)
}

func (t *tx) PutIdentity(o kerbside.OrganisationID, u kerbside.UserID, issuer, subject string) error {
	const op = "rows.PutIdentity"
	have, err := t.UserByIdentity(issuer, subject)
	if err == nil && have.ID == u {
		return nil
	}
	return t.exec(op, "INSERT INTO identities (org, user, issuer, subject) VALUES (?, ?, ?, ?)", o, u, issuer, subject)
}

func (t *tx) HasIdentity(o kerbside.OrganisationID, u kerbside.UserID, issuer string) (bool, error) {
	return one(t, "rows.HasIdentity", func(r row) (has bool, err error) { return has, r.Scan(&has) },
		"SELECT EXISTS (SELECT 1 FROM identities WHERE org = ? AND user = ? AND issuer = ?)", o, u, issuer)
}

func (t *tx) PutTeam(m kerbside.Team) error {
	return t.exec("rows.PutTeam", "INSERT INTO teams (org, id, name) VALUES (?, ?, ?) ON CONFLICT (org, id) DO UPDATE SET name = excluded.name", m.Org, m.ID, m.Name)
}

func (t *tx) Teams(o kerbside.OrganisationID) ([]kerbside.Team, error) {
	return many(t, "rows.Teams", func(r row) (m kerbside.Team, err error) { return m, r.Scan(&m.Org, &m.ID, &m.Name) },
		"SELECT org, id, name FROM teams WHERE org = ? ORDER BY name, id", o)
}

func (t *tx) PutPassword(o kerbside.OrganisationID, u kerbside.UserID, hash string, at time.Time) error {
	const op = "rows.PutPassword"
	if hash == "" {
		return t.exec(op, "DELETE FROM passwords WHERE org = ? AND user = ?", o, u)
	}
	return t.exec(op, `INSERT INTO passwords (org, user, hash, at) VALUES (?, ?, ?, ?)
		ON CONFLICT (org, user) DO UPDATE SET hash = excluded.hash, at = excluded.at`, o, u, hash, Micros(at))
}

func (t *tx) Password(o kerbside.OrganisationID, u kerbside.UserID) (hash string, at time.Time, err error) {
	hash, err = one(t, "rows.Password", func(r row) (h string, err error) { return h, r.Scan(&h, micro{&at}) },
		"SELECT hash, at FROM passwords WHERE org = ? AND user = ?", o, u)
	return hash, at, err
}

const passkeyColumns = "org, id, user, name, credential, created, used" //nolint:gosec // names of columns

func scanPasskey(r row) (k kerbside.Passkey, err error) {
	err = r.Scan(&k.Org, &k.ID, &k.User, &k.Name, &k.Credential, micro{&k.CreatedAt}, micro{&k.UsedAt})
	return k, err
}

func (t *tx) PutPasskey(k kerbside.Passkey) error {
	return t.exec("rows.PutPasskey", "INSERT INTO passkeys ("+passkeyColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (org, id) DO UPDATE SET name = excluded.name, credential = excluded.credential, used = excluded.used WHERE passkeys.user = excluded.user`,
		k.Org, k.ID, k.User, k.Name, k.Credential, Micros(k.CreatedAt), Micros(k.UsedAt))
}

func (t *tx) Passkey(id string) (kerbside.Passkey, error) {
	return one(t, "rows.Passkey", scanPasskey, "SELECT "+passkeyColumns+" FROM passkeys WHERE id = ?", id)
}

func (t *tx) Passkeys(o kerbside.OrganisationID, u kerbside.UserID) ([]kerbside.Passkey, error) {
	return many(t, "rows.Passkeys", scanPasskey, "SELECT "+passkeyColumns+" FROM passkeys WHERE org = ? AND user = ? ORDER BY created, id", o, u)
}

func (t *tx) DeletePasskey(o kerbside.OrganisationID, u kerbside.UserID, id string) error {
	return t.exec("rows.DeletePasskey", "DELETE FROM passkeys WHERE org = ? AND user = ? AND id = ?", o, u, id)
}

func (t *tx) AddSignInLink(tokenSHA256 string, id kerbside.UserID, expires time.Time) error {
	u, err := t.User(id)
	if err != nil {
		return err
	}
	return t.exec("rows.AddSignInLink", "INSERT INTO sign_in_links (org, token_sha256, user, expires) VALUES (?, ?, ?, ?)", u.Org, tokenSHA256, u.ID, Micros(expires))
}

func (t *tx) UseSignInLink(tokenSHA256 string, now time.Time) (kerbside.User, error) {
	const op = "rows.UseSignInLink"
	id, err := one(t, op, func(r row) (id kerbside.UserID, err error) { return id, r.Scan(&id) },
		"UPDATE sign_in_links SET used = ? WHERE token_sha256 = ? AND used = 0 AND expires > ? RETURNING user", max(Micros(now), 1), tokenSHA256, Micros(now))
	if err != nil {
		return kerbside.User{}, err
	}
	return t.User(id)
}

func (t *tx) DropSignInLinks(o kerbside.OrganisationID, u kerbside.UserID, now time.Time) error {
	return t.exec("rows.DropSignInLinks", "UPDATE sign_in_links SET used = ? WHERE org = ? AND user = ? AND used = 0", max(Micros(now), 1), o, u)
}

const sessionColumns = "org, id, user, method, agent, created, seen, expires"

func scanSession(r row) (s kerbside.Session, err error) {
	err = r.Scan(&s.Org, &s.ID, &s.User, &s.Method, &s.Agent, micro{&s.CreatedAt}, micro{&s.SeenAt}, micro{&s.ExpiresAt})
	return s, err
}

func (t *tx) AddSession(tokenSHA256 string, s kerbside.Session) error {
	const op = "rows.AddSession"
	if _, err := t.User(s.User); err != nil {
		return err
	}
	if err := t.exec(op, "DELETE FROM sessions WHERE expires < ?", Micros(s.CreatedAt)); err != nil {
		return err
	}
	return t.exec(op, "INSERT INTO sessions ("+sessionColumns+", token_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		s.Org, s.ID, s.User, s.Method, s.Agent, Micros(s.CreatedAt), Micros(s.SeenAt), Micros(s.ExpiresAt), tokenSHA256)
}

func (t *tx) Session(tokenSHA256 string) (kerbside.Session, error) {
	return one(t, "rows.Session", scanSession, "SELECT "+sessionColumns+" FROM sessions WHERE token_sha256 = ?", tokenSHA256)
}

func (t *tx) Sessions(o kerbside.OrganisationID, u kerbside.UserID) ([]kerbside.Session, error) {
	return many(t, "rows.Sessions", scanSession, "SELECT "+sessionColumns+" FROM sessions WHERE org = ? AND user = ? ORDER BY created DESC, id", o, u)
}

func (t *tx) TouchSession(o kerbside.OrganisationID, id string, at time.Time) error {
	return t.exec("rows.TouchSession", "UPDATE sessions SET seen = ? WHERE org = ? AND id = ? AND seen < ?", Micros(at), o, id, Micros(at))
}

func (t *tx) DeleteSession(o kerbside.OrganisationID, id string) error {
	return t.exec("rows.DeleteSession", "DELETE FROM sessions WHERE org = ? AND id = ?", o, id)
}

func (t *tx) DropSessions(o kerbside.OrganisationID, u kerbside.UserID, keep string) error {
	return t.exec("rows.DropSessions", "DELETE FROM sessions WHERE org = ? AND user = ? AND id <> ?", o, u, keep)
}

const tokenColumns = "org, id, user, name, scopes, created, expires, used, revoked" //nolint:gosec // names of columns

func scanToken(r row) (a kerbside.APIToken, err error) {
	var scopes string
	if err = r.Scan(&a.Org, &a.ID, &a.User, &a.Name, &scopes, micro{&a.CreatedAt}, micro{&a.ExpiresAt}, micro{&a.UsedAt}, micro{&a.RevokedAt}); err == nil {
		err = json.Unmarshal([]byte(scopes), &a.Scopes)
	}
	return a, err
}

func (t *tx) PutAPIToken(tokenSHA256 string, a kerbside.APIToken) error {
	const op = "rows.PutAPIToken"
	if tokenSHA256 == "" {
		return t.exec(op, "UPDATE api_tokens SET used = ?, revoked = ? WHERE org = ? AND id = ?", Micros(a.UsedAt), Micros(a.RevokedAt), a.Org, a.ID)
	}
	scopes, err := toJSON(a.Scopes)
	if err != nil {
		return t.d.Failure(op, err)
	}
	return t.exec(op, "INSERT INTO api_tokens ("+tokenColumns+", token_sha256) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		a.Org, a.ID, a.User, a.Name, scopes, Micros(a.CreatedAt), Micros(a.ExpiresAt), Micros(a.UsedAt), Micros(a.RevokedAt), tokenSHA256)
}

func (t *tx) APIToken(tokenSHA256 string) (kerbside.APIToken, error) {
	return one(t, "rows.APIToken", scanToken, "SELECT "+tokenColumns+" FROM api_tokens WHERE token_sha256 = ?", tokenSHA256)
}

func (t *tx) APITokens(o kerbside.OrganisationID, u kerbside.UserID) ([]kerbside.APIToken, error) {
	return many(t, "rows.APITokens", scanToken, "SELECT "+tokenColumns+" FROM api_tokens WHERE org = ? AND user = ? ORDER BY created DESC, id", o, u)
}

func (t *tx) PutCeremony(keySHA256, kind string, state []byte, expires time.Time) error {
	const op = "rows.PutCeremony"
	if err := t.exec(op, "DELETE FROM ceremonies WHERE expires < ?", Micros(t.now())); err != nil {
		return err
	}
	return t.exec(op, "INSERT INTO ceremonies (key_sha256, kind, state, expires) VALUES (?, ?, ?, ?)", keySHA256, kind, state, Micros(expires))
}

func (t *tx) TakeCeremony(keySHA256, kind string, now time.Time) ([]byte, error) {
	return one(t, "rows.TakeCeremony", func(r row) (b []byte, err error) { return b, r.Scan(&b) },
		"DELETE FROM ceremonies WHERE key_sha256 = ? AND kind = ? AND expires > ? RETURNING state", keySHA256, kind, Micros(now))
}

func (t *tx) Tries(key string) (kerbside.Tries, error) {
	n, err := one(t, "rows.Tries", func(r row) (n kerbside.Tries, err error) {
		return n, r.Scan(&n.Count, micro{&n.Since}, micro{&n.Until})
	},
		"SELECT count, since, until FROM tries WHERE key = ?", key)
	if kerbside.CodeOf(err) == kerbside.CodeNotFound {
		return kerbside.Tries{}, nil
	}
	return n, err
}

func (t *tx) PutTries(key string, n kerbside.Tries) error {
	const op = "rows.PutTries"
	old := Micros(t.now().Add(-24 * time.Hour))
	if err := t.exec(op, "DELETE FROM tries WHERE since < ? AND until < ?", old, old); err != nil || n.Count == 0 {
		if err == nil {
			err = t.exec(op, "DELETE FROM tries WHERE key = ?", key)
		}
		return err
	}
	return t.exec(op, `INSERT INTO tries (key, count, since, until) VALUES (?, ?, ?, ?)
		ON CONFLICT (key) DO UPDATE SET count = excluded.count, since = excluded.since, until = excluded.until`, key, n.Count, Micros(n.Since), Micros(n.Until))
}
