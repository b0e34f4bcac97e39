package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"kerbside"
)

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
	exitSome   = 3
)

// What is returned when each file that failed was named already.
var (
	errSome  = errors.New("some files failed")
	errNamed = errors.New("all files failed")
)

// usageError is a fault of the command line.
type usageError struct{ message string }

func (e usageError) Error() string { return e.message }

// command is one run of the program.
type command struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	log            *slog.Logger
	quiet, json    bool
	resumes        bool // the same command, given again, goes on where this one is stopped
	unknown        error
}

func (c *command) app() *cli.App {
	app := &cli.App{
		Name:                 "kerbside",
		Usage:                "turn what is said after a visit into the record of that visit",
		Version:              version,
		HideVersion:          true,
		EnableBashCompletion: true,
		// A file name may hold a comma.
		DisableSliceFlagSeparator: true,
		Reader:                    c.stdin,
		Writer:                    c.stdout,
		ErrWriter:                 c.stderr,
		ExitErrHandler:            func(*cli.Context, error) {},
		OnUsageError:              onUsageError,
		CommandNotFound:           c.notFound,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "print no progress and no messages but errors"},
			&cli.BoolFlag{Name: "json", Usage: "messages on standard error as JSON lines"},
			&cli.StringFlag{Name: "models-dir", Usage: "`FOLDER` of the models", EnvVars: []string{"KERBSIDE_MODELS"}},
		},
		Before: c.before,
		Commands: []*cli.Command{
			c.transcribeCommand(), c.extractCommand(), c.draftCommand(), c.processCommand(), c.batchCommand(),
			c.exportCommand(), c.bundleCommand(), c.profilesCommand(),
			c.pushCommand(), c.pullCommand(), c.statusCommand(),
			c.serveCommand(), c.workerCommand(), c.keysCommand(), c.verifyCommand(), c.backupCommand(), c.restoreCommand(), c.migrateCommand(), c.importCommand(), c.auditCommand(), c.retentionCommand(), c.configCommand(), c.evalCommand(), c.templatesCommand(), c.checklistCommand(), c.modelsCommand(), c.doctorCommand(), c.versionCommand(), c.completionCommand(), c.engineCommand(),
		},
	}
	for _, command := range app.Commands {
		for _, one := range append(slices.Clone(command.Subcommands), command) {
			one.OnUsageError = onUsageError
			if one.Action != nil {
				one.Action = bounded(one.Action)
			}
		}
	}
	return app
}

// notFound keeps that a command was named which there is not; only run can return it.
func (c *command) notFound(ctx *cli.Context, name string) {
	all := ctx.Command.HelpName
	c.unknown = usageError{fmt.Sprintf("There is no command %q. `%s --help` lists them.", strings.TrimPrefix(all+" "+name, "kerbside "), all)}
}

// bounded refuses arguments that the usage line does not speak of; without them, a slip of the pen would go unseen.
func bounded(action cli.ActionFunc) cli.ActionFunc {
	return func(ctx *cli.Context) error {
		usage := ctx.Command.ArgsUsage
		if n := len(strings.Fields(usage)); strings.Contains(usage, "…") || ctx.NArg() <= n {
			return action(ctx)
		} else if n > 0 {
			return usageError{fmt.Sprintf("`%s` takes one argument, %s.", ctx.Command.HelpName, strings.Trim(usage, "[]"))}
		}
		return usageError{fmt.Sprintf("`%s` takes options only.", ctx.Command.HelpName)}
	}
}

// What package flag and urfave/cli say of options.
var (
	unknownOption = regexp.MustCompile(`^flag provided but not defined: -+(.+)$`)
	wrongValue    = regexp.MustCompile(`^invalid (?:boolean )?value (".*") for (?:flag )?-+([\w-]+): `)
	wrongVariable = regexp.MustCompile(`^could not parse (".*") as \w+ value from environment variable "(\w+)" for flag `)
)

