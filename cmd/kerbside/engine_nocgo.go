//go:build !cgo

package main

import (
	"github.com/urfave/cli/v2"

	"kerbside"
	"kerbside/models"
)

var quantiser models.Quantiser // none: models can be downloaded but not made

func engineBuild() string { return "built without an engine" }

func (c *command) engine(*cli.Context) error {
	return kerbside.E(kerbside.CodeUnavailable, "kerbside.engine", "This program was built without a speech engine. Build it with `make build`.", nil)
}
