package web

import (
	"encoding/json"
	"net/http"
)

// ceremony is what the browser is asked, and the key to answer with.
type ceremony struct {
	Ceremony string          `json:"ceremony"`
	Options  json.RawMessage `json:"options"`
}

// ceremonyAnswer is what the device said, as WebAuthn writes it.
type ceremonyAnswer struct {
	Ceremony string          `json:"ceremony"`
	Name     string          `json:"name"`
	Answer   json.RawMessage `json:"answer"`
}

func (s *server) passkeySignInBegin(w http.ResponseWriter, r *http.Request) error {
	options, key, err := s.Service.BeginPasskeySignIn(r.Context(), s.asks(r))
	if err != nil {
		return err
	}
	return writeJSON(w, ceremony{key, options})
}

func (s *server) passkeySignInFinish(w http.ResponseWriter, r *http.Request) error {
	var in ceremonyAnswer
	if err := readJSON(w, r, &in); err != nil {
		return err
	}
	token, _, err := s.Service.FinishPasskeySignIn(r.Context(), in.Ceremony, in.Answer, s.asks(r))
	if err != nil {
		return err
	}
	s.setSession(w, r, token)
	return writeJSON(w, struct{}{})
}

func (s *server) passkeyBegin(w http.ResponseWriter, r *http.Request) error {
	u, n, err := s.session(r)
	if err != nil {
		return err
	}
	options, key, err := s.Service.BeginPasskey(r.Context(), u, n, s.asks(r))
	if err != nil {
		return err
	}
	return writeJSON(w, ceremony{key, options})
}

func (s *server) passkeyFinish(w http.ResponseWriter, r *http.Request) error {
	u, _, err := s.session(r)
	if err != nil {
		return err
	}
	var in ceremonyAnswer
	if err := readJSON(w, r, &in); err != nil {
		return err
	}
	if err := s.Service.FinishPasskey(r.Context(), u, in.Ceremony, in.Name, in.Answer, s.asks(r)); err != nil {
		return err
	}
	return writeJSON(w, struct{}{})
}
