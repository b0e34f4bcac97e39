// Package models keeps the weights that the recogniser runs on: a catalogue of what is known, fetching with checksums, conversion of
// other layouts to ggml, and a folder of installed files that can be verified at any time.
//
// Three layouts are read. A ggml file (what whisper.cpp loads) is checked and copied. A CTranslate2 folder (what faster-whisper loads)
// is converted, one piece of one tensor at a time, so that memory does not grow with the model. The Silero voice activity weights are
// converted from safetensors. Nothing is ever executed or unpickled on the way: all three are plain tables of numbers.
//
// A file is installed only when it is whole: each download is compared with a SHA-256 that was known beforehand (the catalogue's, or
// the one in the hub's Git LFS pointer for the few entries without), each result is walked from the first byte to exactly the last,
// and it appears under its name by one rename.
package models
