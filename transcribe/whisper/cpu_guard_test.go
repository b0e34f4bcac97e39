//go:build cgo && linux && amd64

package whisper

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func qemu(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"qemu-x86_64", "qemu-x86_64-static"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatal("qemu-user is missing; run: make setup")
	return ""
}

// TestCPUGuard runs this very test binary on an emulated CPU without AVX. The library's C++ initialisers would end in
// SIGILL there.
func TestCPUGuard(t *testing.T) {
	if !hasCPUHeader(t) {
		t.Skip("the system's libwhisper chooses its kernels at run time; there is nothing to guard")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(qemu(t), "-cpu", "Nehalem", self, "-test.run=^$").CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("ended with %v", err)
	}
	for _, want := range []string{"AVX2", "FMA", "KERBSIDE_CPU=portable"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is missing in %q", want, out)
		}
	}
}

func hasCPUHeader(t *testing.T) bool {
	t.Helper()
	for _, dir := range filepath.SplitList(os.Getenv("C_INCLUDE_PATH")) {
		if _, err := os.Stat(filepath.Join(dir, "kerbside_cpu.h")); err == nil {
			return true
		}
	}
	return false
}

// TestCPUGuardAlone has the guard ask for AVX2 only, and runs it on CPUs with and without.
func TestCPUGuardAlone(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"kerbside_cpu.h": "#define KERBSIDE_NEEDS_AVX2 1\n#define KERBSIDE_NEEDS_BMI2 1\n#define KERBSIDE_NEEDS_LZCNT 1\n",
		"main.c":         "int main(void) { return 0; }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(dir, "guarded")
	build := exec.Command("gcc", "-I", dir, "cpu_guard.c", filepath.Join(dir, "main.c"), "-o", program)
	build.Env = append(os.Environ(), "C_INCLUDE_PATH="+dir)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for cpu, status := range map[string]int{"Haswell": 0, "max": 0, "Nehalem": 1, "SandyBridge": 1} {
		cmd := exec.Command(qemu(t), "-cpu", cpu, program)
		out, _ := cmd.CombinedOutput()
		if got := cmd.ProcessState.ExitCode(); got != status {
			t.Errorf("on %s it ended with %d: %s", cpu, got, out)
		}
		if status == 1 && !strings.Contains(string(out), "AVX2, BMI2") {
			t.Errorf("on %s it said %q", cpu, out)
		}
	}
}
