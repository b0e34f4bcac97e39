package main

import (
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"kerbside"
)

// ownFolder is a council's own folder of checklists or templates; nil where the option that may name it is empty. It is "" where an
// argument named the folder.
func ownFolder(path, option string) (fs.FS, error) {
	if path == "" && option != "" {
		return nil, nil
	}
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		return os.DirFS(path), nil
	}
	text := fmt.Sprintf("There is no folder %q.", path)
	if err == nil {
		text = fmt.Sprintf("%q is not a folder.", path)
	}
	if option != "" {
		text += fmt.Sprintf(" Check --%s or KERBSIDE_%s.", option, strings.ToUpper(option))
	}
	return nil, kerbside.E(kerbside.CodeNotFound, "kerbside.ownFolder", text, err)
}

// checkFolders has each folder that is named looked at, else the option's, and prints what check finds. One without a file of patterns, which are
// called what, is a fault; where no folder is named, check gets nil for what is built in. What check calls fine is told of a folder without faults.
func (c *command) checkFolders(ctx *cli.Context, option, what string, patterns []string, check func(fs.FS) (faults []error, fine string, err error)) error {
	paths := ctx.Args().Slice()
	if len(paths) > 0 {
		option = ""
	} else {
		paths = []string{ctx.String(option)}
	}
	failed := 0
	for _, path := range paths {
		folder, err := ownFolder(path, option)
		if err == nil && folder != nil && !holds(folder, patterns) {
			err = kerbside.E(kerbside.CodeInvalid, "kerbside.checkFolders", fmt.Sprintf("%q holds no %s.", path, what), nil)
		}
		var faults []error
		var fine string
		if err == nil {
			faults, fine, err = check(folder)
		}
		if err != nil {
			faults = nil
			c.complain(message(err))
		}
		of := ""
		if len(paths) > 1 {
			of = shown(path) + ": "
		}
		for _, f := range faults {
			fmt.Fprintln(c.stdout, of+f.Error())
		}
		if err != nil || len(faults) > 0 {
			failed++
			continue
		}
		c.say("%s%s, no faults.", of, fine)
	}
	return outcome(failed, len(paths))
}

func holds(folder fs.FS, patterns []string) bool {
	for _, p := range patterns {
		if found, err := fs.Glob(folder, p); err == nil && len(found) > 0 {
			return true
		}
	}
	return false
}
