package service

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	mrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kerbside"
	"kerbside/audit"
	"kerbside/storage/fs"
	"kerbside/storage/seal"
	"kerbside/storage/sqlite"
)

const killFolder = "KERBSIDE_KILL_TEST_FOLDER" // set in the child

// kills is small in an ordinary run; scripts/prove-kill.py asks for more.
var kills = flag.Int("kills", 12, "how often TestKill kills")

// resumeTime is how long after a start work that was cut off may take to be done by the one stage that is taken up first.
const resumeTime = 10 * time.Second

// acknowledged is what the child has been told is safe, or has decided; it prints one a line, after the service has returned.
type acknowledged struct {
	Recording kerbside.RecordingID
	Visit     kerbside.VisitID
	Take, Seq int
	Part      string // of a chunk
	Whole     string // of a finished recording
	Approved  []kerbside.Covered
	Resumed   time.Duration // from the start of a process that found work to the end of its first stage
}

// firstStage tells when the first stage of a process ended.
type firstStage struct {
	once sync.Once
	done func()
}

func (f *firstStage) Job(_ kerbside.JobKind, outcome string, _ time.Duration) {
	if outcome == "done" {
		f.once.Do(f.done)
	}
}

func (*firstStage) Sound(time.Duration) {}
func (*firstStage) Tidied(int, int)     {}

// slowTranscriber takes a moment, so that kills fall into it.
type slowTranscriber struct{ fakeTranscriber }

func (s *slowTranscriber) Transcribe(ctx context.Context, sound kerbside.Sound, o kerbside.TranscribeOptions, p func(kerbside.TranscribeProgress)) (*kerbside.Transcript, error) {
	time.Sleep(5 * time.Millisecond)
	return s.fakeTranscriber.Transcribe(ctx, sound, o, p)
}

func openKill(ctx context.Context, folder string, o Observer) (*sqlite.DB, *seal.Blobs, *Service, error) {
	db, err := sqlite.Open(ctx, filepath.Join(folder, "k.db"), sqlite.Options{})
	if err != nil {
		return nil, nil, nil, err
	}
	blobs, err := fs.Open(filepath.Join(folder, "blobs"))
	if err != nil {
		return nil, nil, nil, errors.Join(err, db.Close())
	}
	log, err := audit.OpenFile(filepath.Join(folder, "audit.key"), rand.Reader)
	if err != nil {
		return nil, nil, nil, errors.Join(err, db.Close(), blobs.Close())
	}
	master, err := killMaster(folder)
	if err != nil {
		return nil, nil, nil, errors.Join(err, db.Close(), blobs.Close())
	}
	ring, err := seal.NewRing(ctx, db, master, nil)
	if err != nil {
		return nil, nil, nil, errors.Join(err, db.Close(), blobs.Close())
	}
	sealed := seal.NewBlobs(blobs, ring)
	s, err := New(Deps{Store: seal.NewStore(db, ring), Blobs: sealed, Queue: db, Transcriber: &slowTranscriber{}, Extractor: &fakeExtractor{}, Drafter: &fakeDrafter{}, Exporter: fakeExporter{}, Audit: log, Observer: o, Limits: Limits{Open: 1 << 20}})
	return db, sealed, s, err
}

// killMaster reads the key file of the folder, which is made by whoever comes first.
func killMaster(folder string) (*seal.Master, error) {
	path := filepath.Join(folder, "master.key")
	m, err := seal.ReadMaster(path)
	if kerbside.CodeOf(err) == kerbside.CodeNotFound {
		if m, err = seal.NewMaster(); err == nil {
			err = m.Write(path, time.Now())
		}
	}
	return m, err
}

