package bundle

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"math"
)

// file is one file of a bundle.
type file struct {
	name string
	body []byte
}

// pack writes files as a ZIP in one way only: stored, in their order, without times, comments or extra fields. So a bundle can be made again
// from what was read of it, byte for byte, and whatever else stands in the file is found. archive/zip reads it but does not promise
// to write the same bytes in ten years.
func pack(files []file) ([]byte, error) {
	var out, directory bytes.Buffer
	little := binary.LittleEndian
	for _, f := range files {
		if uint64(len(f.body)) > math.MaxUint32 || uint64(out.Len())+uint64(len(f.body)) > math.MaxUint32-1<<20 || len(files) > math.MaxUint16-1 || len(f.name) > math.MaxUint16 {
			return nil, fmt.Errorf("bundle.pack: more than a ZIP holds")
		}
		var common []byte // version needed, flags (names are UTF-8), method, time and day (1 January 1980), CRC, sizes, lengths of name and extra field
		common = little.AppendUint16(common, 20)
		common = little.AppendUint16(common, 1<<11)
		common = little.AppendUint16(common, 0)
		common = little.AppendUint32(common, 1<<21|1<<16)
		common = little.AppendUint32(common, crc32.ChecksumIEEE(f.body))
		common = little.AppendUint32(common, uint32(len(f.body)))
		common = little.AppendUint32(common, uint32(len(f.body)))
		common = little.AppendUint16(common, uint16(len(f.name)))
		common = little.AppendUint16(common, 0)

		head := little.AppendUint32(nil, 0x02014b50)
		head = little.AppendUint16(head, 20) // made by
		head = append(head, common...)
		head = append(head, make([]byte, 10)...) // comment, disk, attributes
		head = little.AppendUint32(head, uint32(out.Len()))
		directory.Write(append(head, f.name...))

		out.Write(append(little.AppendUint32(nil, 0x04034b50), common...))
		out.WriteString(f.name)
		out.Write(f.body)
	}
	end := little.AppendUint32(nil, 0x06054b50)
	end = append(end, 0, 0, 0, 0)
	end = little.AppendUint16(end, uint16(len(files)))
	end = little.AppendUint16(end, uint16(len(files)))
	end = little.AppendUint32(end, uint32(directory.Len()))
	end = little.AppendUint32(end, uint32(out.Len()))
	end = append(end, 0, 0)
	out.Write(directory.Bytes())
	out.Write(end)
	return out.Bytes(), nil
}

// unpack reads what pack wrote, and nothing else.
func unpack(b []byte) ([]file, error) {
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return nil, fmt.Errorf("not a ZIP: %w", err)
	}
	var files []file
	for _, f := range z.File {
		if f.Method != zip.Store || f.UncompressedSize64 > uint64(len(b)) {
			return nil, fmt.Errorf("a file that is not stored as it is")
		}
		r, err := f.Open()
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		files = append(files, file{f.Name, body})
	}
	again, err := pack(files)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(again, b) {
		return nil, fmt.Errorf("bytes that belong to no file")
	}
	return files, nil
}
