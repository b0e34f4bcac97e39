package models

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf8"
)

const (
	maxVocabBytes = 64 << 20
	maxVocab      = 200_000

	// textTokens is how many leading tokens of a Whisper vocabulary stand for text. whisper.cpp names the rest itself.
	textTokens = 50257
)

// byteOf maps a rune of GPT-2's printable alphabet back to the byte that it stands for.
func byteOf(r rune) (byte, bool) {
	printable := func(b int) bool {
		return b >= '!' && b <= '~' || b >= 0xa1 && b <= 0xac || b >= 0xae && b <= 0xff
	}
	if r >= 0 && r < 256 {
		return byte(r), printable(int(r))
	}
	n := rune(256)
	for b := range 256 {
		if printable(b) {
			continue
		}
		if n == r {
			return byte(b), true
		}
		n++
	}
	return 0, false
}

// rawToken turns a token as written in a vocabulary file into the bytes that it stands for.
func rawToken(s string, dst []byte) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, fmt.Errorf("token is not UTF-8")
	}
	dst = dst[:0]
	for _, r := range s {
		b, ok := byteOf(r)
		if !ok {
			return nil, fmt.Errorf("token holds %U, which is outside the byte alphabet", r)
		}
		dst = append(dst, b)
	}
	return dst, nil
}

// readVocabText reads a vocabulary of one token a line; an empty line is an empty token.
func readVocabText(r io.Reader) ([]string, error) {
	sc := bufio.NewScanner(io.LimitReader(r, maxVocabBytes))
	sc.Buffer(make([]byte, 0, 4096), 1<<16)
	var out []string
	for sc.Scan() {
		if len(out) == maxVocab {
			return nil, fmt.Errorf("more than %d tokens", maxVocab)
		}
		out = append(out, sc.Text())
	}
	return out, sc.Err()
}

// readVocabJSON reads a vocabulary that is a JSON array of tokens.
func readVocabJSON(r io.Reader) ([]string, error) {
	var out []string
	if err := json.NewDecoder(io.LimitReader(r, maxVocabBytes)).Decode(&out); err != nil {
		return nil, err
	}
	if len(out) > maxVocab {
		return nil, fmt.Errorf("more than %d tokens", maxVocab)
	}
	return out, nil
}
