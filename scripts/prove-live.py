#!/usr/bin/env python3
"""Proves that words keep up with speech: a dictation of ten minutes, fed to `kerbside transcribe --partial -` at the speed of speech,
has its last words at most three seconds after the last sound.

The dictation is the texts of benchmarks/cases spoken by three flite voices, with pauses of 0.5 to 1.6 s, cut off in the middle of speech. As what
is open at the end depends on where that is, shorter dictations that stop at other places follow, and the slowest of all stops counts. What is measured:
from the last sample written to the whole transcript, which comes with or after the last words; and for every word on the way, from its end to its line. The figures are kept in
benchmarks/results/. --seconds and --stops make it shorter.
"""
import argparse
import array
import datetime
import json
import os
import pathlib
import random
import resource
import struct
import subprocess
import sys
import tempfile
import threading
import time
import wave

ROOT = pathlib.Path(__file__).resolve().parent.parent
RATE = 16000
LIMIT = 3.0  # seconds
PIECE = RATE // 10  # samples written at a time


def spoken(voice, text, folder):
    path = os.path.join(folder, "spoken.wav")
    subprocess.run(["flite", "-voice", voice, "-t", text, path], check=True)
    with wave.open(path) as w:
        if (w.getframerate(), w.getnchannels(), w.getsampwidth()) != (RATE, 1, 2):
            sys.exit("flite spoke in another format")
        return array.array("h", w.readframes(w.getnframes()))


def dictation(seconds, seed, folder):
    """Samples of so many seconds, the last of them speech."""
    chance = random.Random(seed)
    texts = [p.read_text().strip() for p in sorted((ROOT / "benchmarks/cases").glob("*.txt"))]
    sound = array.array("h", [0] * (RATE // 2))
    voices = ["slt", "rms", "awb"]
    turn = seed
    while len(sound) < seconds * RATE:
        voice, text = voices[turn % 3], texts[turn % len(texts)]
        turn += 1
        for sentence in text.split(". "):
            sound.extend(spoken(voice, sentence.rstrip(".") + ".", folder))
            sound.extend([0] * chance.randint(RATE // 2, RATE * 8 // 5))
    sound = sound[: seconds * RATE]
    while sound and abs(sound[-1]) < 500:  # it stops in the middle of speech
        sound.pop()
    return sound


def header():
    """A WAV's header without lengths, as recorders that stream write it."""
    return b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, RATE, 2 * RATE, 2, 16) + b"data" + struct.pack("<I", 0xFFFFFFFF)


def live(sound, preset):
    """Feeds sound at the speed of speech. Gives the stop in seconds, the words' lags, and the words."""
    run = subprocess.Popen([str(ROOT / "bin/kerbside"), "--quiet", "transcribe", "--preset", preset, "--partial", "--format", "json", "-"],
                           stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    steps = []

    def listen():
        for line in run.stdout:
            steps.append((time.monotonic(), json.loads(line)))

    listener = threading.Thread(target=listen)
    listener.start()
    run.stdin.write(header())
    began = time.monotonic()
    data = sound.tobytes()
    for at in range(0, len(sound), PIECE):
        piece = data[2 * at: 2 * (at + PIECE)]
        wait = began + (at + len(piece) // 2) / RATE - time.monotonic()  # a piece is there when its last sample was spoken
        if wait > 0:
            time.sleep(wait)
        run.stdin.write(piece)
    stopped = time.monotonic()
    run.stdin.close()
    listener.join()
    if run.wait():
        sys.exit("kerbside ended with %d" % run.returncode)
    partial = [(at, s) for at, s in steps if "schema" not in s and s["words"]]
    lags = sorted(at - began - w["end_ms"] / 1000 for at, s in partial for w in s["words"])
    words = sum(len(s["words"]) for _, s in partial)
    whole = steps[-1][1]
    if whole.get("schema") != "kerbside.transcript/v1" or len(whole["words"]) != words:
        sys.exit("the words on the way are not those of the transcript")
    end = whole["words"][-1]["end_ms"] / 1000
    if end < len(sound) / RATE - 2:
        sys.exit("the last word ends at %.1f s of %.1f s" % (end, len(sound) / RATE))
    return steps[-1][0] - stopped, lags, len(partial)


def share(values, p):
    return values[min(int(p * len(values)), len(values) - 1)]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=int, default=600)
    options.add_argument("--stops", type=int, default=6, help="shorter dictations that follow")
    options.add_argument("--preset", default="accurate")
    o = options.parse_args()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        sounds = [dictation(o.seconds, 0, folder)] + [dictation(23 + 5 * i, i + 1, folder) for i in range(o.stops)]
    stops = []
    for i, sound in enumerate(sounds):
        stop, lags, steps = live(sound, o.preset)
        stops.append(stop)
        if i == 0:
            used = resource.getrusage(resource.RUSAGE_CHILDREN)
            main_line = ("%.0f s of dictation: last word %.2f s after the last sound; %d words in %d steps, each %.1f s after it was said (median), %.1f s (95 %%), "
                         "%.1f s (most); %.0f s of CPU" % (len(sound) / RATE, stop, len(lags), steps, share(lags, 0.5), share(lags, 0.95), lags[-1], used.ru_utime + used.ru_stime))
    worst = max(stops)
    report = "%s  %s, %d cores, load at the start %.1f, preset %s\n%s\n" % (datetime.date.today(), os.uname().machine, os.cpu_count(), load, o.preset, main_line)
    if o.stops:
        report += "%d shorter ones: %s s after the last sound\n" % (o.stops, ", ".join("%.2f" % s for s in stops[1:]))
    report += "slowest stop %.2f s (limit %.1f)\n" % (worst, LIMIT)
    print(report, end="")
    kept = ROOT / "benchmarks/results"
    kept.mkdir(parents=True, exist_ok=True)
    (kept / ("live-%s.txt" % datetime.date.today())).write_text(report)
    return 0 if worst <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
