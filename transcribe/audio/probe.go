package audio

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"kerbside"
)

// Probe tells format, duration and date of a recording without decoding it. It refuses what Open refuses.
func Probe(ctx context.Context, path string, o Options) (Info, error) {
	const op = "audio.Probe"
	o = o.withDefaults()
	sf, err := openFile(op, path)
	if err != nil {
		return Info{}, err
	}
	src := fileSource(sf.File, sf.size)
	defer src.close()
	f, err := sniff(src.peek)
	if err != nil {
		return Info{}, withOp(op, err)
	}
	if f.own {
		h, err := readWAVHeader(src.reader(), src.size, o.Location)
		if err == nil {
			src.readTail(&h, o.Location)
			info := h.info(src.size)
			if h.dataSize == 0 || src.size-h.dataStart < int64(h.frameBytes) {
				return Info{}, noSound(op)
			}
			return info, nil
		}
		if !errors.Is(err, errForeignCodec) {
			return Info{}, withOp(op, err)
		}
	}
	p, err := probe(ctx, op, sf.File, f, o)
	if err != nil {
		return Info{}, err
	}
	return Info{Container: f.demuxer, Codec: p.codec, SampleRate: p.rate, Channels: p.channels, DurationMS: p.durationMS, Recorded: p.recorded, RecordedDateOnly: p.dateOnly}, nil
}

type probed struct {
	codec      string
	rate       int
	channels   int
	durationMS int64
	recorded   time.Time
	dateOnly   bool
}

// probe asks ffprobe, which is confined as ffmpeg is.
func probe(ctx context.Context, op string, file *os.File, f format, o Options) (probed, error) {
	out, log, err := runProbe(ctx, op, file, o, append([]string{"-codec_whitelist", decoders}, inputArgs(f, true)...))
	if err != nil && strings.Contains(log, "not on whitelist") {
		// ffprobe gives up on a picture track whose decoder it may not open. Then it may open it, but decode nothing.
		out, log, err = runProbe(ctx, op, file, o, append([]string{"-nofind_stream_info"}, inputArgs(f, true)...))
	}
	if kerbside.CodeOf(err) == kerbside.CodeInternal {
		return probed{}, explain(op, log, err)
	}
	if err != nil {
		return probed{}, err
	}
	return readProbe(op, out, log, o.Location)
}

// runProbe returns what ffprobe wrote to stdout and stderr. Its exit status is the only error that is not a kerbside.Error.
func runProbe(ctx context.Context, op string, file *os.File, o Options, args []string) (out, log string, err error) {
	args = append(args, "-select_streams", "a:0", "-of", "json", "-show_entries",
		"format=duration:format_tags=creation_time,date,com.apple.quicktime.creationdate:stream=codec_name,sample_rate,channels,duration:stream_tags=creation_time")
	cmd, err := command(ctx, ffprobeBeside(o.FFmpeg), args...)
	if err != nil {
		return "", "", ffmpegMissing(op, err)
	}
	stdout, stderr := &boundedBuffer{max: maxMetadata}, &boundedBuffer{max: maxStderr}
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = stdout, stderr, []*os.File{file}
	if err := start(op, cmd, o.Limits); err != nil {
		return "", "", err
	}
	err = cmd.Wait()
	if ctx.Err() != nil {
		return "", "", canceled(op, ctx.Err())
	}
	if signaled(err) {
		err = beyondLimits(op, err)
	}
	return stdout.String(), stderr.String(), err
}

func readProbe(op, text, log string, loc *time.Location) (probed, error) {
	type tags map[string]string
	var out struct {
		Streams []struct {
			Codec    string `json:"codec_name"`
			Rate     string `json:"sample_rate"`
			Channels int    `json:"channels"`
			Duration string `json:"duration"`
			Tags     tags   `json:"tags"`
		} `json:"streams"`
		Format struct {
			Duration string `json:"duration"`
			Tags     tags   `json:"tags"`
		} `json:"format"`
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		return probed{}, explain(op, log, nil)
	}
	if len(out.Streams) == 0 {
		return probed{}, noSoundTrack(op)
	}
	st := out.Streams[0]
	p := probed{codec: st.Codec, channels: st.Channels, durationMS: millis(st.Duration)}
	p.rate, _ = strconv.Atoi(st.Rate)
	if p.durationMS == 0 {
		p.durationMS = millis(out.Format.Duration)
	}
	for _, s := range []string{out.Format.Tags["com.apple.quicktime.creationdate"], out.Format.Tags["creation_time"], st.Tags["creation_time"], out.Format.Tags["date"], out.Format.Tags["DATE"]} {
		if t, dateOnly, ok := parseDate(s, loc); ok {
			p.recorded, p.dateOnly = t, dateOnly
			break
		}
	}
	return p, nil
}

func millis(seconds string) int64 {
	v, err := strconv.ParseFloat(seconds, 64)
	if err != nil || !(v > 0 && v < 1e9) {
		return 0
	}
	return int64(v*1000 + 0.5)
}

func ffprobeBeside(ffmpeg string) string {
	dir, name := filepath.Split(ffmpeg)
	if i := strings.LastIndex(name, "ffmpeg"); i >= 0 {
		name = name[:i] + "ffprobe" + name[i+len("ffmpeg"):]
	} else {
		name = "ffprobe"
	}
	return dir + name
}
