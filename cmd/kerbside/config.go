package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/BurntSushi/toml"
	"github.com/urfave/cli/v2"

	"kerbside"
)

func configFlag() cli.Flag {
	return &cli.StringFlag{Name: "config", EnvVars: []string{"KERBSIDE_CONFIG"}, Usage: "`FILE` (TOML) of options by their long names; the command line and the environment go before it"}
}

// applyConfig sets the options that the file of --config names and that neither the command line nor the environment did. One file may hold the options of several
// commands, known: those that this one does not have are left out.
func applyConfig(ctx *cli.Context, known []cli.Flag) error {
	path := ctx.String("config")
	if path == "" {
		return nil
	}
	values, faults, err := readConfig(path, known)
	if err != nil {
		return err
	}
	if len(faults) > 0 {
		return usageError{fmt.Sprintf("%s: %s `kerbside config check %s` lists all faults.", shown(path), faults[0], shown(path))}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		mine := slices.ContainsFunc(ctx.Command.Flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), name) })
		if !mine || ctx.IsSet(name) {
			continue
		}
		for _, v := range values[name] {
			if err := ctx.Set(name, v); err != nil {
				return usageError{fmt.Sprintf("%s: %s cannot be %q.", shown(path), name, v)}
			}
		}
	}
	return nil
}

// readConfig reads a file of options. What is wrong with single options is in faults; err is about the file.
func readConfig(path string, flags []cli.Flag) (values map[string][]string, faults []string, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, openError(path, err)
	}
	var file map[string]any
	if _, err := toml.Decode(string(b), &file); err != nil {
		line := ""
		var at toml.ParseError
		if errors.As(err, &at) {
			line = fmt.Sprintf(" at line %d", at.Position.Line)
		}
		// The parser's own message quotes the file, which may hold a key.
		return nil, nil, kerbside.E(kerbside.CodeInvalid, "kerbside.readConfig", fmt.Sprintf("%q is not TOML%s.", path, line), nil)
	}
	values = map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(file)) {
		i := slices.IndexFunc(flags, func(f cli.Flag) bool { return slices.Contains(f.Names(), name) })
		if i < 0 || name == "config" {
			faults = append(faults, fmt.Sprintf("There is no option %q.", name))
			continue
		}
		list, isList := file[name].([]any)
		if !isList {
			list = []any{file[name]}
		}
		var texts []string
		for _, v := range list {
			switch v.(type) {
			case string, bool, int64, float64:
				texts = append(texts, fmt.Sprint(v))
			default:
				faults = append(faults, fmt.Sprintf("%s is neither text, a number nor a yes or no.", name))
			}
		}
		if fault := tryFlag(flags[i], texts, isList); fault != "" {
			faults = append(faults, fault)
			continue
		}
		values[name] = texts
	}
	return values, faults, nil
}

// tryFlag reports whether a flag takes values, as a sentence; "" when it does.
func tryFlag(f cli.Flag, values []string, isList bool) string {
	name := f.Names()[0]
	if _, ok := f.(*cli.StringSliceFlag); isList && !ok {
		return fmt.Sprintf("%s takes one value, not a list.", name)
	}
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	if err := f.Apply(set); err != nil {
		return fmt.Sprintf("%s cannot be set.", name)
	}
	for _, v := range values {
		if err := set.Set(name, v); err != nil {
			return fmt.Sprintf("%s cannot be %q.", name, v)
		}
	}
	return ""
}

func (c *command) configCommand() *cli.Command {
	// The values are those with which `kerbside serve` would start.
	return &cli.Command{
		Name:  "config",
		Usage: "look at the configuration of the server",
		Subcommands: []*cli.Command{{
			Name:      "check",
			Usage:     "check a file of options, and the values with which the server, or a worker, would start; options as for serve and worker",
			ArgsUsage: "[FILE]",
			Flags:     append(c.nodeFlags(), &cli.StringFlag{Name: "for", Value: "serve", Usage: "`COMMAND` that is to start: serve or worker"}),
			Action:    c.configCheck,
		}},
	}
}

