package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"kerbside/service"
	"kerbside/web"
)

// limitFlags are how much one sender may use of the server.
func limitFlags() []cli.Flag {
	return []cli.Flag{
		&cli.Int64Flag{Name: "max-file", Value: 4096, EnvVars: []string{"KERBSIDE_MAX_FILE"}, Usage: "the largest recording that is taken in, in `MIB`"},
		&cli.IntFlag{Name: "max-open", Value: 50, EnvVars: []string{"KERBSIDE_MAX_OPEN"}, Usage: "`N` recordings of one person that may be arriving at a time"},
		&cli.IntFlag{Name: "upload-speed", Value: 64, EnvVars: []string{"KERBSIDE_UPLOAD_SPEED"}, Usage: "`MIB` a second that one person may send, all uploads together"},
		&cli.Float64Flag{Name: "rate-person", Value: 20, EnvVars: []string{"KERBSIDE_RATE_PERSON"}, Usage: "requests a second of one person or their program, `N` in the long run and ten times as many at once; ten times as many pieces of sound; 0: any number"},
		&cli.Float64Flag{Name: "rate-address", Value: 200, EnvVars: []string{"KERBSIDE_RATE_ADDRESS"}, Usage: "requests a second from one address, `N` in the long run; 0: any number. An office behind one address counts as one; behind a proxy see --trust-proxy"},
	}
}

// limitFaults are faults of limitFlags, each a sentence.
func limitFaults(ctx *cli.Context) (faults []string) {
	if n := ctx.Int64("max-file"); n < 1 || n<<20 > service.MaxRecording {
		faults = append(faults, fmt.Sprintf("max-file is a number of MiB from 1 to %d.", service.MaxRecording>>20))
	}
	if ctx.Int("max-open") < 1 || ctx.Int("upload-speed") < 1 || ctx.Int("upload-speed") > 100_000 {
		faults = append(faults, "max-open and upload-speed are numbers from 1.")
	}
	if ctx.Float64("rate-person") < 0 || ctx.Float64("rate-address") < 0 {
		faults = append(faults, "rate-person and rate-address are numbers from 0.")
	}
	return faults
}

func serviceLimits(ctx *cli.Context) service.Limits {
	return service.Limits{Open: ctx.Int("max-open"), Speed: ctx.Int("upload-speed") << 20}
}

func webLimits(ctx *cli.Context) web.Limits {
	return web.Limits{Person: ctx.Float64("rate-person"), Address: ctx.Float64("rate-address")}
}
