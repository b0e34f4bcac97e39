//go:build !unix

package main

import (
	"os"
	"time"
)

func childrenCPU() time.Duration { return 0 }

func largestProcess(*os.ProcessState) int64 { return 0 }
