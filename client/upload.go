package client

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kerbside"
)

// File is a recording to send. All but Visit and Date are needed.
type File struct {
	ClientID string // the same id is the same recording: it is never sent twice
	Name     string // for people
	Kind     kerbside.RecordingKind
	Date     string           // ISO 8601 or ""
	Visit    kerbside.VisitID // a new one when ""
	Size     int64
	SHA256   string
	Bytes    io.ReaderAt
}

// Note is a typed note to send. ClientID and Text are needed.
type Note struct {
	ClientID string // the same id is the same note: it is never added twice
	Visit    kerbside.VisitID
	Name     string // of its file, for people
	Date     string // of a new visit
	Text     string
}

// SendNote sends a note, once however often it is called.
func (c *Client) SendNote(ctx context.Context, n Note) (r Recording, err error) {
	return r, c.post(ctx, "/api/notes", map[string]string{"client_id": n.ClientID, "visit": string(n.Visit), "name": n.Name, "date": n.Date, "text": n.Text}, &r)
}

const (
	tusVersion = "1.0.0"
	tusPiece   = 8 << 20 // bytes of one request
)

// Upload sends a file by the tus protocol, from where the server has it on, and returns when the server has confirmed its SHA-256. A server that is away comes
// back: what was acknowledged stays. Sent counts the bytes that this call sent; progress, when not nil, is told how many the server has.
func (c *Client) Upload(ctx context.Context, f File, progress func(acknowledged int64)) (r Recording, sent int64, err error) {
	const op = "client.Upload"
	if progress == nil {
		progress = func(int64) {}
	}
	at, err := c.begin(ctx, f)
	if err != nil {
		return r, 0, err
	}
	id := kerbside.RecordingID(at[strings.LastIndex(at, "/")+1:])
	if sent, err = c.sendFrom(ctx, at, f, progress); err != nil {
		return r, sent, err
	}
	if r, err = c.Recording(ctx, id); err != nil {
		return r, sent, err
	}
	if !r.Safe() { // it was cut off between the last byte and the hash
		r, err = c.finish(ctx, id, f.SHA256)
	}
	if err == nil && r.SHA256 != f.SHA256 {
		err = kerbside.E(kerbside.CodeConflict, op, "The server has other bytes under this name. Was the file changed while it was sent? Run the same command again.", nil)
	}
	return r, sent, err
}

// sendFrom sends what the server has not, and asks again where to go on whenever the line breaks.
func (c *Client) sendFrom(ctx context.Context, at string, f File, progress func(int64)) (sent int64, err error) {
	var waited time.Duration // since there was any progress
	furthest := int64(-1)
	for tries := 0; ; tries++ {
		offset, err := c.offset(ctx, at)
		if err != nil {
			return sent, err
		}
		progress(offset)
		if offset > furthest {
			furthest, tries, waited = offset, 0, 0
		}
		for offset < f.Size && err == nil {
			n := min(tusPiece, f.Size-offset)
			var next int64
			if next, err = c.append(ctx, at, offset, io.NewSectionReader(f.Bytes, offset, n), n); err == nil {
				sent, offset = sent+next-offset, next
				progress(offset)
			}
		}
		switch {
		case err == nil:
			return sent, nil
		case !passing(err) && kerbside.CodeOf(err) != kerbside.CodeConflict: // a conflict: this is not where the file was left, or all of it is not what was announced
			return sent, err
		case waited >= c.o.Patience:
			return sent, err
		}
		d := wait(err, tries)
		if err := c.pause(ctx, d); err != nil {
			return sent, kerbside.E(kerbside.CodeCanceled, "client.sendFrom", "", err)
		}
		waited += d
	}
}

// begin announces a file and gives the path that it is sent to: that of before, when it was announced before.
func (c *Client) begin(ctx context.Context, f File) (at string, err error) {
	meta := map[string]string{"client_id": f.ClientID, "filename": f.Name, "kind": string(f.Kind), "date": f.Date, "visit": string(f.Visit), "sha256": f.SHA256}
	var pairs []string
	for _, k := range []string{"client_id", "filename", "kind", "date", "visit", "sha256"} {
		if meta[k] != "" {
			pairs = append(pairs, k+" "+base64.StdEncoding.EncodeToString([]byte(meta[k])))
		}
	}
	err = c.patiently(ctx, func() error {
		res, err := c.send(ctx, call{method: http.MethodPost, path: "/api/tus/", header: map[string]string{
			"Tus-Resumable": tusVersion, "Upload-Length": strconv.FormatInt(f.Size, 10), "Upload-Metadata": strings.Join(pairs, ","),
		}})
		if err != nil {
			return err
		}
		_ = res.Body.Close() // it is empty
		to, err := url.Parse(res.Header.Get("Location"))
		if err != nil || !strings.HasPrefix(to.Path, "/api/tus/") || to.Path == "/api/tus/" {
			return kerbside.E(kerbside.CodeInvalid, "client.begin", fmt.Sprintf("%s did not say where to send the file. Check the address.", c.base.Host), nil)
		}
		at = to.Path
		return nil
	})
	return at, err
}

func (c *Client) offset(ctx context.Context, at string) (n int64, err error) {
	err = c.patiently(ctx, func() error {
		res, err := c.send(ctx, call{method: http.MethodHead, path: at, header: map[string]string{"Tus-Resumable": tusVersion}})
		if err != nil {
			return err
		}
		_ = res.Body.Close() // it is empty
		n, err = readOffset(res)
		return err
	})
	return n, err
}

func (c *Client) append(ctx context.Context, at string, offset int64, body io.Reader, size int64) (int64, error) {
	res, err := c.send(ctx, call{method: http.MethodPatch, path: at, body: body, size: size, header: map[string]string{
		"Tus-Resumable": tusVersion, "Upload-Offset": strconv.FormatInt(offset, 10), "Content-Type": "application/offset+octet-stream",
	}})
	if err != nil {
		return 0, err
	}
	_ = res.Body.Close() // it is empty
	n, err := readOffset(res)
	if err == nil && (n <= offset || n > offset+size) {
		err = kerbside.E(kerbside.CodeUnavailable, "client.append", "The server lost its place in this file. What it has is safe; run the same command again.", nil)
	}
	return n, err
}

func readOffset(res *http.Response) (int64, error) {
	n, err := strconv.ParseInt(res.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || n < 0 {
		return 0, kerbside.E(kerbside.CodeUnavailable, "client.readOffset", "The server did not say how much of the file it has. Run the same command again.", nil)
	}
	return n, nil
}

// Recording asks how far a recording has come.
func (c *Client) Recording(ctx context.Context, id kerbside.RecordingID) (r Recording, err error) {
	return r, c.get(ctx, "/api/recordings/"+escape(id), nil, &r)
}

func (c *Client) finish(ctx context.Context, id kerbside.RecordingID, sum string) (r Recording, err error) {
	return r, c.post(ctx, "/api/recordings/"+escape(id)+"/finish", map[string]string{"sha256": sum}, &r)
}

// post makes a call that is harmless to make twice, and reads its answer.
func (c *Client) post(ctx context.Context, path string, in, out any) error {
	b, err := json.Marshal(in)
	if err != nil {
		return kerbside.E(kerbside.CodeInternal, "client.post", "", err)
	}
	return c.patiently(ctx, func() error {
		res, err := c.send(ctx, call{method: http.MethodPost, path: path, body: bytes.NewReader(b), header: map[string]string{"Content-Type": "application/json"}})
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if err := json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(out); err != nil {
			return c.unreached(ctx, err)
		}
		return nil
	})
}
