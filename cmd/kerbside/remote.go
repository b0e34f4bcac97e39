package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/client"
)

// tokenVariable holds the token of the server; a command line is seen by everybody on the machine.
const tokenVariable = "KERBSIDE_TOKEN" //nolint:gosec // the variable's name, not a token

// remoteFlags are those of every command that talks to a server.
func remoteFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "server", EnvVars: []string{"KERBSIDE_SERVER"}, Usage: "`URL` of the server, such as https://kerbside.example.org"},
		&cli.StringFlag{Name: "token-file", EnvVars: []string{"KERBSIDE_TOKEN_FILE"}, Usage: "`FILE` with the token that your account page gave you, readable by you alone; or the token itself in " + tokenVariable},
		&cli.StringFlag{Name: "ca", EnvVars: []string{"KERBSIDE_CA"}, Usage: "trust the certificates in `FILE` (PEM) too, for a server of your organisation's own"},
		&cli.DurationFlag{Name: "patience", Value: 5 * time.Minute, Usage: "wait `TIME` for a server that is away in the middle"},
		&cli.StringFlag{Name: "format", Value: "text", Usage: "`text` for people, or json: a line a result"},
	}
}

// remote is a server to talk to.
func (c *command) remote(ctx *cli.Context) (*client.Client, error) {
	if err := needs(ctx, "server"); err != nil {
		return nil, err
	}
	if f := ctx.String("format"); f != "text" && f != "json" {
		return nil, usageError{fmt.Sprintf("There is no format %q. Choose text or json.", f)}
	}
	token, err := readToken(ctx.String("token-file"))
	if err != nil {
		return nil, err
	}
	o := client.Options{Server: ctx.String("server"), Token: token, Agent: "kerbside/" + version, Patience: ctx.Duration("patience")}
	if path := ctx.String("ca"); path != "" {
		if o.CA, err = os.ReadFile(path); err != nil {
			return nil, openError(path, err)
		}
	}
	r, err := client.New(o)
	if kerbside.CodeOf(err) == kerbside.CodeInvalid {
		err = usageError{kerbside.MessageOf(err)}
	}
	return r, err
}

func readToken(path string) (string, error) {
	if path == "" {
		if token := strings.TrimSpace(os.Getenv(tokenVariable)); token != "" {
			return token, nil
		}
		return "", usageError{"There is no token. Make one on your account page, and name its file with --token-file or put it in " + tokenVariable + "."}
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", openError(path, err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return "", usageError{fmt.Sprintf("%q can be read by others, so the token is not yours alone: `chmod 600` it, and make another token if others have seen it.", path)}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", openError(path, err)
	}
	if token := strings.TrimSpace(string(b)); token != "" && !strings.ContainsAny(token, " \t\r\n") {
		return token, nil
	}
	return "", usageError{fmt.Sprintf("%q does not hold a token and nothing else.", path)}
}

// results prints what came of each thing: a line for people, or an object for programs.
type results struct {
	c    *command
	json bool
	all  int
	bad  int
}

func (c *command) results(ctx *cli.Context) *results {
	return &results{c: c, json: ctx.String("format") == "json"}
}

// add tells one result; failure is what a person is told when it is none.
func (r *results) add(line string, object any, failure error) error {
	r.all++
	if failure != nil {
		r.bad++
		if !r.json {
			r.c.complain(line)
			return nil
		}
	}
	if r.json {
		return writeLine(r.c.stdout, object)
	}
	_, err := fmt.Fprintln(r.c.stdout, line)
	return err
}

func (r *results) outcome() error { return outcome(r.bad, r.all) }

// fatal reports whether an error stands in the way of everything else too.
func fatal(err error) bool {
	switch kerbside.CodeOf(err) {
	case kerbside.CodeUnauthed, kerbside.CodeForbidden, kerbside.CodeCanceled:
		return true
	}
	var u usageError
	return errors.As(err, &u)
}