func onUsageError(_ *cli.Context, err error, _ bool) error {
	text := err.Error()
	if m := unknownOption.FindStringSubmatch(text); m != nil {
		return usageError{fmt.Sprintf("There is no option --%s here. Put -- before a file name that begins with a dash.", m[1])}
	}
	m, dashes := wrongValue.FindStringSubmatch(text), "--"
	if m == nil {
		m, dashes = wrongVariable.FindStringSubmatch(text), ""
	}
	if m != nil {
		return usageError{fmt.Sprintf("%s%s cannot be %s. Numbers are written 4, times 30s or 2m, switches true or false.", dashes, m[2], m[1])}
	}
	return usageError{strings.ToUpper(text[:1]) + text[1:] + "."}
}

func (c *command) before(ctx *cli.Context) error {
	c.quiet, c.json = ctx.Bool("quiet"), ctx.Bool("json")
	level := slog.LevelInfo
	if c.quiet {
		level = slog.LevelError
	}
	if c.json {
		c.log = slog.New(slog.NewJSONHandler(c.stderr, &slog.HandlerOptions{Level: level}))
	} else {
		c.log = slog.New(slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: max(level, slog.LevelWarn)}))
	}
	return nil
}

// say prints a message for a person, unless told to be quiet.
func (c *command) say(format string, a ...any) {
	switch {
	case c.quiet:
	case c.json:
		c.log.Info(fmt.Sprintf(format, a...))
	default:
		fmt.Fprintf(c.stderr, format+"\n", a...)
	}
}

// complain prints an error for a person.
func (c *command) complain(message string) {
	if c.json && c.log != nil {
		c.log.Error(message)
		return
	}
	fmt.Fprintf(c.stderr, "kerbside: %s\n", message)
}

// exit gives the exit code of err and tells the person about it.
func (c *command) exit(ctx context.Context, err error) int {
	var usage usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		c.complain(usage.message)
		return exitUsage
	case errors.Is(err, errSome):
		return exitSome
	case errors.Is(err, errNamed):
		return exitFailed
	case ctx.Err() != nil || errors.Is(err, context.Canceled) || kerbside.CodeOf(err) == kerbside.CodeCanceled:
		if c.resumes {
			c.complain("Stopped. What was finished is kept; the same command goes on from there.")
		} else {
			c.complain("Stopped. The same command starts again from the beginning.")
		}
		return exitFailed
	default:
		c.complain(message(err))
		return exitFailed
	}
}

// message is what a person at the command line is told of err: the message, and, for faults without one, the detail.
func message(err error) string {
	var e *kerbside.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	if m := kerbside.MessageOf(err); m != kerbside.MessageOf(kerbside.E(kerbside.CodeInternal, "", "", nil)) {
		return m
	}
	return err.Error()
}

// about is message with the file that it is about, unless the message names it.
func about(path string, err error) string {
	m := message(err)
	if strings.Contains(m, strconv.Quote(path)) {
		return m
	}
	return shown(path) + ": " + m
}

// shown is a path for a line of text: quoted when a character of it would break the line or the terminal.
func shown(path string) string {
	if quoted := strconv.Quote(path); quoted != `"`+path+`"` {
		return quoted
	}
	return path
}

// files gives the file arguments, or a usage error when there are none.
func files(ctx *cli.Context) ([]string, error) {
	if !ctx.Args().Present() {
		return nil, usageError{fmt.Sprintf("`%[1]s` needs at least one file. `%[1]s --help` shows how.", ctx.Command.HelpName)}
	}
	return ctx.Args().Slice(), nil
}

// nameOf gives the name that a command is to show, or a usage error when there is none; list is the command that prints them all.
func nameOf(ctx *cli.Context, list string) (string, error) {
	if ctx.Args().First() == "" {
		return "", usageError{fmt.Sprintf("`%s` needs a name. `%s` shows them.", ctx.Command.HelpName, list)}
	}
	return ctx.Args().First(), nil
}

// needs reports an option that must be given and is not.
func needs(ctx *cli.Context, name string) error {
	if ctx.String(name) == "" {
		return usageError{fmt.Sprintf("`%[1]s` needs --%[2]s. `%[1]s --help` shows how.", ctx.Command.HelpName, name)}
	}
	return nil
}

// isTerminal reports whether w is a terminal that a person looks at.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}
