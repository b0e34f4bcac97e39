//go:build race

package main

// raceMemory is how many times the memory of a program its resident memory may be: the race detector keeps a shadow of all that the heap ever was, five to ten times as much by
// its documentation, and gives none of it back.
const raceMemory = 5
