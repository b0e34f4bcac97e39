// Package engine keeps speech recognition in child processes of the same binary, so that a fault inside C, or a hostile
// file, costs one window of one recording and not the program.
//
// [Start] is the parent's side: a [Client] is a transcribe.Recognizer and makes transcribe.VoiceDetectors. [Serve] is the
// child's side. The parent runs up to two children, one that holds the model and one that detects voices: the first
// may be replaced between any two windows, the second never in the middle of a recording.
//
// They talk in frames over the child's standard input and output. Nothing that was said is ever written to a log by either.
package engine
