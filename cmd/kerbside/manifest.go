package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"unicode/utf8"

	"kerbside"
)

// The statuses of a manifest row.
const (
	statusDone   = "done"
	statusFailed = "failed"
)

// row is one file of a manifest.
type row struct {
	file, status, problem string
	figures               figures
}

const manifestName = "manifest.csv"

var manifestHeader = []string{"file", "status", "seconds", "words", "speed", "error"}

// manifestCSV writes rows as RFC 4180 has it.
func manifestCSV(rows []row) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(manifestHeader) // a bytes.Buffer does not fail
	for _, r := range rows {
		_ = w.Write([]string{r.file, r.status, number(r.figures.Seconds, 1), strconv.Itoa(r.figures.Words), number(r.figures.speed(), 2), r.problem})
	}
	w.Flush()
	return b.Bytes()
}

// readManifest reads the manifest of earlier runs, by source; where there is none there are no rows.
func readManifest(path string) (map[string]row, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return map[string]row{}, nil
	}
	if err != nil {
		return nil, openError(path, err)
	}
	defer f.Close()
	rows, err := parseManifest(f)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInvalid, "kerbside.readManifest", fmt.Sprintf("%q is no manifest that Kerbside wrote, and is not replaced. Move it, or choose another folder with --out.", path), err)
	}
	bySource := map[string]row{}
	for _, r := range rows {
		bySource[sourceOf(r.file)] = r
	}
	return bySource, nil
}

// parseManifest reads what manifestCSV wrote.
func parseManifest(r io.Reader) ([]row, error) {
	reader := csv.NewReader(r)
	reader.FieldsPerRecord = len(manifestHeader)
	header, err := reader.Read()
	if err != nil || !slices.Equal(header, manifestHeader) {
		return nil, errors.New("another header")
	}
	var rows []row
	for {
		fields, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, errors.New("a line is not CSV")
		}
		line, _ := reader.FieldPos(0)
		seconds, err1 := strconv.ParseFloat(fields[2], 64)
		words, err2 := strconv.Atoi(fields[3])
		speed, err3 := strconv.ParseFloat(fields[4], 64)
		if err := errors.Join(err1, err2, err3); err != nil || fields[0] == "" {
			return nil, fmt.Errorf("line %d has other columns", line)
		}
		one := row{file: fields[0], status: fields[1], problem: fields[5], figures: figures{Seconds: seconds, Words: words}}
		if speed > 0 {
			one.figures.Wall = seconds / speed
		}
		rows = append(rows, one)
	}
}

func number(v float64, digits int) string { return strconv.FormatFloat(v, 'f', digits, 64) }

// metaRow is what a --meta file says of one recording.
type metaRow struct {
	date, caseRef, worker, kind string
}

var metaColumns = []string{"file", "date", "case", "worker", "kind"}

// readMeta reads a --meta file: a header with at least the column file, then a row for each recording.
func readMeta(path string) (map[string]metaRow, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, openError(path, err)
	}
	defer f.Close()
	meta, err := parseMeta(f)
	if err != nil {
		return nil, kerbside.E(kerbside.CodeInvalid, "kerbside.readMeta", fmt.Sprintf("%q: %s", path, message(err)), nil)
	}
	return meta, nil
}

func parseMeta(r io.Reader) (map[string]metaRow, error) {
	body := bufio.NewReader(r)
	if mark, _ := body.Peek(3); string(mark) == "\ufeff" { // a quoted header is one only without it
		_, _ = body.Discard(len(mark))
	}
	reader := csv.NewReader(body)
	reader.FieldsPerRecord = -1
	header, err := reader.Read()
	if err != nil {
		return nil, errors.New("it is not a CSV file with a header")
	}
	column := map[string]int{}
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		if slices.Contains(metaColumns, name) {
			column[name] = i
		}
	}
	if _, ok := column["file"]; !ok {
		return nil, errors.New("its header lacks the column file; the columns are " + strings.Join(metaColumns, ", "))
	}
	meta := map[string]metaRow{}
	for {
		fields, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return meta, nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return nil, fmt.Errorf("line %d is not CSV", broken.StartLine)
		}
		if err != nil {
			return nil, errors.New("it cannot be read to its end")
		}
		line, _ := reader.FieldPos(0)
		get := func(name string) string {
			if i, ok := column[name]; ok && i < len(fields) {
				return strings.TrimSpace(fields[i])
			}
			return ""
		}
		if !utf8.ValidString(strings.Join(fields, "")) {
			return nil, fmt.Errorf("line %d is not UTF-8", line)
		}
		if name := get("file"); name != "" {
			if _, twice := meta[name]; twice {
				return nil, fmt.Errorf("line %d names %q a second time", line, name)
			}
			m := metaRow{date: get("date"), caseRef: get("case"), worker: get("worker"), kind: get("kind")}
			if err := (task{visitDate: m.date, kind: kindOr(m.kind, kerbside.KindDebrief)}).check(); err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
			meta[name] = m
		}
	}
}

func kindOr(s string, other kerbside.RecordingKind) kerbside.RecordingKind {
	if s == "" {
		return other
	}
	return kerbside.RecordingKind(strings.ToLower(s))
}

// rowOf gives what the row for a path has in the column file: the path as given, or the file's name alone.
func rowOf(meta map[string]metaRow, path string) (file string, ok bool) {
	for _, file := range []string{path, filepath.Base(path)} {
		if _, ok := meta[file]; ok {
			return file, true
		}
	}
	return "", false
}

// apply sets what a --meta file says of a path.
func (t *task) apply(meta map[string]metaRow, path string) error {
	file, ok := rowOf(meta, path)
	if !ok {
		return nil
	}
	m := meta[file]
	if m.date != "" {
		t.visitDate = m.date
	}
	t.kind = kindOr(m.kind, t.kind)
	t.caseRef = m.caseRef
	if m.worker != "" {
		t.worker = kerbside.WorkerRef{Name: m.worker}
	}
	return t.check()
}
