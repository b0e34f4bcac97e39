package service

import (
	"context"
	"strings"
	"testing"
	"time"

	"kerbside"
	"kerbside/signin"
)

const goodPassword = "kettle-orbit-plum-lantern"

// withPassword invites a person who has a password and gives them as they are signed in.
func (h *house) withPassword(name, email string, role kerbside.Role) (kerbside.User, kerbside.Session) {
	h.t.Helper()
	token, _, err := h.s.Invite(h.t.Context(), h.admin, PersonInput{Name: name, Email: email, Role: role})
	if err != nil {
		h.t.Fatal(err)
	}
	session, u := h.signIn(token)
	_, n, err := h.s.SessionOf(h.t.Context(), session)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := h.s.SetPassword(h.t.Context(), u, n, "", goodPassword); err != nil {
		h.t.Fatal(err)
	}
	return u, n
}

func TestPasswordSignIn(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u, _ := h.withPassword("Tansy Fenn", "tansy@example.org", kerbside.RoleWorker)
	if h.filesHold(goodPassword) || !h.filesHold("$argon2id$") {
		t.Fatal("the password lies in the database, or its hash does not")
	}
	session, got, err := h.s.SignInPassword(ctx, " Tansy@Example.org", goodPassword, Client{Agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"})
	if err != nil || got != u {
		t.Fatal(got, err)
	}
	if _, n, err := h.s.SessionOf(ctx, session); err != nil || n.Method != kerbside.MethodPassword || n.Agent != "Firefox on Linux" {
		t.Fatal(n, err)
	}
	// Hashes of other costs are made anew at the next sign-in.
	h.s.d.PasswordCost = signin.Params{MemoryKiB: 128, Passes: 1, Lanes: 1}
	if _, _, err := h.s.SignInPassword(ctx, u.Email, goodPassword, Client{}); err != nil {
		t.Fatal(err)
	}
	if !h.filesHold("m=128,") {
		t.Error("the hash was not made anew")
	}
	// Who has left is as unknown as who never was.
	if err := h.s.EndPerson(ctx, h.admin, u.ID); err != nil {
		t.Fatal(err)
	}
	_, _, err = h.s.SignInPassword(ctx, u.Email, goodPassword, Client{})
	h.wantCode(err, kerbside.CodeForbidden)
	_, err = h.s.UserOf(ctx, session)
	h.wantCode(err, kerbside.CodeUnauthed)
}

// TestSignInTellsNothing: unknown, without password, wrong, locked out: one message.
func TestSignInTellsNothing(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u, _ := h.withPassword("Tansy Fenn", "tansy@example.org", kerbside.RoleWorker)
	if _, _, err := h.s.Invite(ctx, h.admin, PersonInput{Name: "Never Set", Email: "never@example.org", Role: kerbside.RoleWorker}); err != nil {
		t.Fatal(err)
	}
	messages := map[string]bool{}
	try := func(email, password string) bool {
		t.Helper()
		token, _, err := h.s.SignInPassword(ctx, email, password, Client{Address: "192.0.2.7"})
		if err == nil {
			return token != ""
		}
		h.wantCode(err, kerbside.CodeForbidden)
		messages[kerbside.MessageOf(err)] = true
		return false
	}
	try("nobody@example.org", goodPassword)
	try("", goodPassword)
	try("never@example.org", "")
	try(u.Email, strings.Repeat("x", 1000))
	for range 4 {
		try(u.Email, "wrong-wrong-wrong")
	}
	if try(u.Email, goodPassword) {
		t.Fatal("the account does not wait after five tries")
	}
	for range 6 {
		try("nobody@example.org", "wrong-wrong-wrong")
	}
	if len(messages) != 1 {
		t.Errorf("the messages tell accounts apart: %v", messages)
	}
	h.advance(2 * time.Minute)
	if !try(u.Email, goodPassword) {
		t.Error("the account waits for ever")
	}
	for range 4 { // a success has forgotten what failed before
		try(u.Email, "wrong-wrong-wrong")
	}
	if !try(u.Email, goodPassword) {
		t.Error("four tries are too many")
	}
	// A network that tries on and on is told to wait, whoever it is about; a link opens nothing then either.
	var err error
	for range 100 {
		if _, _, err = h.s.SignInPassword(ctx, "x@example.org", "wrong", Client{Address: "192.0.2.9"}); kerbside.CodeOf(err) == kerbside.CodeTooMany {
			break
		}
	}
	h.wantCode(err, kerbside.CodeTooMany)
	_, _, err = h.s.SignIn(ctx, "x", Client{Address: "192.0.2.9"})
	h.wantCode(err, kerbside.CodeTooMany)
	if _, _, err = h.s.SignInPassword(ctx, u.Email, goodPassword, Client{Address: "192.0.2.10"}); err != nil {
		t.Error("another network waits too", err)
	}
	for _, word := range []string{"tansy@", "192.0.2"} {
		if h.filesHold("nobody@example.org") || strings.Contains(h.log.String(), word) {
			t.Errorf("what was tried is kept or logged (%s)", word)
		}
	}
	// A hundred at once are a hundred.
	done := make(chan error, 20)
	for range 20 {
		go func() {
			_, _, err := h.s.SignInPassword(context.WithoutCancel(ctx), "many@example.org", "wrong", Client{Address: "192.0.2.11"})
			done <- err
		}()
	}
	for range 20 {
		h.wantCode(<-done, kerbside.CodeForbidden)
	}
	err = h.store.View(ctx, func(tx kerbside.Tx) error {
		n, err := tx.Tries(triesKey("account", "many@example.org"))
		if n.Count != 5 || !n.Until.After(h.now()) {
			t.Errorf("%+v", n)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestSetPassword(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	u, n := h.withPassword("Tansy Fenn", "tansy@example.org", kerbside.RoleWorker)
	other, _, err := h.s.SignInPassword(ctx, u.Email, goodPassword, Client{})
	if err != nil {
		t.Fatal(err)
	}
	const next = "harbour.velvet.nine.acorns"
	h.wantCode(h.s.SetPassword(ctx, u, n, "", "password"), kerbside.CodeInvalid)
	h.wantCode(h.s.SetPassword(ctx, u, n, "", "tansy@example.org"), kerbside.CodeInvalid)
	h.advance(recent + time.Second)
	h.wantCode(h.s.SetPassword(ctx, u, n, "", next), kerbside.CodeForbidden) // signed in too long ago
	h.wantCode(h.s.SetPassword(ctx, u, n, "not-the-current-one", next), kerbside.CodeForbidden)
	if err := h.s.SetPassword(ctx, u, n, goodPassword, next); err != nil {
		t.Fatal(err)
	}
	_, err = h.s.UserOf(ctx, other)
	h.wantCode(err, kerbside.CodeUnauthed) // other sessions have ended
	if _, _, err := h.s.SignInPassword(ctx, u.Email, next, Client{}); err != nil {
		t.Fatal(err)
	}
	_, _, err = h.s.SignInPassword(ctx, u.Email, goodPassword, Client{})
	h.wantCode(err, kerbside.CodeForbidden)
	h.wantCode(h.s.SetPassword(ctx, h.worker, kerbside.Session{CreatedAt: h.now()}, "", next), kerbside.CodeConflict) // no address
	h.s.d.NoPasswords = true
	h.wantCode(h.s.SetPassword(ctx, u, n, next, goodPassword), kerbside.CodeForbidden)
	_, _, err = h.s.SignInPassword(ctx, u.Email, next, Client{})
	h.wantCode(err, kerbside.CodeForbidden)
}

func TestSessions(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	open := func() string {
		link, err := h.s.NewLink(ctx, h.admin, h.worker.ID)
		if err != nil {
			t.Fatal(err)
		}
		s, _ := h.signIn(link)
		return s
	}
	gone := func(s string) {
		t.Helper()
		_, err := h.s.UserOf(ctx, s)
		h.wantCode(err, kerbside.CodeUnauthed)
	}
	if err := h.s.EndSessions(ctx, h.worker, h.worker.ID, ""); err != nil {
		t.Fatal(err)
	}
	a, b := open(), open()
	list, err := h.s.Sessions(ctx, h.worker, h.worker.ID)
	if err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	_, na, err := h.s.SessionOf(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range []kerbside.User{h.manager, h.reviewer} { // others do not end it
		h.wantCode(h.s.EndSession(ctx, u, h.worker.ID, na.ID), kerbside.CodeForbidden)
	}
	h.wantCode(h.s.EndSession(ctx, h.reviewer, h.reviewer.ID, na.ID), kerbside.CodeNotFound)
	if err := h.s.EndSession(ctx, h.worker, h.worker.ID, na.ID); err != nil {
		t.Fatal(err)
	}
	gone(a)
	if _, err := h.s.UserOf(ctx, b); err != nil {
		t.Fatal(err)
	}
	if err := h.s.EndSessions(ctx, h.admin, h.worker.ID, ""); err != nil {
		t.Fatal(err)
	}
	gone(b)

	// Used every two days it lasts until its absolute end; unused it ends before.
	c, idle := open(), open()
	for range 6 {
		h.advance(2 * 24 * time.Hour)
		if _, err := h.s.UserOf(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	gone(idle)
	h.advance(2*24*time.Hour + time.Minute)
	gone(c)
}

func TestTokens(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	now := kerbside.Session{ID: "n-1", CreatedAt: h.now()}
	add := func(u kerbside.User, life time.Duration, scopes ...kerbside.Scope) (string, kerbside.APIToken, error) {
		return h.s.AddToken(ctx, u, now, "Scanner", scopes, life)
	}
	token, made, err := add(h.worker, 24*time.Hour, kerbside.ScopeUpload, kerbside.ScopeRead)
	if err != nil || h.filesHold(token) || !h.filesHold(kerbside.HexSHA256([]byte(token))) {
		t.Fatal("the token lies in the database as it is", err)
	}
	for _, bad := range [][]kerbside.Scope{nil, {"approve"}, {kerbside.ScopeRead, "all"}} {
		_, _, err := add(h.worker, time.Hour, bad...)
		h.wantCode(err, kerbside.CodeInvalid)
	}
	_, _, err = add(h.worker, 400*24*time.Hour, kerbside.ScopeRead)
	h.wantCode(err, kerbside.CodeInvalid)
	_, _, err = add(h.admin, time.Hour, kerbside.ScopeRead, kerbside.ScopeUpload) // what is kept for how long is all that theirs may read
	h.wantCode(err, kerbside.CodeForbidden)
	if u, err := h.s.TokenUser(ctx, token, kerbside.ScopeRead); err != nil || u != h.worker {
		t.Fatal(u, err)
	}
	for _, scope := range []kerbside.Scope{"", kerbside.ScopeEdit, kerbside.ScopeExport} {
		_, err := h.s.TokenUser(ctx, token, scope)
		h.wantCode(err, kerbside.CodeForbidden)
	}
	_, err = h.s.TokenUser(ctx, token+"x", kerbside.ScopeRead)
	h.wantCode(err, kerbside.CodeUnauthed)
	h.wantCode(h.s.RevokeToken(ctx, h.manager, h.worker.ID, made.ID), kerbside.CodeForbidden)
	h.wantCode(h.s.RevokeToken(ctx, h.reviewer, h.reviewer.ID, made.ID), kerbside.CodeNotFound)
	if err := h.s.RevokeToken(ctx, h.worker, h.worker.ID, made.ID); err != nil {
		t.Fatal(err)
	}
	_, err = h.s.TokenUser(ctx, token, kerbside.ScopeRead)
	h.wantCode(err, kerbside.CodeUnauthed)
	token, _, err = add(h.worker, time.Hour, kerbside.ScopeRead)
	if err != nil {
		t.Fatal(err)
	}
	h.advance(time.Hour)
	_, err = h.s.TokenUser(ctx, token, kerbside.ScopeRead)
	h.wantCode(err, kerbside.CodeUnauthed)
	_, _, err = add(h.worker, time.Hour, kerbside.ScopeRead) // signed in an hour ago
	h.wantCode(err, kerbside.CodeForbidden)
}

// TestPeopleAreManaged: a link is as good as the person, so nobody can make one for somebody who may more.
func TestPeopleAreManaged(t *testing.T) {
	h := newHouse(t)
	ctx := t.Context()
	team, err := h.s.PutTeam(ctx, h.admin, "", "Assessment")
	if err != nil {
		t.Fatal(err)
	}
	_, elsewhere, err := h.s.Invite(ctx, h.admin, PersonInput{Name: "Other Team", Role: kerbside.RoleWorker, Team: team.ID})
	if err != nil {
		t.Fatal(err)
	}
	for _, role := range []kerbside.Role{kerbside.RoleManager, kerbside.RoleAdmin} {
		_, _, err := h.s.Invite(ctx, h.manager, PersonInput{Name: "More", Role: role})
		h.wantCode(err, kerbside.CodeForbidden)
	}
	_, err = h.s.NewLink(ctx, h.manager, h.admin.ID)
	h.wantCode(err, kerbside.CodeForbidden)
	_, err = h.s.NewLink(ctx, h.manager, elsewhere.ID)
	h.wantCode(err, kerbside.CodeNotFound)
	_, own, err := h.s.Invite(ctx, h.manager, PersonInput{Name: "Own", Role: kerbside.RoleWorker, Team: team.ID})
	if err != nil || own.Team != h.manager.Team {
		t.Error("a manager put somebody into another team", own, err)
	}
	if people, err := h.s.People(ctx, h.manager); err != nil || len(people) != 5 {
		t.Errorf("a manager sees %d people (%v)", len(people), err)
	}
	_, _, err = h.s.Invite(ctx, h.admin, PersonInput{Name: "X", Role: kerbside.RoleWorker, Team: "m-none"})
	h.wantCode(err, kerbside.CodeNotFound)
	_, _, err = h.s.Invite(ctx, h.admin, PersonInput{Name: "X", Role: kerbside.RoleWorker, Email: "not an address"})
	h.wantCode(err, kerbside.CodeInvalid)
	if err := h.s.ChangePerson(ctx, h.admin, elsewhere.ID, PersonInput{Name: "Other Team", Email: "o@example.org", Role: kerbside.RoleWorker, Team: team.ID}); err != nil {
		t.Fatal(err)
	}
	_, _, err = h.s.Invite(ctx, h.admin, PersonInput{Name: "X", Role: kerbside.RoleWorker, Email: "O@example.org"})
	h.wantCode(err, kerbside.CodeConflict)
	h.wantCode(h.s.EndPerson(ctx, h.admin, h.admin.ID), kerbside.CodeConflict) // the last one
	h.wantCode(h.s.ChangePerson(ctx, h.admin, h.admin.ID, PersonInput{Name: "A", Role: kerbside.RoleWorker}), kerbside.CodeConflict)
	h.wantCode(h.s.ChangePerson(ctx, h.manager, own.ID, PersonInput{Name: "A", Role: kerbside.RoleWorker}), kerbside.CodeForbidden)

	// Another role ends what the old one could go on with.
	link, err := h.s.NewLink(ctx, h.admin, own.ID)
	if err != nil {
		t.Fatal(err)
	}
	session, _ := h.signIn(link)
	unused, err := h.s.NewLink(ctx, h.admin, own.ID)
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := h.s.AddToken(ctx, own, kerbside.Session{CreatedAt: h.now()}, "x", []kerbside.Scope{kerbside.ScopeRead}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.s.ChangePerson(ctx, h.admin, own.ID, PersonInput{Name: "Own", Role: kerbside.RoleSupport}); err != nil {
		t.Fatal(err)
	}
	_, err = h.s.UserOf(ctx, session)
	h.wantCode(err, kerbside.CodeUnauthed)
	_, _, err = h.s.SignIn(ctx, unused, Client{})
	h.wantCode(err, kerbside.CodeUnauthed)
	_, err = h.s.TokenUser(ctx, token, kerbside.ScopeRead)
	h.wantCode(err, kerbside.CodeUnauthed)
}
