// Package audit keeps who did what as a transparency log (RFC 6962, by golang.org/x/mod/sumdb/tlog): each organisation has one, each entry is a leaf
// of its tree, and each transaction that adds entries leaves a head of the tree that is signed with the installation's key. Whoever changes, removes,
// reorders or adds rows behind the service's back changes the tree, and cannot sign another.
//
// What it cannot show by itself: that the whole database, heads included, was put back to an earlier day, or that whoever holds the key rewrote
// everything. Both are found with a head that was exported before and kept elsewhere.
package audit

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"kerbside"
)

// keyName stands in signatures; it is part of the format.
const keyName = "kerbside-audit"

// Log adds entries and signs heads. It is safe for concurrent use.
type Log struct {
	signer   note.Signer
	verifier string
}

// NewKey makes the text of a key file: the signing key, and, in a second line, the key that checks it and may be given to anybody.
func NewKey(random io.Reader) (string, error) {
	skey, vkey, err := note.GenerateKey(random, keyName)
	if err != nil {
		return "", kerbside.E(kerbside.CodeInternal, "audit.NewKey", "", err)
	}
	return skey + "\n" + vkey + "\n", nil
}

// Open reads a key as NewKey made it.
func Open(key string) (*Log, error) {
	const message = "The key of the audit log is damaged. Restore its file from a backup; without it, what is written from now on cannot be signed."
	skey, rest, _ := strings.Cut(key, "\n")
	signer, err := note.NewSigner(skey)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeUnavailable, "audit.Open", message, nil) // the cause would quote the key
	}
	vkey := strings.TrimSpace(rest)
	if v, err := note.NewVerifier(vkey); err != nil || v.KeyHash() != signer.KeyHash() {
		return nil, kerbside.E(kerbside.CodeUnavailable, "audit.Open", message, nil)
	}
	return &Log{signer: signer, verifier: vkey}, nil
}

// OpenFile reads the key file at path, and makes it first where there is none: private to the user, on disk before it is used.
func OpenFile(path string, random io.Reader) (*Log, error) {
	const op = "audit.OpenFile"
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		key, err := NewKey(random)
		if err != nil {
			return nil, err
		}
		if err := create(path, key); err != nil {
			return nil, kerbside.E(kerbside.CodeUnavailable, op, "The key of the audit log cannot be written. Check the data folder's owner and permissions.", err)
		}
		return Open(key)
	}
	if err != nil {
		return nil, kerbside.E(kerbside.CodeUnavailable, op, "The key of the audit log cannot be read. Check its owner and permissions.", err)
	}
	return Open(string(b))
}

func create(path, text string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, text)
	return errors.Join(err, f.Sync(), f.Close())
}

// Verifier is the key that checks the signatures of this log; it may be given to anybody.
func (l *Log) Verifier() string { return l.verifier }

// Sign signs a text that is no head, with the same key: a bundle's manifest. The text ends with a line end.
func (l *Log) Sign(text string) (string, error) {
	const op = "audit.Sign"
	if strings.HasPrefix(text, keyName) {
		return "", kerbside.E(kerbside.CodeInternal, op, "", errors.New("a head is signed by Append only"))
	}
	signed, err := note.Sign(&note.Note{Text: text}, l.signer)
	if err != nil {
		return "", kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	return string(signed), nil
}

// Append adds one entry and leaves a signed head, all within tx.
func (l *Log) Append(tx kerbside.Tx, e kerbside.AuditEntry) error {
	const op = "audit.Append"
	size, err := tx.AuditSize(e.Org)
	if err != nil {
		return err
	}
	hashes := stored(tx, e.Org)
	added, err := tlog.StoredHashes(size, leaf(size, e), hashes)
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	if err := tx.AddAudit(size, e, raw(added)); err != nil {
		return err
	}
	root, err := tlog.TreeHash(size+1, hashes)
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	head, err := note.Sign(&note.Note{Text: headText(e.Org, size+1, root)}, l.signer)
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, op, "", err)
	}
	return tx.PutAuditHead(e.Org, kerbside.AuditHead{Size: size + 1, At: e.At, Note: string(head)})
}

// leaf is what is hashed of an entry. The form must never change.
func leaf(n int64, e kerbside.AuditEntry) []byte {
	b, err := json.Marshal([]string{strconv.FormatInt(n, 10), string(e.Org), string(e.By), strconv.FormatInt(e.At.UnixMicro(), 10), e.Action, e.Object, string(e.Visit)})
	if err != nil {
		panic(err) // strings always marshal
	}
	return b
}

func headText(org kerbside.OrganisationID, size int64, root tlog.Hash) string {
	return fmt.Sprintf("%s/%s\n%d\n%s\n", keyName, org, size, root)
}

func parseHead(text string) (org kerbside.OrganisationID, size int64, root tlog.Hash, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" || !strings.HasPrefix(lines[0], keyName+"/") {
		return "", 0, root, errors.New("not the head of an audit log")
	}
	if size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || size < 0 || strconv.FormatInt(size, 10) != lines[1] {
		return "", 0, root, errors.New("not the size of an audit log")
	}
	root, err = tlog.ParseHash(lines[2])
	return kerbside.OrganisationID(strings.TrimPrefix(lines[0], keyName+"/")), size, root, err
}

// stored reads the hashes that the store keeps of an organisation's log.
func stored(tx kerbside.Tx, org kerbside.OrganisationID) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		rows, err := tx.AuditHashes(org, indexes)
		if err != nil {
			return nil, err
		}
		out := make([]tlog.Hash, len(rows))
		for i, r := range rows {
			out[i] = r
		}
		return out, nil
	})
}

func raw(hashes []tlog.Hash) [][32]byte {
	out := make([][32]byte, len(hashes))
	for i, h := range hashes {
		out[i] = h
	}
	return out
}
