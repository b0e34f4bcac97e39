package main

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/signin/oidc"
)

func signInFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "oidc-issuer", EnvVars: []string{"KERBSIDE_OIDC_ISSUER"}, Usage: "let people in through the council's own sign-in (OpenID Connect) at this `URL`"},
		&cli.StringFlag{Name: "oidc-client-id", EnvVars: []string{"KERBSIDE_OIDC_CLIENT_ID"}, Usage: "`ID` by which that sign-in knows Kerbside"},
		&cli.StringFlag{Name: "oidc-secret-file", EnvVars: []string{"KERBSIDE_OIDC_SECRET_FILE"}, Usage: "`FILE` with the secret that goes with the id"},
		&cli.StringFlag{Name: "oidc-name", Value: "your work account", EnvVars: []string{"KERBSIDE_OIDC_NAME"}, Usage: "`NAME` of that sign-in on the button"},
		&cli.BoolFlag{Name: "oidc-trust-email", EnvVars: []string{"KERBSIDE_OIDC_TRUST_EMAIL"}, Usage: "take its e-mail addresses as verified although it does not say so, as for the organisation's own tenant"},
		&cli.BoolFlag{Name: "no-passwords", EnvVars: []string{"KERBSIDE_NO_PASSWORDS"}, Usage: "people sign in by passkey, the council's own sign-in or link only"},
		&cli.DurationFlag{Name: "session-idle", Value: 3 * 24 * time.Hour, EnvVars: []string{"KERBSIDE_SESSION_IDLE"}, Usage: "a sign-in that was not used for this `TIME` ends"},
		&cli.DurationFlag{Name: "session-life", Value: 14 * 24 * time.Hour, EnvVars: []string{"KERBSIDE_SESSION_LIFE"}, Usage: "a sign-in ends after this `TIME` in any case"},
	}
}

// identityProvider is the council's own sign-in; nil when none is configured.
func identityProvider(ctx *cli.Context) (kerbside.IdentityProvider, error) {
	const op = "kerbside.identityProvider"
	issuer, id := ctx.String("oidc-issuer"), ctx.String("oidc-client-id")
	if issuer == "" {
		if id != "" {
			return nil, usageError{"oidc-client-id needs oidc-issuer too."}
		}
		return nil, nil
	}
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, usageError{fmt.Sprintf("oidc-issuer %q is no https address.", issuer)}
	}
	if id == "" {
		return nil, usageError{"oidc-issuer needs oidc-client-id too."}
	}
	c := oidc.Config{Name: ctx.String("oidc-name"), Issuer: issuer, ClientID: id, TrustEmail: ctx.Bool("oidc-trust-email")}
	if path := ctx.String("oidc-secret-file"); path != "" {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, kerbside.E(kerbside.CodeUnavailable, op, fmt.Sprintf("The secret in %q cannot be read. Check its name and permissions.", path), err)
		}
		c.Secret = strings.TrimSpace(string(b))
	}
	return oidc.New(c), nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
