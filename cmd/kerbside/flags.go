package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// flagsFirst moves options before file names, since urfave/cli v2 takes every argument after the first file name for a
// file name. What follows "--" stays a file name.
func flagsFirst(app *cli.App, args []string) ([]string, error) {
	if len(args) == 0 || slices.Contains(args, "--generate-bash-completion") || (len(args) > 1 && args[1] == "help") {
		return args, nil
	}
	out := []string{args[0]}
	flags, commands := app.Flags, app.Commands
	rest := args[1:]
	var global, local, names []string
	for len(rest) > 0 {
		arg := rest[0]
		rest = rest[1:]
		if arg == "--" {
			names = append(names, rest...)
			break
		}
		if len(arg) > 1 && arg[0] == '-' {
			take := []string{arg}
			flag, own := find(flags, app.Flags, arg)
			if flag != nil && takesValue(flag) && !strings.Contains(arg, "=") {
				if len(rest) == 0 || rest[0] == "--" {
					return nil, usageError{fmt.Sprintf("%s needs a value.", arg)}
				}
				take = append(take, rest[0])
				rest = rest[1:]
			}
			if own {
				local = append(local, take...)
			} else {
				global = append(global, take...)
			}
			continue
		}
		if len(names) == 0 {
			if i := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(arg) }); i >= 0 {
				out = append(append(out, local...), arg)
				local = nil
				flags, commands = commands[i].Flags, commands[i].Subcommands
				continue
			}
		}
		names = append(names, arg)
	}
	out = append(out, local...)
	if len(names) > 0 {
		out = append(append(out, "--"), names...)
	}
	return append(append([]string{out[0]}, global...), out[1:]...), nil
}

// find looks an argument up among a command's flags and then among the program's; own tells that it is to stay
// with the command, as do unknown ones, whose command reports them.
func find(flags, global []cli.Flag, arg string) (flag cli.Flag, own bool) {
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	has := func(f cli.Flag) bool { return slices.Contains(f.Names(), name) }
	if i := slices.IndexFunc(flags, has); i >= 0 {
		return flags[i], true
	}
	if i := slices.IndexFunc(global, has); i >= 0 {
		return global[i], false
	}
	return nil, true
}

func takesValue(f cli.Flag) bool {
	d, ok := f.(cli.DocGenerationFlag)
	return ok && d.TakesValue()
}
