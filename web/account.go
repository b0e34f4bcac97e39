package web

import (
	"net/http"
	"strconv"
	"time"

	"kerbside"
)

func (s *server) account(w http.ResponseWriter, r *http.Request) error {
	u, n, err := s.session(r)
	if err != nil {
		return err
	}
	v, err := s.Service.Account(r.Context(), u, n)
	if err != nil {
		return err
	}
	page := accountPage{
		layout: layout{Heading: "Your account", User: &u, Nav: "account", Modules: []string{"passkey.js"}}, Name: u.Name, Email: u.Email, Role: roleName(u.Role),
		Password: v.Password, PasswordAt: v.PasswordAt, Passwords: v.MayPassword, Fresh: v.Fresh, Administers: u.Role == kerbside.RoleAdmin,
	}
	for _, k := range v.Passkeys {
		page.Passkeys = append(page.Passkeys, passkeyRow{k.ID, k.Name, k.CreatedAt, k.UsedAt})
	}
	page.Sessions = sessionRows(v.Sessions, n.ID)
	for _, t := range v.Tokens {
		row := tokenRow{ID: t.ID, Name: t.Name, Until: t.ExpiresAt, UsedAt: t.UsedAt}
		for _, x := range t.Scopes {
			row.Scopes = append(row.Scopes, scopeName(x))
		}
		page.Tokens = append(page.Tokens, row)
	}
	for _, x := range kerbside.Scopes() {
		if u.Role == kerbside.RoleAdmin && x != kerbside.ScopeRead {
			continue
		}
		option := scopeOption{x, scopeName(x)}
		if u.Role == kerbside.RoleAdmin {
			option.Name = "read policies and receipts"
		}
		page.Scopes = append(page.Scopes, option)
	}
	s.views.render(w, http.StatusOK, "account", page)
	return nil
}

func sessionRows(sessions []kerbside.Session, own string) []sessionRow {
	var rows []sessionRow
	for _, n := range sessions {
		agent := n.Agent
		if agent == "" {
			agent = "A browser"
		}
		rows = append(rows, sessionRow{ID: n.ID, Agent: agent, How: methodName(n.Method), CreatedAt: n.CreatedAt, SeenAt: n.SeenAt, Here: n.ID == own})
	}
	return rows
}

func methodName(m kerbside.Method) string {
	switch m {
	case kerbside.MethodLink:
		return "by a link"
	case kerbside.MethodPassword:
		return "by password"
	case kerbside.MethodPasskey:
		return "by passkey"
	case kerbside.MethodIdentity:
		return "by the council's sign-in"
	}
	return string(m)
}

func scopeName(x kerbside.Scope) string {
	switch x {
	case kerbside.ScopeRead:
		return "read visits"
	case kerbside.ScopeUpload:
		return "send recordings and notes"
	case kerbside.ScopeEdit:
		return "correct and answer"
	case kerbside.ScopeExport:
		return "take drafts and sound away"
	}
	return string(x)
}

// ofAccount is what the forms of the account page share: who, the form, the change, and the page again.
func (s *server) ofAccount(w http.ResponseWriter, r *http.Request, do func(kerbside.User, kerbside.Session) error) error {
	u, n, err := s.session(r)
	if err != nil {
		return err
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	if err := do(u, n); err != nil {
		return err
	}
	http.Redirect(w, r, "/account", http.StatusSeeOther)
	return nil
}

func (s *server) setPassword(w http.ResponseWriter, r *http.Request) error {
	return s.ofAccount(w, r, func(u kerbside.User, n kerbside.Session) error {
		return s.Service.SetPassword(r.Context(), u, n, r.PostFormValue("current"), r.PostFormValue("password"))
	})
}

func (s *server) removePasskey(w http.ResponseWriter, r *http.Request) error {
	return s.ofAccount(w, r, func(u kerbside.User, _ kerbside.Session) error {
		return s.Service.RemovePasskey(r.Context(), u, r.PathValue("id"))
	})
}

func (s *server) endSession(w http.ResponseWriter, r *http.Request) error {
	return s.ofAccount(w, r, func(u kerbside.User, _ kerbside.Session) error {
		return s.Service.EndSession(r.Context(), u, u.ID, r.PathValue("id"))
	})
}

func (s *server) endOtherSessions(w http.ResponseWriter, r *http.Request) error {
	return s.ofAccount(w, r, func(u kerbside.User, n kerbside.Session) error {
		return s.Service.EndSessions(r.Context(), u, u.ID, n.ID)
	})
}

// addToken answers the POST itself, so that the token stands in no address and no history.
func (s *server) addToken(w http.ResponseWriter, r *http.Request) error {
	u, n, err := s.session(r)
	if err != nil {
		return err
	}
	if err := readForm(w, r); err != nil {
		return err
	}
	days, err := strconv.Atoi(r.PostFormValue("days"))
	if err != nil || days < 1 || days > 366 {
		return kerbside.E(kerbside.CodeInvalid, "web.addToken", "Say for how many days the token is to last: 1 to 366.", nil)
	}
	var scopes []kerbside.Scope
	for _, x := range r.PostForm["scope"] {
		scopes = append(scopes, kerbside.Scope(x))
	}
	token, t, err := s.Service.AddToken(r.Context(), u, n, r.PostFormValue("name"), scopes, time.Duration(days)*24*time.Hour)
	if err != nil {
		return err
	}
	s.views.render(w, http.StatusOK, "token", tokenPage{layout: layout{Heading: "A token", User: &u, Nav: "account", Narrow: true}, Name: t.Name, Token: token, Until: t.ExpiresAt})
	return nil
}

func (s *server) revokeToken(w http.ResponseWriter, r *http.Request) error {
	return s.ofAccount(w, r, func(u kerbside.User, _ kerbside.Session) error {
		return s.Service.RevokeToken(r.Context(), u, u.ID, r.PathValue("id"))
	})
}
