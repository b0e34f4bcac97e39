package signin

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/trustelem/zxcvbn"
	"golang.org/x/crypto/argon2"
)

// Params are the costs of a hash.
type Params struct {
	MemoryKiB uint32
	Passes    uint32
	Lanes     uint8
}

// Recommended are the costs of new hashes: OWASP's Password Storage Cheat Sheet for argon2id, twice its passes.
var Recommended = Params{MemoryKiB: 19 * 1024, Passes: 4, Lanes: 1}

// MinPassword and MaxPassword bound a password's length in code points.
const (
	MinPassword = 12
	MaxPassword = 128
)

const (
	saltBytes = 16
	keyBytes  = 32

	// What is taken of a stored hash: more would let a forged row cost a server its memory.
	maxMemoryKiB, maxPasses, maxLanes = 1 << 20, 16, 8
)

var errNoHash = errors.New("not an argon2id hash in PHC format")

// Hash makes a hash with its own salt and parameters, in PHC format.
func Hash(random io.Reader, password string, p Params) (string, error) {
	salt := make([]byte, saltBytes)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", err
	}
	key := argon2.IDKey([]byte(password), salt, p.Passes, p.MemoryKiB, p.Lanes, keyBytes)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.MemoryKiB, p.Passes, p.Lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// Check compares in constant time. again tells that the hash was made with other costs than p, so that it is to be made anew.
func Check(hash, password string, p Params) (ok, again bool, err error) {
	was, salt, key, err := parse(hash)
	if err != nil {
		return false, false, err
	}
	got := argon2.IDKey([]byte(password), salt, was.Passes, was.MemoryKiB, was.Lanes, uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1, was != p, nil
}

func parse(hash string) (p Params, salt, key []byte, err error) {
	parts := strings.Split(hash, "$")
	var version int
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" {
		return p, nil, nil, errNoHash
	}
	if n, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &p.MemoryKiB, &p.Passes, &p.Lanes); n != 4 || err != nil || version != argon2.Version {
		return p, nil, nil, errNoHash
	}
	salt, saltErr := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	key, keyErr := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if saltErr != nil || keyErr != nil || len(salt) < 8 || len(key) < 16 || len(key) > 64 ||
		p.MemoryKiB < 8 || p.MemoryKiB > maxMemoryKiB || p.Passes < 1 || p.Passes > maxPasses || p.Lanes < 1 || p.Lanes > maxLanes {
		return p, nil, nil, errNoHash
	}
	return p, salt, key, nil
}

// Fault says, as a sentence, why a password will not do; "" when it does. about are words that an attacker would try first: name, address,
// organisation. There are no rules about kinds of character: they make passwords that are hard for people only.
func Fault(password string, about ...string) string {
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password):
		return "The password is not valid text. Type it anew."
	case n < MinPassword:
		return fmt.Sprintf("The password is too short. Take at least %d characters; three or four words do well.", MinPassword)
	case n > MaxPassword:
		return fmt.Sprintf("The password is too long. Take at most %d characters.", MaxPassword)
	}
	var words []string
	for _, a := range about {
		words = append(words, strings.ToLower(a))
		words = append(words, strings.FieldsFunc(strings.ToLower(a), func(r rune) bool { return strings.ContainsRune(" @.-_", r) })...)
	}
	if zxcvbn.PasswordStrength(password, append(words, "kerbside")).Score < 3 {
		return "This password would be guessed: it is common, or made of what is known of you. Take three or four words that do not belong together."
	}
	return ""
}
