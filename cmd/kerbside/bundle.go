package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/export/bundle"
	"kerbside/export/page"
)

func (c *command) bundleCommand() *cli.Command {
	return &cli.Command{
		Name:  "bundle",
		Usage: "check the signed bundle of a visit",
		Subcommands: []*cli.Command{
			{
				Name:      "verify",
				Usage:     "find any change, addition or removal since a bundle was signed, and who signed it",
				ArgsUsage: "FILE…",
				Flags: []cli.Flag{dataFlag(), auditKeyFlag(),
					&cli.StringSliceFlag{Name: "key", Usage: "the public `KEY` of whoever made it, as `kerbside bundle key` prints it there, may be repeated", DefaultText: "this installation's own"},
				},
				Action: c.bundleVerify,
			},
			{
				Name:  "key",
				Usage: "print this installation's public key, for those who check its bundles",
				Flags: []cli.Flag{dataFlag(), auditKeyFlag()},
				Action: func(ctx *cli.Context) error {
					key, err := openAuditKey(ctx)
					if err != nil {
						return err
					}
					_, err = fmt.Fprintln(c.stdout, key.Verifier())
					return err
				},
			},
		},
	}
}

func (c *command) bundleVerify(ctx *cli.Context) error {
	paths, err := files(ctx)
	if err != nil {
		return err
	}
	keys := ctx.StringSlice("key")
	if len(keys) == 0 {
		own, err := openAuditKey(ctx)
		switch {
		case err == nil:
			keys = append(keys, own.Verifier())
		case !errors.Is(err, os.ErrNotExist): // without a key of its own, the bundle is checked as far as that goes
			return err
		}
	}
	failed := 0
	for _, path := range paths {
		if err := c.verifyOne(path, keys); err != nil {
			failed++
			c.complain(about(path, err))
		}
	}
	return outcome(failed, len(paths))
}

// maxBundle is the most that is read of a bundle, in bytes.
const maxBundle = 1 << 30

func (c *command) verifyOne(path string, keys []string) error {
	f, err := openRegular(path)
	if err != nil {
		return err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxBundle+1))
	switch {
	case err != nil:
		return openError(path, err)
	case len(b) > maxBundle:
		return kerbside.E(kerbside.CodeTooLarge, "kerbside.verifyOne", fmt.Sprintf("%q is larger than the %d GB that a bundle may have.", path, maxBundle>>30), nil)
	}
	m, err := bundle.Verify(b, keys...)
	if err != nil {
		return err
	}
	status := page.MarkUnapproved
	if m.Approval != nil {
		status = "approved by " + page.Clean(m.Approval.By)
	}
	_, err = fmt.Fprintf(c.stdout, "%s: as it was signed, %d files, made %s, %s\n", shown(path), len(m.Files), m.MadeAt.Format("2006-01-02 15:04 MST"), status)
	return err
}
