#!/usr/bin/env python3
"""Proves that memory does not grow with length: peak memory of `kerbside process` on one minute and on ten hours of sound.

Peak is the largest sum of resident memory over the program and its child processes, sampled every 50 ms. The ten hours are mostly silence: they hold a
minute of speech in every thirty (--every). Fails when the longer one needs more than 1.15 times the memory of the shorter. The figures are
kept in benchmarks/results/. It needs 1.2 GB for the sound and about five minutes on two idle cores.
"""
import argparse
import datetime
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIMIT = 1.15


def children(pid):
    """All descendants of a process."""
    found = []
    for task in pathlib.Path("/proc/%d/task" % pid).glob("*/children"):
        for child in task.read_text().split():
            found += [int(child)] + children(int(child))
    return found


def resident(pid):
    """Resident memory of one process in KiB."""
    for line in open("/proc/%d/status" % pid):
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def peak(path, out):
    """Peak KiB, and seconds, of processing one file."""
    began, most = time.time(), 0
    run = subprocess.Popen([str(ROOT / "bin/kerbside"), "--quiet", "process", path, "--out", out])
    while run.poll() is None:
        total = 0
        try:
            for pid in [run.pid] + children(run.pid):
                total += resident(pid)
        except (FileNotFoundError, ProcessLookupError):
            pass  # one of them ended meanwhile
        most = max(most, total)
        time.sleep(0.05)
    if run.returncode:
        sys.exit("kerbside process ended with %d" % run.returncode)
    return most, time.time() - began


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--hours", type=float, default=10)
    options.add_argument("--every", type=int, default=30, help="minutes from one stretch of speech to the next")
    o = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        minute, hours, one = folder + "/minute.wav", folder + "/hours.wav", folder + "/one.wav"
        make = ["ffmpeg", "-v", "error", "-y"]
        sample = str(ROOT / "samples/visit.ogg")
        for path, seconds in (minute, 60), (one, 60 * o.every):
            subprocess.run(make + ["-i", sample, "-af", "apad", "-t", str(seconds), "-ar", "16000", "-ac", "1", path], check=True)
        subprocess.run(make + ["-stream_loop", "-1", "-i", one, "-t", str(int(3600 * o.hours)), hours], check=True)
        short, short_s = peak(minute, folder + "/out1")
        long, long_s = peak(hours, folder + "/out2")
    ratio = long / short
    report = ("%s  %s\n1 minute: peak %d KiB, %.1f s\n%g hours with speech every %d minutes: peak %d KiB, %.1f s\nratio %.3f (limit %.2f)\n"
              % (datetime.date.today(), os.uname().machine, short, short_s, o.hours, o.every, long, long_s, ratio, LIMIT))
    print(report, end="")
    kept = ROOT / "benchmarks/results"
    kept.mkdir(parents=True, exist_ok=True)
    (kept / ("memory-%s.txt" % datetime.date.today())).write_text(report)
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
