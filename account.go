package kerbside

import (
	"context"
	"strings"
	"time"
)

// Method is how somebody proved who they are.
type Method string

// The methods.
const (
	MethodLink     Method = "link"     // a one-time link, handed over by somebody who manages people
	MethodPassword Method = "password" // e-mail address and password
	MethodPasskey  Method = "passkey"  // WebAuthn, with the device's own check of the person
	MethodIdentity Method = "identity" // the council's own sign-in (OpenID Connect)
)

// Session is one browser that is signed in.
type Session struct {
	ID        string // names it in lists; only its token opens it
	Org       OrganisationID
	User      UserID
	Method    Method
	Agent     string // which browser on what, in a few words
	CreatedAt time.Time
	SeenAt    time.Time // to a few minutes
	ExpiresAt time.Time
}

// Passkey is a public key that one of a person's devices signs in with.
type Passkey struct {
	ID         string // base64url, as the device names it
	Org        OrganisationID
	User       UserID
	Name       string // what the person calls it
	Credential []byte // JSON of package signin
	CreatedAt  time.Time
	UsedAt     time.Time
}

// APIToken lets a program act as a person, within scopes.
type APIToken struct {
	ID        string
	Org       OrganisationID
	User      UserID
	Name      string
	Scopes    List[Scope]
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time
	RevokedAt time.Time
}

// Scope is what an API token may be used for. None lets a program approve, review, or administer: a person does.
type Scope string

// The scopes.
const (
	ScopeRead   Scope = "read"   // lists, visits, histories
	ScopeUpload Scope = "upload" // recordings and notes
	ScopeEdit   Scope = "edit"   // corrections and statements
	ScopeExport Scope = "export" // drafts, sound, files
)

// Scopes are all there are.
func Scopes() []Scope { return []Scope{ScopeRead, ScopeUpload, ScopeEdit, ScopeExport} }

// Tries counts what failed under a key: an account, or the address of a client.
type Tries struct {
	Count int
	Since time.Time // the first of them
	Until time.Time // nothing is tried before
}

// Identity is whom a council's own sign-in says somebody is.
type Identity struct {
	Issuer   string
	Subject  string // never changes at that issuer
	Email    string
	Verified bool // the issuer vouches for the address
}

// IdentityAsk is what one sign-in with an [IdentityProvider] must remember until its answer comes.
type IdentityAsk struct {
	Back     string // the address that the provider sends people back to
	State    string // ties the answer to the browser that asked
	Nonce    string // ties the identity to the question
	Verifier string // PKCE: ties the code to who asked for it
}

// IdentityProvider is a council's own sign-in.
type IdentityProvider interface {
	// Name is what people call it.
	Name() string
	// Start gives the address to send the browser to. CodeUnavailable when the provider cannot be reached.
	Start(ctx context.Context, a IdentityAsk) (address string, err error)
	// Finish trades the code that came back for who it is. CodeForbidden when the provider does not vouch for it.
	Finish(ctx context.Context, a IdentityAsk, code string) (Identity, error)
}

// CleanEmail is an address as it is kept and compared; "" when it is none.
func CleanEmail(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	name, host, ok := strings.Cut(s, "@")
	if !ok || name == "" || len(s) > 254 || strings.ContainsAny(s, " \t\r\n<>\"(),;:\\") || strings.Contains(host, "@") || !strings.Contains(strings.Trim(host, "."), ".") {
		return ""
	}
	return s
}

// AccountTx is the part of a transaction that is about signing in. Tokens are known by their SHA-256 only.
type AccountTx interface {
	PutTeam(Team) error
	Teams(OrganisationID) ([]Team, error) // by name

	UserByEmail(email string) (User, error)
	UserByIdentity(issuer, subject string) (User, error)
	// PutIdentity ties a person to whom an issuer says they are; another person's is CodeConflict.
	PutIdentity(o OrganisationID, u UserID, issuer, subject string) error
	HasIdentity(o OrganisationID, u UserID, issuer string) (bool, error)

	// PutPassword keeps a hash with its own parameters; "" takes the password away.
	PutPassword(o OrganisationID, u UserID, hash string, at time.Time) error
	Password(OrganisationID, UserID) (hash string, at time.Time, err error)

	PutPasskey(Passkey) error
	Passkey(id string) (Passkey, error)
	Passkeys(OrganisationID, UserID) ([]Passkey, error) // oldest first
	DeletePasskey(o OrganisationID, u UserID, id string) error

	// AddSignInLink keeps the hash of a one-time token; UseSignInLink spends it, and reports CodeNotFound when it is unknown, spent
	// or expired at now. DropSignInLinks spends all that a person has left.
	AddSignInLink(tokenSHA256 string, u UserID, expires time.Time) error
	UseSignInLink(tokenSHA256 string, now time.Time) (User, error)
	DropSignInLinks(o OrganisationID, u UserID, now time.Time) error

	AddSession(tokenSHA256 string, s Session) error
	Session(tokenSHA256 string) (Session, error)
	Sessions(OrganisationID, UserID) ([]Session, error) // newest first
	TouchSession(o OrganisationID, id string, at time.Time) error
	// DeleteSession removes one; an unknown one is no error. DropSessions removes all of a person's but keep.
	DeleteSession(o OrganisationID, id string) error
	DropSessions(o OrganisationID, u UserID, keep string) error

	// PutAPIToken inserts under a hash, or changes UsedAt and RevokedAt of the one with the same id when the hash is "".
	PutAPIToken(tokenSHA256 string, t APIToken) error
	APIToken(tokenSHA256 string) (APIToken, error)
	APITokens(OrganisationID, UserID) ([]APIToken, error) // newest first

	// PutCeremony keeps what a sign-in that takes two steps must remember; TakeCeremony gives it once, CodeNotFound after it expired.
	PutCeremony(keySHA256, kind string, state []byte, expires time.Time) error
	TakeCeremony(keySHA256, kind string, now time.Time) (state []byte, err error)

	Tries(key string) (Tries, error) // zero when there are none
	PutTries(key string, t Tries) error
}
