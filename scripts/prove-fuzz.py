#!/usr/bin/env python3
"""Feeds malformed input to every parser of outside bytes and every handler: more than a million executions over all fuzz targets of the project.

Each target gets a number of executions of its own, by what one costs; a target that the list below does not know gets the ordinary number, so a new one is fuzzed
without being named here. A target that finds a fault, or does not reach its number, ends the run with an error. First it shows that it can fail: with one guard taken out of a copy
of the code, the target that is there for it must find that.

What it printed is kept in benchmarks/results/.
"""
import argparse
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent

ORDINARY = 25_000
# What runs an engine, a database or a whole writer of documents with each execution.
COSTLY = {
    "FuzzRoutes": 20_000, "FuzzAPI": 20_000, "FuzzTus": 8_000, "FuzzChunk": 10_000, "FuzzMultipart": 8_000, "FuzzRange": 10_000, "FuzzPasskey": 8_000, "FuzzForwarded": 15_000,
    "FuzzExtract": 6_000, "FuzzPropose": 6_000, "FuzzDictation": 6_000, "FuzzExport": 3_000, "FuzzHead": 8_000, "FuzzAnswer": 15_000, "FuzzImportCases": 10_000, "FuzzCheck": 3_000,
    "FuzzMaster": 15_000, "FuzzJournal": 8_000, "FuzzManifest": 15_000, "FuzzField": 15_000, "FuzzEnvelope": 8_000,
}

# A guard, and the target that must miss it: file, the guard's text, what stands there instead, package, target.
BROKEN = [
    ("transcribe/audio/wav.go", "room = room[:min(int64(len(room)), p.left)]", "room = room[:p.left]", "./transcribe/audio", "FuzzWAV"),
    ("storage/backup/backup.go", "if !filepath.IsLocal(filepath.FromSlash(f.Path)) {", "if false {", "./storage/backup", "FuzzManifest"),
    ("storage/seal/journal.go", "_, err = f.WriteAt(b.Bytes(), end)", "_, err = f.Write(b.Bytes())", "./storage/seal", "FuzzJournal"),
    ("service/ingest.go", "newVerifier(op, s.paced(ctx, by, r), sha256, MaxChunk)", 'newVerifier(op, s.paced(ctx, by, r), "", MaxChunk)', "./web", "FuzzChunk"),
]

COUNT = re.compile(r"execs: (\d+)")


def targets(only):
    """Every fuzz target: package and name."""
    out = []
    for path in sorted(ROOT.rglob("*_test.go")):
        for name in re.findall(r"^func (Fuzz\w+)\(f \*testing\.F\)", path.read_text(), re.M):
            if only is None or re.search(only, name):
                out.append(("./" + str(path.parent.relative_to(ROOT)), name))
    # What is quick to build and to run comes first, what needs the database's driver last.
    return sorted(out, key=lambda target: (target[0].startswith(("./audit", "./benchmarks", "./cmd", "./service", "./storage", "./web")), target[1] in COSTLY))


def run(package, name, n, *more, limit=1800):
    """Runs a target; gives whether it held, the executions that were made, and what it printed."""
    with tempfile.TemporaryDirectory() as corpus:  # a new one each time: what an earlier run found is a seed in testdata, or it is not counted on
        done = subprocess.run(["go", "test", "-trimpath", *more, "-run", "^$", "-fuzz", "^%s$" % name, "-fuzztime", "%dx" % n, "-parallel", str(min(4, os.cpu_count() or 1)), package,
                               "-args", "-test.fuzzcachedir=" + corpus], cwd=ROOT, capture_output=True, text=True, timeout=limit)
    counts = COUNT.findall(done.stdout)
    return done.returncode == 0, int(counts[-1]) if counts else 0, done.stdout + done.stderr


def overlay(folder, file, old, new):
    """A copy of a file with a guard taken out, and the list that has the compiler take it."""
    text = (ROOT / file).read_text()
    if text.count(old) < 1:
        sys.exit("%s: the guard %r is not there any more: name another" % (file, old))
    copy = folder / "broken.go"
    copy.write_text(text.replace(old, new))
    listed = folder / "overlay.json"
    listed.write_text(json.dumps({"Replace": {str(ROOT / file): str(copy)}}))
    return str(listed)


def show_it_can_fail(say):
    for file, old, new, package, name in BROKEN:
        before = set((ROOT / package / "testdata" / "fuzz" / name).glob("*"))
        with tempfile.TemporaryDirectory() as folder:
            held, n, out = run(package, name, 200_000, "-overlay", overlay(pathlib.Path(folder), file, old, new))
        for found in set((ROOT / package / "testdata" / "fuzz" / name).glob("*")) - before:  # it is the broken copy's, not ours
            found.unlink()
        if held or "FAIL" not in out:
            print(out[-3000:])
            sys.exit("%s does not notice that %s lost a guard" % (name, file))
        say("red as it must be: without `%s` in %s, %s fails (after %d executions)" % (old, file, name, n))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--times", type=float, default=1.0, help="so many times the executions")
    options.add_argument("--only", help="targets whose name matches")
    options.add_argument("--no-broken", action="store_true", help="do not show first that it can fail")
    o = options.parse_args()
    lines = []

    def say(line):
        lines.append(line)
        print(line, flush=True)

    say("%s, %s cores, load %s; scripts/prove-fuzz.py %s" % (datetime.date.today(), os.cpu_count(), pathlib.Path("/proc/loadavg").read_text().split()[0], " ".join(sys.argv[1:])))
    if not o.no_broken:
        show_it_can_fail(say)
    total, began, failed, all_targets = 0, time.time(), [], targets(o.only)
    for package, name in all_targets:
        want, start = int(COSTLY.get(name, ORDINARY) * o.times), time.time()
        try:
            held, n, out = run(package, name, want)
        except subprocess.TimeoutExpired as e:
            held, n, out = False, 0, "it did not end: " + str(e)
        total += n
        say("%9d  %-28s %s  %.0f s" % (n, name, package, time.time() - start))
        if not held or n < want:
            failed.append(name)
            print(out[-6000:], flush=True)
            say("           ^ FAILED")
    say("%d executions of %d targets in %.0f min: %s" % (total, len(all_targets), (time.time() - began) / 60, "%d failed: %s" % (len(failed), " ".join(failed)) if failed else "0 crashes, 0 broken properties"))
    if not failed and o.only is None and total < 1_000_000 * o.times:
        failed.append("too few executions")
        say("that is less than a million")
    if o.only is None:
        kept = ROOT / "benchmarks/results"
        kept.mkdir(parents=True, exist_ok=True)
        (kept / ("fuzz-%s.txt" % datetime.date.today())).write_text("\n".join(lines) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
