package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/sys/unix"

	"kerbside/models"
)

// knownSpeech is a synthetic voice saying knownWords.
//
//go:embed known.wav
var knownSpeech []byte

var knownWords = []string{"the", "weather", "is", "warm", "and", "sunny", "today"}

// leastFree is what a disk should have free, in bytes: a few days of recordings.
const leastFree = 2 << 30

func (c *command) doctorCommand() *cli.Command {
	return &cli.Command{
		Name:  "doctor",
		Usage: "check every part, and say for each fault what mends it",
		Flags: []cli.Flag{
			dataFlag(), databaseFlag(),
			&cli.StringFlag{Name: "llm-url", EnvVars: []string{"KERBSIDE_LLM_URL"}, Usage: "`URL` of an OpenAI-compatible endpoint, if one is used"},
		},
		Action: func(ctx *cli.Context) error {
			d := &doctor{c: c, ctx: ctx}
			for _, check := range []func() finding{d.cpu, d.model, d.vad, d.engine, d.ffmpeg, d.disk, d.database, d.llm, d.speech} {
				d.found = append(d.found, check())
				if err := ctx.Context.Err(); err != nil {
					return err
				}
			}
			w := tabwriter.NewWriter(c.stdout, 0, 4, 2, ' ', 0)
			for _, f := range d.found {
				fmt.Fprintf(w, "%s\t%s\t%s\n", f.state, f.part, f.detail)
				if f.mend != "" {
					fmt.Fprintf(w, "\t\tmend: %s\n", f.mend)
				}
			}
			if err := w.Flush(); err != nil {
				return err
			}
			for _, f := range d.found {
				if f.state == stateFault {
					return errNamed
				}
			}
			return nil
		},
	}
}

// The states of a part.
const (
	stateOK    = "ok"
	stateNote  = "note" // worth knowing; nothing that is needed is missing
	stateFault = "FAULT"
)

// finding is what was found of one part.
type finding struct {
	state, part, detail string
	mend                string // the one command that mends it
}

func faultOf(part string, err error, mend string) finding {
	return finding{stateFault, part, message(err), mend}
}

// doctor is one examination.
type doctor struct {
	c     *command
	ctx   *cli.Context
	found []finding
}

func (d *doctor) cpu() finding {
	return finding{stateOK, "processor", fmt.Sprintf("%s, %d cores; %s", runtime.GOARCH, runtime.NumCPU(), engineBuild()), ""}
}

func (d *doctor) installed(part, name string) finding {
	store, err := d.c.modelStore(d.ctx)
	if err != nil {
		return faultOf(part, err, "kerbside doctor --models-dir FOLDER")
	}
	path, err := store.Path(d.ctx.Context, name)
	if err != nil {
		return faultOf(part, err, "kerbside models pull "+name)
	}
	return finding{stateOK, part, path, ""}
}

func (d *doctor) model() finding { return d.installed("model", models.DefaultWhisper) }

func (d *doctor) vad() finding { return d.installed("voice detector", models.DefaultVAD) }

func (d *doctor) engine() finding {
	p, err := d.c.openPipeline(d.ctx)
	if err != nil {
		return faultOf("engine", err, "make build")
	}
	defer p.close()
	info, err := p.engineInfo(d.ctx.Context)
	if err != nil {
		return faultOf("engine", err, "make build && kerbside models pull "+models.DefaultWhisper+" "+models.DefaultVAD)
	}
	return finding{stateOK, "engine", fmt.Sprintf("%s %s on %s, %d states; %s", info.Name, info.Version, info.Device, info.States, strings.Join(strings.Fields(info.SystemInfo), " ")), ""}
}

func (d *doctor) ffmpeg() finding {
	const mend = "sudo apt-get install ffmpeg"
	path, err := exec.LookPath("ffmpeg")
	if err != nil {
		return finding{stateFault, "ffmpeg", "not found: recordings other than WAV cannot be read", mend}
	}
	out, err := exec.CommandContext(d.ctx.Context, path, "-version").Output()
	if err != nil {
		return faultOf("ffmpeg", err, mend)
	}
	first, _, _ := strings.Cut(string(out), " Copyright")
	return finding{stateOK, "ffmpeg", first, ""}
}

