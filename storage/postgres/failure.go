package postgres

import (
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"kerbside"
	"kerbside/storage/rows"
)

// What the server says, as it numbers it (PostgreSQL, Appendix A).
const (
	codeUnique      = "23505"
	codeSerialize   = "40001"
	codeDeadlock    = "40P01"
	codeBadText     = "22021" // a text with a byte that no text has
	codeDiskFull    = "53100"
	codeReadOnly    = "25006"
	codeCanceled    = "57014"
	codeShutdown    = "57P01"
	codeCrash       = "57P02"
	codeStarting    = "57P03"
	codeLockTimeout = "55P03"
	codeNoRight     = "42501"
	codeIdleTooLong = "25P03"
	codeNoSuchDB    = "3D000"

	classConnection = "08"
	classNoSignIn   = "28"
	classResources  = "53"
	classShutdown   = "57"
	classSystem     = "58" // an error of the disk
	classDamage     = "XX"
)

// failure is [rows.Failure] with what PostgreSQL and its driver report.
func failure(op string, err error) error {
	return rows.Failure(op, err, pgx.ErrNoRows, func(err error) error {
		var pg *pgconn.PgError
		var connect *pgconn.ConnectError
		switch {
		case errors.As(err, &pg):
			return serverFailure(op, pg)
		case errors.As(err, &connect), lost(err):
			return kerbside.E(kerbside.CodeUnavailable, op, "The database cannot be reached. Try again in a moment; check its server and the network if it goes on.", err)
		}
		return nil
	})
}

func serverFailure(op string, pg *pgconn.PgError) error {
	// The server's own words may quote what a row holds.
	err := fmt.Errorf("SQLSTATE %s, table %q, constraint %q", pg.Code, pg.TableName, pg.ConstraintName)
	unavailable := func(message string) error { return kerbside.E(kerbside.CodeUnavailable, op, message, err) }
	switch pg.Code {
	case codeUnique:
		return kerbside.E(kerbside.CodeConflict, op, "This exists already. Nothing was changed; load it again.", err)
	case codeBadText:
		return kerbside.E(kerbside.CodeInvalid, op, "A text has a character that cannot be kept. Take it out and try again.", err)
	case codeDiskFull:
		return unavailable("The disk is full, so this could not be stored. Nothing was changed; make room and try again.")
	case codeReadOnly:
		return unavailable("The database cannot be written to: this server only follows another one. Use that one's address.")
	case codeSerialize, codeDeadlock, codeLockTimeout, codeIdleTooLong:
		return unavailable("The database is busy. Nothing was changed; try again in a moment.")
	case codeCanceled:
		return kerbside.E(kerbside.CodeCanceled, op, "This was stopped before it was done. Nothing was changed; try again.", err)
	case codeNoRight:
		return unavailable("The database does not let this user do that. Give it the rights over its own tables, then try again.")
	case codeNoSuchDB:
		return unavailable("There is no database of that name on this server. Make it first.")
	}
	switch pg.Code[:min(2, len(pg.Code))] {
	case classConnection, classResources, classShutdown:
		return unavailable("The database is not ready. Nothing was changed; try again in a moment.")
	case classNoSignIn:
		return unavailable("The database does not let this user in. Check the user and the password.")
	case classSystem:
		return unavailable("The database server's disk reported an error. Nothing was changed; try again, and check the disk if it goes on.")
	case classDamage:
		return unavailable("The database is damaged. Restore it from a backup.")
	}
	return kerbside.E(kerbside.CodeInternal, op, "", err)
}

// lost reports whether an error is of a connection that ended, or of a server that ended it.
func lost(err error) bool {
	var network net.Error
	return pgconn.SafeToRetry(err) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || errors.As(err, &network) ||
		hasCode(err, codeIdleTooLong, codeShutdown, codeCrash, codeStarting)
}

// hasCode reports whether the server gave an error of one of these codes.
func hasCode(err error, codes ...string) bool {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return false
	}
	for _, c := range codes {
		if pg.Code == c {
			return true
		}
	}
	return false
}
