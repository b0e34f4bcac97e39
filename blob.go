package kerbside

import (
	"errors"
	"path"
	"strings"
)

// MaxBlobKey is the greatest length of a blob's key in bytes.
const MaxBlobKey = 512

// CheckBlobKey accepts parts of letters, digits, "-", "_" and "." between slashes; no part starts with a dot, so that no key leaves a folder
// or meets files that a store keeps for itself.
func CheckBlobKey(key string) error {
	if key == "" || len(key) > MaxBlobKey || path.Clean(key) != key || strings.HasPrefix(key, "/") {
		return errors.New("empty, too long or not clean")
	}
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part[0] == '.' || len(part) > 200 {
			return errors.New("a part is empty, hidden or too long")
		}
		for i := range len(part) {
			c := part[i]
			if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
				return errors.New("a character that keys do not have")
			}
		}
	}
	return nil
}
