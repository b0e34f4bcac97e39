package main

import (
	_ "embed"
	"fmt"

	"github.com/urfave/cli/v2"
)

//go:embed completion.bash
var bashCompletion string

//go:embed completion.zsh
var zshCompletion string

func (c *command) completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print shell completions: source <(kerbside completion bash)",
		ArgsUsage: "bash|zsh|fish",
		Action: func(ctx *cli.Context) error {
			script := bashCompletion
			switch ctx.Args().First() {
			case "bash":
			case "zsh":
				script = zshCompletion
			case "fish":
				var err error
				if script, err = ctx.App.ToFishCompletion(); err != nil {
					return err
				}
			default:
				return usageError{"`kerbside completion` takes bash, zsh or fish."}
			}
			_, err := fmt.Fprint(c.stdout, script)
			return err
		},
	}
}