func (c *command) configCheck(ctx *cli.Context) error {
	if path := ctx.Args().First(); path != "" {
		if err := ctx.Set("config", path); err != nil {
			return err
		}
	}
	check, known := serveFaults, c.nodeFlags()
	switch ctx.String("for") {
	case "serve":
	case "worker":
		check = workerFaults
	default:
		return usageError{fmt.Sprintf("for %q: there are serve and worker.", ctx.String("for"))}
	}
	var faults []string
	if path := ctx.String("config"); path != "" {
		_, found, err := readConfig(path, known)
		if err != nil {
			return err
		}
		faults = found
	}
	if len(faults) == 0 {
		if err := applyConfig(ctx, known); err != nil {
			return err
		}
		faults = append(faults, check(ctx)...)
		w := tabwriter.NewWriter(c.stdout, 0, 4, 2, ' ', 0)
		for _, f := range ctx.Command.Flags {
			name := f.Names()[0]
			value := fmt.Sprint(ctx.Value(name))
			if _, list := f.(*cli.StringSliceFlag); list {
				value = strings.Join(ctx.StringSlice(name), " ")
			}
			switch name {
			case "database":
				value = addressOf(value).String()
			case "queues":
				value = queuesOf(ctx)
			}
			if value != "" && value != "false" && name != "help" && name != "config" && name != "for" {
				fmt.Fprintf(w, "%s\t%s\n", name, value)
			}
		}
		if err := w.Flush(); err != nil {
			return err
		}
	}
	for _, f := range faults {
		c.complain(f)
	}
	switch len(faults) {
	case 0:
		c.say("Nothing is wrong with it.")
		return nil
	case 1:
		return kerbside.E(kerbside.CodeInvalid, "kerbside.configCheck", "There is 1 fault.", nil)
	}
	return kerbside.E(kerbside.CodeInvalid, "kerbside.configCheck", fmt.Sprintf("There are %d faults.", len(faults)), nil)
}

// serveFaults are faults of single values that the command line itself cannot see, each a sentence.
func serveFaults(ctx *cli.Context) []string {
	var faults []string
	fault := func(format string, a ...any) { faults = append(faults, fmt.Sprintf(format, a...)) }
	for _, name := range []string{"addr", "metrics-addr"} {
		if v := ctx.String(name); v != "" {
			if _, _, err := net.SplitHostPort(v); err != nil {
				fault("%s %q is no HOST:PORT.", name, v)
			}
		}
	}
	if v := ctx.String("base-url"); v != "" {
		if u, err := url.Parse(v); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			fault("base-url %q is no address such as https://kerbside.example.org.", v)
		}
	}
	if f := databaseFault(ctx); f != "" {
		fault("%s", f)
	}
	if f := sharesFault(ctx, "no-worker"); f != "" && ctx.Bool("no-worker") {
		fault("%s", f)
	}
	if _, err := proxies(ctx); err != nil {
		fault("%s", message(err))
	}
	if _, err := certificate(ctx); err != nil {
		fault("%s", message(err))
	}
	if _, err := engineOf(ctx); err != nil {
		fault("%s", message(err))
	}
	if _, err := identityProvider(ctx); err != nil {
		fault("%s", message(err))
	}
	if _, err := notifier(ctx); err != nil {
		fault("%s", message(err))
	}
	faults = append(faults, limitFaults(ctx)...)
	if ctx.Duration("session-idle") <= 0 || ctx.Duration("session-life") <= 0 {
		fault("session-idle and session-life are times such as 72h.")
	}
	return faults
}

// proxies are the addresses whose word about the client is taken.
func proxies(ctx *cli.Context) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, v := range ctx.StringSlice("trust-proxy") {
		p, err := netip.ParsePrefix(v)
		if a, addrErr := netip.ParseAddr(v); err != nil && addrErr == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return nil, usageError{fmt.Sprintf("trust-proxy %q is neither an address nor a network such as 10.0.0.0/8.", v)}
		}
		out = append(out, p.Masked())
	}
	return out, nil
}
