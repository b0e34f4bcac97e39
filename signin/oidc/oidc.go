// Package oidc signs people in through a council's own sign-in: OpenID Connect, authorisation code with PKCE.
package oidc

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"kerbside"
)

// Config says where the sign-in is and how Kerbside is known there. Name, Issuer and ClientID are needed.
type Config struct {
	Name     string // what the button says
	Issuer   string // https, or loopback for trials
	ClientID string
	Secret   string
	// TrustEmail takes addresses as verified although the issuer does not say so: right for an issuer whose addresses the organisation gives out itself.
	TrustEmail bool
	Now        func() time.Time // time.Now
	Client     *http.Client     // with a limit of 15 s when nil
}

// Provider is a [kerbside.IdentityProvider]. It asks the issuer for its description when it is first needed, so that Kerbside starts without it.
type Provider struct {
	c  Config
	mu sync.Mutex
	p  *oidc.Provider
}

var _ kerbside.IdentityProvider = (*Provider)(nil)

// New makes a Provider.
func New(c Config) *Provider {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Client == nil {
		c.Client = &http.Client{Timeout: 15 * time.Second}
	}
	return &Provider{c: c}
}

// Name implements [kerbside.IdentityProvider].
func (p *Provider) Name() string { return p.c.Name }

func (p *Provider) issuer(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.p != nil {
		return p.p, nil
	}
	// The context stays with the provider, which fetches keys later: it must not end with this request.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.c.Client), p.c.Issuer)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeUnavailable, "oidc.issuer", p.c.Name+" cannot be reached just now. Try again in a moment, or use another way.", err)
	}
	p.p = found
	return found, nil
}

func (p *Provider) client(i *oidc.Provider, back string) *oauth2.Config {
	return &oauth2.Config{ClientID: p.c.ClientID, ClientSecret: p.c.Secret, Endpoint: i.Endpoint(), RedirectURL: back, Scopes: []string{oidc.ScopeOpenID, "email"}}
}

// Start implements [kerbside.IdentityProvider].
func (p *Provider) Start(ctx context.Context, a kerbside.IdentityAsk) (string, error) {
	i, err := p.issuer(ctx)
	if err != nil {
		return "", err
	}
	return p.client(i, a.Back).AuthCodeURL(a.State, oidc.Nonce(a.Nonce), oauth2.S256ChallengeOption(a.Verifier)), nil
}

// Finish implements [kerbside.IdentityProvider].
func (p *Provider) Finish(ctx context.Context, a kerbside.IdentityAsk, code string) (kerbside.Identity, error) {
	const op = "oidc.Finish"
	refused := func(err error) error {
		return kerbside.E(kerbside.CodeForbidden, op, p.c.Name+" did not confirm who you are. Start again.", err)
	}
	i, err := p.issuer(ctx)
	if err != nil {
		return kerbside.Identity{}, err
	}
	token, err := p.client(i, a.Back).Exchange(context.WithValue(ctx, oauth2.HTTPClient, p.c.Client), code, oauth2.VerifierOption(a.Verifier))
	if err != nil {
		return kerbside.Identity{}, refused(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := i.VerifierContext(oidc.ClientContext(ctx, p.c.Client), &oidc.Config{ClientID: p.c.ClientID, Now: p.c.Now}).Verify(ctx, raw)
	if err != nil {
		return kerbside.Identity{}, refused(err)
	}
	if id.Nonce != a.Nonce {
		return kerbside.Identity{}, refused(nil)
	}
	var claims struct {
		Email    string `json:"email"`
		Verified bool   `json:"email_verified"`
	}
	if err := id.Claims(&claims); err != nil {
		return kerbside.Identity{}, refused(err)
	}
	if claims.Email == "" { // some issuers give it only when asked for it
		if info, err := i.UserInfo(oidc.ClientContext(ctx, p.c.Client), oauth2.StaticTokenSource(token)); err == nil && info.Subject == id.Subject {
			claims.Email, claims.Verified = info.Email, info.EmailVerified
		}
	}
	return kerbside.Identity{Issuer: id.Issuer, Subject: id.Subject, Email: kerbside.CleanEmail(claims.Email), Verified: claims.Verified || p.c.TrustEmail}, nil
}
