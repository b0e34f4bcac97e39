package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/webhook"
)

func alertFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "alert-webhook", EnvVars: []string{"KERBSIDE_ALERT_WEBHOOK"}, Usage: "tell another system of alerts at this https `URL`: ids and kinds, never content"},
		&cli.StringFlag{Name: "alert-webhook-secret-file", EnvVars: []string{"KERBSIDE_ALERT_WEBHOOK_SECRET_FILE"}, Usage: "`FILE` with the secret that these messages are signed with"},
	}
}

// notifier tells another system of alerts; nil when none is configured.
func notifier(ctx *cli.Context) (kerbside.Notifier, error) {
	address, path := ctx.String("alert-webhook"), ctx.String("alert-webhook-secret-file")
	switch {
	case address == "" && path == "":
		return nil, nil
	case address == "" || path == "":
		return nil, usageError{"alert-webhook and alert-webhook-secret-file need each other."}
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeUnavailable, "kerbside.notifier", fmt.Sprintf("The secret in %q cannot be read. Check its name and permissions.", path), err)
	}
	c, err := webhook.New(address, strings.TrimSpace(string(b)), nil)
	if err != nil {
		return nil, err
	}
	return c, nil
}
