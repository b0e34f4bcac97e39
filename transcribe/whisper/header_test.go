//go:build cgo

package whisper

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kerbside"
)

// part gives the first n bytes of a model without copying it.
func part(t testing.TB, name string, n int64) (io.ReadSeeker, int64) {
	t.Helper()
	f, err := os.Open(modelPath(t, name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	st, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if n < 0 {
		n = st.Size() + n + 1 // -1 is the whole file
	}
	return io.NewSectionReader(f, 0, n), n
}

func TestCheckTruncated(t *testing.T) {
	for name, check := range map[string]func(io.ReadSeeker, int64) error{modelName: checkModel, vadName: checkVAD} {
		if err := check(part(t, name, -1)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, n := range []int64{0, 1, 4, 20, 47, 48, 56, 1000, 70_000, 500_000, 800_000, -2, -3, -1000} {
			if err := check(part(t, name, n)); err == nil {
				t.Errorf("%s cut at %d passes", name, n)
			}
		}
	}
	// The end of a tensor is an end that the library takes for the file's.
	src, n := part(t, vadName, -1)
	whole, err := io.ReadAll(src)
	if err != nil {
		t.Fatal(err)
	}
	last := bytes.LastIndex(whole, []byte("_model.stft.forward_basis_buffer")) - 6*4
	if err := checkVAD(bytes.NewReader(whole[:last]), int64(last)); err == nil || !strings.Contains(err.Error(), "14 tensors") {
		t.Errorf("without its last tensor: %v", err)
	}
	if err := checkVAD(bytes.NewReader(append(whole, 0)), n+1); err == nil {
		t.Error("a byte too many passes")
	}
}

// modelHead is the start of a base model: magic, sizes, mel filters, a vocabulary of empty words, and a tensor's header.
func modelHead(change func([]int32)) []byte {
	h := []int32{magic, 51865, 1500, 512, 8, 6, 448, 512, 8, 6, 80, 2007, 80, 201}
	if change != nil {
		change(h)
	}
	var b bytes.Buffer
	put := func(v ...int32) {
		for _, x := range v {
			_ = binary.Write(&b, binary.LittleEndian, x)
		}
	}
	put(h...)
	b.Write(make([]byte, 80*201*4))
	put(50257)
	b.Write(make([]byte, 50257*4))
	return b.Bytes()
}

func TestCheckHostile(t *testing.T) {
	set := func(i int, v int32) func([]int32) { return func(h []int32) { h[i] = v } }
	le := func(v ...int32) []byte {
		var b []byte
		for _, x := range v {
			b = binary.LittleEndian.AppendUint32(b, uint32(x))
		}
		return b
	}
	good := modelHead(nil)
	tests := map[string]struct {
		file []byte
		says string
	}{
		"magic":             {modelHead(set(0, 0x46554747)), "not a ggml file"},
		"vocabulary":        {modelHead(set(1, -1)), "n_vocab"},
		"audio context":     {modelHead(set(2, 1<<30)), "n_audio_ctx"},
		"width":             {modelHead(set(3, 1<<20)), "n_audio_state"},
		"no heads":          {modelHead(set(4, 0)), "n_audio_head"},
		"odd heads":         {modelHead(set(4, 7)), "heads"},
		"layers":            {modelHead(set(5, 1<<31-1)), "n_audio_layer"},
		"text context":      {modelHead(set(6, 0)), "n_text_ctx"},
		"unequal widths":    {modelHead(set(7, 384)), "n_text_state"},
		"negative layers":   {modelHead(set(9, -6)), "n_text_layer"},
		"mels":              {modelHead(set(10, 81)), "n_mels"},
		"file type":         {modelHead(set(11, 99)), "file type"},
		"filters":           {modelHead(set(12, 1<<28)), "mel filters"},
		"no tensors":        {good, "0 tensors"},
		"many dimensions":   {append(good[:len(good):len(good)], le(9, 1, 1)...), "dimensions"},
		"no dimensions":     {append(good[:len(good):len(good)], le(0, 1, 1)...), "dimensions"},
		"tensor type":       {append(good[:len(good):len(good)], le(1, 1, 4096, 1)...), "type 4096"},
		"negative name":     {append(good[:len(good):len(good)], le(1, -5, 1, 1)...), "a name"},
		"long name":         {append(good[:len(good):len(good)], le(1, 1<<30, 1, 1)...), "a name"},
		"negative length":   {append(good[:len(good):len(good)], le(1, 1, 1, -1)...), "length"},
		"overflowing shape": {append(good[:len(good):len(good)], le(3, 1, 1, 1<<20, 1<<20, 1<<20)...), "shape"},
		"broken row":        {append(good[:len(good):len(good)], append(le(1, 1, 8, 33), 'x')...), "rows of 33"},
		"missing data":      {append(good[:len(good):len(good)], append(le(1, 1, 1, 1000), 'x')...), "file ends"},
		"twice": {append(append(good[:len(good):len(good)], append(le(1, 1, 1, 1), 'x', 0, 0)...),
			append(le(1, 1, 1, 1), 'x', 0, 0)...), "twice"},
	}
	dir := t.TempDir()
	for name, tt := range tests {
		err := checkModel(bytes.NewReader(tt.file), int64(len(tt.file)))
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", name, err)
		}
		path := filepath.Join(dir, "ggml-bad.bin")
		if err := os.WriteFile(path, tt.file, 0o600); err != nil {
			t.Fatal(err)
		}
		for kind, open := range map[string]func() error{
			"model": func() error { _, err := Open(path, Options{}); return err },
			"VAD":   func() error { _, err := OpenVAD(path, 1); return err },
		} {
			err := open()
			if kerbside.CodeOf(err) != kerbside.CodeInvalid || !strings.Contains(kerbside.MessageOf(err), "ggml-bad.bin") {
				t.Errorf("%s opened as a %s: %v", name, kind, err)
			}
		}
	}
	if _, err := Open(filepath.Join(dir, "none.bin"), Options{}); kerbside.CodeOf(err) != kerbside.CodeNotFound {
		t.Error(err)
	}
	if _, err := Open(dir, Options{}); kerbside.CodeOf(err) != kerbside.CodeInvalid {
		t.Error(err)
	}
}

// Neither check may panic or take more memory than the file is long, and what passes has consistent sizes.
func FuzzCheckModel(f *testing.F) {
	f.Add(modelHead(nil)[:2000])
	f.Add([]byte("lmgg"))
	f.Add(binary.LittleEndian.AppendUint32(nil, magic))
	vad := binary.LittleEndian.AppendUint32(nil, magic)
	vad = append(binary.LittleEndian.AppendUint32(vad, 10), "silero-16k"...)
	f.Add(append(vad, make([]byte, 100)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		size := int64(len(data))
		if checkModel(bytes.NewReader(data), size) == nil && size < 1<<20 {
			t.Error("a model in a file of", size, "bytes")
		}
		if checkVAD(bytes.NewReader(data), size) == nil && size < 800_000 {
			t.Error("a voice detector in a file of", size, "bytes")
		}
		r := newReader(bytes.NewReader(data), size)
		_ = checkTensors(r, 1, 8)
		_ = checkVocab(newReader(bytes.NewReader(data), size), 51865)
		if r.at > size {
			t.Error("read past the end")
		}
	})
}
