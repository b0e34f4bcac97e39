package main

import (
	"os/exec"
	"testing"
	"time"
)

// TestWatchCountsChildren holds that a child's memory is not overlooked: tail keeps what it is given.
func TestWatchCountsChildren(t *testing.T) {
	cmd := exec.Command("sh", "-c", "head -c 40000000 /dev/zero | tail -c 40000000 | (sleep 2; cat >/dev/null); true")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	peak := watch(cmd.Process.Pid)
	time.Sleep(time.Second)
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if got := peak(); got < 30e6 {
		t.Errorf("%d bytes seen, of 40 million", got)
	}
}
