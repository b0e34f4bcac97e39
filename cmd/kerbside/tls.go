package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	"kerbside"
)

// certificates gives the certificate of two files, and reads them again when one of them was renewed.
type certificates struct {
	cert, key string

	mu      sync.Mutex
	current *tls.Certificate
	changed time.Time // of the newer of the files as current has them
}

// certificate reads the files of --tls-cert and --tls-key; nil when there are none.
func certificate(ctx *cli.Context) (*certificates, error) {
	c := &certificates{cert: ctx.String("tls-cert"), key: ctx.String("tls-key")}
	switch {
	case c.cert == "" && c.key == "":
		return nil, nil //nolint:nilnil // plain http is no fault
	case c.cert == "" || c.key == "":
		return nil, usageError{"--tls-cert and --tls-key go together."}
	}
	_, err := c.get(nil)
	return c, err
}

func (c *certificates) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	changed, err := newest(c.cert, c.key)
	if err == nil && changed.Equal(c.changed) {
		return c.current, nil
	}
	var pair tls.Certificate
	if err == nil {
		pair, err = tls.LoadX509KeyPair(c.cert, c.key)
	}
	if err != nil {
		if c.current != nil { // half renewed: the old one goes on
			return c.current, nil
		}
		var path *os.PathError
		if errors.As(err, &path) {
			return nil, openError(path.Path, err)
		}
		return nil, kerbside.E(kerbside.CodeInvalid, "kerbside.certificate", fmt.Sprintf("%q and %q are not a certificate and its key in PEM form.", c.cert, c.key), nil)
	}
	c.current, c.changed = &pair, changed
	return c.current, nil
}

func newest(paths ...string) (time.Time, error) {
	var t time.Time
	for _, p := range paths {
		info, err := os.Stat(p)
		if err != nil {
			return t, err
		}
		if info.ModTime().After(t) {
			t = info.ModTime()
		}
	}
	return t, nil
}
