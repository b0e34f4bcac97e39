package main

import "github.com/urfave/cli/v2"

// engineCommand is the child process that holds the model; package transcribe/engine starts and talks to it.
func (c *command) engineCommand() *cli.Command {
	return &cli.Command{
		Name:   "engine",
		Hidden: true,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "model", Required: true},
			&cli.StringFlag{Name: "vad", Required: true},
			&cli.IntFlag{Name: "states"},
		},
		Action: c.engine,
	}
}