// disk looks at the folder where recordings are kept, or the nearest one above it that exists.
func (d *doctor) disk() finding {
	dir := d.ctx.String("data")
	for {
		if _, err := os.Stat(dir); err == nil || filepath.Dir(dir) == dir {
			break
		}
		dir = filepath.Dir(dir)
	}
	free, err := freeBytes(dir)
	if err != nil {
		return faultOf("disk", err, "kerbside doctor --data FOLDER")
	}
	detail := fmt.Sprintf("%.1f GB free below %s", float64(free)/1e9, dir)
	if free < leastFree {
		return finding{stateFault, "disk", detail + ": too little to record on", "free some space, or kerbside serve --data FOLDER on a larger disk"}
	}
	if err := unix.Access(dir, unix.W_OK); err != nil {
		return finding{stateFault, "disk", dir + " cannot be written", "sudo chown -R $USER " + dir}
	}
	return finding{stateOK, "disk", detail, ""}
}

func (d *doctor) database() finding {
	at := databaseAddress(d.ctx)
	if at.there() != nil {
		return finding{stateNote, "database", "none yet; `kerbside serve` makes one in " + at.String(), ""}
	}
	if err := at.check(d.ctx.Context); err != nil {
		mend := "restore the newest backup of " + at.String()
		if at.server() {
			mend = "start its server, name another with --database, or restore the newest backup"
		}
		return faultOf("database", err, mend)
	}
	return finding{stateOK, "database", at.String(), ""}
}

func (d *doctor) llm() finding {
	url := d.ctx.String("llm-url")
	if url == "" {
		return finding{stateNote, "language model", "none configured; none is needed", ""}
	}
	ctx, cancel := context.WithTimeout(d.ctx.Context, 5*time.Second)
	defer cancel()
	mend := "start the server, or unset KERBSIDE_LLM_URL"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(url, "/")+"/models", http.NoBody)
	if err != nil {
		return finding{stateFault, "language model", "the address is not a URL", mend}
	}
	if key := os.Getenv("KERBSIDE_LLM_KEY"); key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return finding{stateFault, "language model", "no answer at the address", mend}
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 1<<20)) // only the status matters
	if response.StatusCode != http.StatusOK {
		return finding{stateFault, "language model", "it answers " + response.Status, mend}
	}
	return finding{stateOK, "language model", "answers", ""}
}

// speech transcribes known words through every part.
func (d *doctor) speech() finding {
	for _, f := range d.found {
		if f.state == stateFault && (f.part == "engine" || f.part == "model" || f.part == "voice detector") {
			return finding{stateFault, "speech", "not tried: see above", ""}
		}
	}
	p, err := d.c.openPipeline(d.ctx)
	if err != nil {
		return faultOf("speech", err, "make build")
	}
	defer p.close()
	transcript, err := p.transcribeKnown(d.ctx.Context, 1)
	if err != nil {
		return faultOf("speech", err, "make build")
	}
	heard := 0
	said := strings.ToLower(transcript.Text)
	for _, w := range knownWords {
		if strings.Contains(said, w) {
			heard++
		}
	}
	detail := fmt.Sprintf("%d of %d known words heard", heard, len(knownWords))
	if heard < len(knownWords)-1 {
		return finding{stateFault, "speech", detail, "kerbside models pull " + models.DefaultWhisper}
	}
	return finding{stateOK, "speech", detail, ""}
}

// freeBytes is what an ordinary user can still write below dir.
func freeBytes(dir string) (uint64, error) {
	var fs unix.Statfs_t
	err := unix.Statfs(dir, &fs)
	return fs.Bavail * uint64(fs.Bsize), err
}
