package signin

import (
	"encoding/base64"
	"encoding/json"
	"net"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"kerbside"
)

// holder is a person as the ceremonies see them.
type holder struct {
	u    kerbside.User
	keys []webauthn.Credential
}

var _ webauthn.User = holder{}

func (h holder) WebAuthnID() []byte                         { return []byte(h.u.ID) }
func (h holder) WebAuthnName() string                       { return h.u.Name }
func (h holder) WebAuthnDisplayName() string                { return h.u.Name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

func holderOf(u kerbside.User, keys []kerbside.Passkey) (holder, error) {
	h := holder{u: u}
	for _, k := range keys {
		var c webauthn.Credential
		if err := json.Unmarshal(k.Credential, &c); err != nil {
			return h, kerbside.E(kerbside.CodeInternal, "signin.holderOf", "", err)
		}
		h.keys = append(h.keys, c)
	}
	return h, nil
}

// party is Kerbside at an origin such as "https://kerbside.example.org". Browsers refuse passkeys where the host is a bare address.
func party(origin string) (*webauthn.WebAuthn, error) {
	const op = "signin.party"
	u, err := url.Parse(origin)
	if err != nil || u.Hostname() == "" || net.ParseIP(u.Hostname()) != nil {
		return nil, kerbside.E(kerbside.CodeUnavailable, op, "Passkeys need Kerbside to be opened by a name, not by a number such as 127.0.0.1. On this machine, open it as http://localhost.", err)
	}
	w, err := webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: "Kerbside", RPOrigins: []string{u.Scheme + "://" + u.Host}})
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	return w, nil
}

// BeginRegistration gives what the browser is asked and what is to be remembered until it answers. The device must check the person itself
// (finger, face, PIN), so a passkey alone is two factors.
func BeginRegistration(origin string, u kerbside.User, keys []kerbside.Passkey) (options, state []byte, err error) {
	w, err := party(origin)
	if err != nil {
		return nil, nil, err
	}
	h, err := holderOf(u, keys)
	if err != nil {
		return nil, nil, err
	}
	required := true
	creation, session, err := w.BeginRegistration(h,
		webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: &required, UserVerification: protocol.VerificationRequired}))
	return begun("signin.BeginRegistration", creation, session, err)
}

func begun(op string, options any, session *webauthn.SessionData, err error) (_, state []byte, _ error) {
	if err != nil {
		return nil, nil, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	o, err := json.Marshal(options)
	if err == nil {
		state, err = json.Marshal(session)
	}
	if err != nil {
		return nil, nil, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	return o, state, nil
}

// FinishRegistration checks the browser's answer and gives the new passkey, without name and times.
func FinishRegistration(origin string, u kerbside.User, keys []kerbside.Passkey, state, answer []byte) (k kerbside.Passkey, err error) {
	const op = "signin.FinishRegistration"
	w, err := party(origin)
	if err != nil {
		return k, err
	}
	h, err := holderOf(u, keys)
	if err != nil {
		return k, err
	}
	var session webauthn.SessionData
	if err := json.Unmarshal(state, &session); err != nil {
		return k, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return k, kerbside.E(kerbside.CodeInvalid, op, "The device's answer could not be read. Try again.", err)
	}
	c, err := w.CreateCredential(h, session, parsed)
	if err != nil {
		return k, kerbside.E(kerbside.CodeInvalid, op, "The device's answer does not fit, so no passkey was made. Try again.", err)
	}
	return stored(u, c)
}

func stored(u kerbside.User, c *webauthn.Credential) (kerbside.Passkey, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return kerbside.Passkey{}, kerbside.E(kerbside.CodeInternal, "signin.stored", "", err)
	}
	return kerbside.Passkey{ID: PasskeyID(c.ID), Org: u.Org, User: u.ID, Credential: b}, nil
}

// PasskeyID writes a device's own name of a key as it is kept.
func PasskeyID(id []byte) string { return base64.RawURLEncoding.EncodeToString(id) }

// BeginSignIn asks for whatever passkey the device has for this site; no account is named before.
func BeginSignIn(origin string) (options, state []byte, err error) {
	w, err := party(origin)
	if err != nil {
		return nil, nil, err
	}
	assertion, session, err := w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	return begun("signin.BeginSignIn", assertion, session, err)
}

// FinishSignIn checks the browser's answer. find gives the person of a passkey and their passkeys. The passkey that was used is given as it is
// to be kept from now on.
func FinishSignIn(origin string, state, answer []byte, find func(passkey string) (kerbside.User, []kerbside.Passkey, error)) (u kerbside.User, k kerbside.Passkey, err error) {
	const op = "signin.FinishSignIn"
	refused := func(err error) error {
		return kerbside.E(kerbside.CodeForbidden, op, "This passkey does not sign in here. Use another way, or ask your manager for a link.", err)
	}
	w, err := party(origin)
	if err != nil {
		return u, k, err
	}
	var session webauthn.SessionData
	if err := json.Unmarshal(state, &session); err != nil {
		return u, k, kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return u, k, refused(err)
	}
	_, c, err := w.ValidatePasskeyLogin(func(id, handle []byte) (webauthn.User, error) {
		person, keys, err := find(PasskeyID(id))
		if err != nil {
			return nil, err
		}
		u = person
		return holderOf(person, keys)
	}, session, parsed)
	if err != nil {
		return kerbside.User{}, k, refused(err)
	}
	if c.Authenticator.CloneWarning { // its counter went back
		return kerbside.User{}, k, refused(nil)
	}
	k, err = stored(u, c)
	return u, k, err
}