// TestMain runs the child of TestKill or TestTidyAfterCrashes when it is told to.
func TestMain(m *testing.M) {
	flag.Parse()
	if folder := os.Getenv(crashFolder); folder != "" {
		if err := crashChild(folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(3)
		}
		os.Exit(0)
	}
	if folder := os.Getenv(killFolder); folder != "" {
		if err := ingestForEver(folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(3) // it does not end by itself
	}
	os.Exit(m.Run())
}

// ingestForEver sends recordings, has them worked, and approves what is drafted, until it is killed.
func ingestForEver(folder string) error {
	ctx := context.Background()
	began := time.Now()
	stage := &firstStage{done: func() {}}
	db, _, s, err := openKill(ctx, folder, stage)
	if err != nil {
		return err
	}
	first, err := s.FirstStart(ctx, "Northmoor")
	if err != nil {
		return err
	}
	u := first.Manager.User
	failed := make(chan error, 4)
	var out sync.Mutex
	say := func(a acknowledged) error {
		b, err := json.Marshal(a)
		if err != nil {
			return err
		}
		out.Lock()
		defer out.Unlock()
		_, err = os.Stdout.Write(append(b, '\n'))
		return err
	}
	left := 0
	err = db.View(ctx, func(tx kerbside.Tx) error {
		counts, err := tx.JobCounts()
		for _, c := range counts {
			if c.State != "aside" {
				left += int(c.N)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if left > 0 {
		stage.done = func() { _ = say(acknowledged{Resumed: time.Since(began)}) }
	}
	go func() { failed <- s.Run(ctx) }()
	for i := range 3 {
		go func() {
			for {
				if err := []func(context.Context, *Service, kerbside.User, func(acknowledged) error) error{ingestOne, uploadOne, appendOne}[i](ctx, s, u, say); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	go func() {
		for {
			if err := approveAll(ctx, s, u, say); err != nil {
				failed <- err
				return
			}
		}
	}()
	return <-failed
}

func ingestOne(ctx context.Context, s *Service, u kerbside.User, say func(acknowledged) error) error {
	r, err := s.StartRecording(ctx, u, RecordingInput{})
	if err != nil {
		return err
	}
	var whole bytes.Buffer
	for seq := range 3 {
		part := fmt.Sprintf("%s part %d. ", rand.Text(), seq)
		if _, err := s.PutChunk(ctx, u, r.ID, 1, seq, kerbside.HexSHA256([]byte(part)), strings.NewReader(part)); err != nil {
			return err
		}
		whole.WriteString(part)
		if err := say(acknowledged{Recording: r.ID, Take: 1, Seq: seq, Part: part}); err != nil {
			return err
		}
	}
	if _, err := s.FinishRecording(ctx, u, r.ID, FinishInput{SHA256: kerbside.HexSHA256(whole.Bytes())}); err != nil {
		return err
	}
	return say(acknowledged{Recording: r.ID, Visit: r.Visit, Whole: whole.String()})
}

// uploadOne sends a file in one go.
func uploadOne(ctx context.Context, s *Service, u kerbside.User, say func(acknowledged) error) error {
	whole := rand.Text() + " was sent."
	r, err := s.UploadFile(ctx, u, RecordingInput{}, strings.NewReader(whole))
	if err != nil {
		return err
	}
	return say(acknowledged{Recording: r.ID, Visit: r.Visit, Whole: whole})
}

// appendOne sends a file in pieces, as a resumable upload does.
func appendOne(ctx context.Context, s *Service, u kerbside.User, say func(acknowledged) error) error {
	whole := rand.Text() + " was sent in pieces."
	r, err := s.StartRecording(ctx, u, RecordingInput{Bytes: int64(len(whole))})
	if err != nil {
		return err
	}
	for at := 0; at < len(whole); {
		n, err := s.Append(ctx, u, r.ID, int64(at), strings.NewReader(whole[at:min(at+20, len(whole))]))
		if err != nil {
			return err
		}
		at += int(n)
	}
	if _, err := s.FinishRecording(ctx, u, r.ID, FinishInput{SHA256: kerbside.HexSHA256([]byte(whole))}); err != nil {
		return err
	}
	return say(acknowledged{Recording: r.ID, Visit: r.Visit, Whole: whole})
}

func approveAll(ctx context.Context, s *Service, u kerbside.User, say func(acknowledged) error) error {
	rows, err := s.Visits(ctx, u, ListMine)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Visit.State != kerbside.VisitDrafted {
			continue
		}
		v, err := s.Visit(ctx, u, row.Visit.ID)
		if err != nil {
			return err
		}
		if err := s.Approve(ctx, u, v.Visit.ID, ApproveInput{Covers: v.Covers(), Confirmed: required(v)}); err != nil {
			return err
		}
		if err := say(acknowledged{Visit: v.Visit.ID, Approved: v.Covers()}); err != nil {
			return err
		}
	}
	time.Sleep(time.Millisecond)
	return nil
}

// TestKill kills a process that takes in, works and approves at random moments, and wants back all that it was told is safe. A kill
// does not show that the disk was synced; the order of writes is tested where they are made.
func TestKill(t *testing.T) {
	folder := t.TempDir()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	random := mrand.New(mrand.NewPCG(1, 2))
	var told []acknowledged
	for range *kills {
		told = append(told, killOnce(t, exe, folder, 4+random.IntN(24), time.Duration(random.IntN(40_000))*time.Microsecond)...)
	}
	ctx := t.Context()
	db, blobs, s, err := openKill(ctx, folder, nil)
	if err != nil {
		t.Fatal(err)
	}
	runCtx, stop := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- s.Run(runCtx) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-done, db.Close()); err != nil {
			t.Error(err)
		}
	})
	first, err := s.FirstStart(ctx, "Northmoor")
	if err != nil {
		t.Fatal(err)
	}
	u := first.Manager.User
	counts := map[string]int{}
	var slowest time.Duration
	for _, a := range told {
		switch {
		case a.Resumed > 0:
			counts["resumed"]++
			slowest = max(slowest, a.Resumed)
		case a.Approved != nil:
			counts["approvals"]++
			v, err := s.Visit(ctx, u, a.Visit)
			if err != nil || len(v.Reviews) != 1 || !v.Reviews[0].Current || v.Visit.State != kerbside.VisitApproved {
				t.Errorf("approval of %s: %+v (%v)", a.Visit, v, err)
			}
		case a.Whole != "":
			counts["recordings"]++
			if got := playAll(t, s, u, a.Recording); got != a.Whole {
				t.Errorf("recording %s holds %q, not %q", a.Recording, got, a.Whole)
			}
			awaitWorked(t, s, u, a.Visit, a.Whole)
		default:
			counts["chunks"]++
			if !holdsChunk(t, s, blobs, u, a) {
				t.Errorf("chunk %d of %s is lost", a.Seq, a.Recording)
			}
		}
	}
	doubled := 0
	err = db.View(ctx, func(tx kerbside.Tx) error {
		visits, err := tx.Visits(u.Org, kerbside.VisitFilter{})
		for _, v := range visits {
			reviews, reviewErr := tx.Reviews(v.Org, v.ID)
			if err = errors.Join(err, reviewErr); len(reviews) > 1 {
				doubled++
				t.Errorf("visit %s was approved more than once", v.ID)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if slowest > resumeTime {
		t.Errorf("work was taken up again only after %v", slowest)
	}
	t.Logf("%d kills: %d pieces, %d recordings and %d approvals were acknowledged, 0 lost; %d approvals doubled; %d starts found work, the slowest had ended a stage of it after %d ms",
		*kills, counts["chunks"], counts["recordings"], counts["approvals"], doubled, counts["resumed"], slowest.Milliseconds())
	if counts["chunks"] < *kills || counts["recordings"] < *kills || counts["approvals"] == 0 || counts["resumed"] == 0 {
		t.Fatalf("too little was going on to show anything: %v", counts)
	}
}

// killOnce runs the child until it has printed so many lines and a moment longer, and gives what it printed in whole lines before it was
// killed.
func killOnce(t *testing.T, exe, folder string, count int, moment time.Duration) []acknowledged {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = append(os.Environ(), killFolder+"="+folder)
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var told []acknowledged
	lines := bufio.NewScanner(pipe)
	for n := 1; lines.Scan(); n++ {
		if n == count {
			time.AfterFunc(moment, func() { _ = cmd.Process.Kill() })
		}
		var a acknowledged
		if err := json.Unmarshal(lines.Bytes(), &a); err == nil {
			told = append(told, a)
		}
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the child ended by itself: %v", err)
	}
	return told
}

func playAll(t *testing.T, s *Service, u kerbside.User, id kerbside.RecordingID) string {
	t.Helper()
	f, r, err := s.Audio(t.Context(), u, id)
	if err != nil {
		t.Error(err)
		return ""
	}
	b, err := io.ReadAll(f)
	if err := errors.Join(err, f.Close()); err != nil || kerbside.HexSHA256(b) != r.SHA256 {
		t.Error(err)
	}
	return string(b)
}

// holdsChunk looks for a chunk's bytes: by itself, or in the recording that it became part of.
func holdsChunk(t *testing.T, s *Service, blobs kerbside.BlobStore, u kerbside.User, a acknowledged) bool {
	t.Helper()
	chunks, err := s.Chunks(t.Context(), u, a.Recording)
	if err != nil {
		t.Error(err)
		return false
	}
	for _, c := range chunks {
		if c.Take != a.Take || c.Seq != a.Seq {
			continue
		}
		f, err := blobs.Open(t.Context(), c.Blob)
		if kerbside.CodeOf(err) == kerbside.CodeNotFound {
			return strings.Contains(playAll(t, s, u, a.Recording), a.Part)
		}
		if err != nil {
			t.Error(err)
			return false
		}
		b, err := io.ReadAll(f)
		return errors.Join(err, f.Close()) == nil && string(b) == a.Part && c.SHA256 == kerbside.HexSHA256(b)
	}
	return false
}

// awaitWorked wants a finished recording transcribed and drafted, whatever was killed while it was worked.
func awaitWorked(t *testing.T, s *Service, u kerbside.User, id kerbside.VisitID, whole string) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		v, err := s.Visit(t.Context(), u, id)
		if err != nil {
			t.Error(err)
			return
		}
		if len(v.Drafts) == len(kerbside.Audiences()) && len(v.Transcripts) == 1 && v.Transcripts[0].Transcript.Text == strings.TrimSpace(whole) && v.Visit.State != kerbside.VisitProcessing {
			return
		}
		if time.Now().After(end) {
			t.Errorf("visit %s is %s (%s) with %d drafts", id, v.Visit.State, v.Visit.Reason, len(v.Drafts))
			return
		}
	}
}
