package kerbside_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"kerbside"
)

func TestErrors(t *testing.T) {
	inner := kerbside.E(kerbside.CodeNotFound, "a.B", "It is not there.", errors.New("detail"))
	for _, c := range []struct {
		err     error
		code    kerbside.Code
		message string
	}{
		{nil, "", "Something went wrong"}, {errors.New("plain"), kerbside.CodeInternal, "Something went wrong"}, {inner, kerbside.CodeNotFound, "It is not there."},
		{fmt.Errorf("wrapped: %w", inner), kerbside.CodeNotFound, "It is not there."},
		{kerbside.E(kerbside.CodeUnavailable, "c.D", "", inner), kerbside.CodeUnavailable, "It is not there."},
		{errors.Join(inner, errors.New("other")), kerbside.CodeNotFound, "It is not there."},
	} {
		if code, message := kerbside.CodeOf(c.err), kerbside.MessageOf(c.err); code != c.code || !strings.HasPrefix(message, c.message) || strings.Contains(message, "detail") {
			t.Errorf("%v: %q, %q", c.err, code, message)
		}
	}
	if inner.Error() != "a.B: It is not there.: detail" {
		t.Error(inner.Error())
	}
}

func TestIDs(t *testing.T) {
	id, err := kerbside.NewID(strings.NewReader(strings.Repeat("\x00", 16)), "v")
	if err != nil || id != "v-"+strings.Repeat("a", 26) {
		t.Fatal(id, err)
	}
	if _, err := kerbside.NewID(strings.NewReader("short"), "v"); kerbside.CodeOf(err) != kerbside.CodeInternal {
		t.Fatal(err)
	}
	if got := kerbside.DerivedID("x", "a", "b"); got != "x-t83a77t67xawm9bq" || got == kerbside.DerivedID("x", "ab") {
		t.Error("derived ids are not what they were: items that people edited would lose their edits", got)
	}
	for s, want := range map[string]bool{"": false, kerbside.HexSHA256(nil): true, strings.ToUpper(kerbside.HexSHA256(nil)): false, strings.Repeat("g", 64): false} {
		if kerbside.IsHexSHA256(s) != want {
			t.Error(s)
		}
	}
}
