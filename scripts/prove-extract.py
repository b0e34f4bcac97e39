#!/usr/bin/env python3
"""Measures how well records are filled: from careful text, from text in lower case without marks, and from Kerbside's own transcripts.

The annotated dictations of extract/testdata/cases/open are spoken by flite (three voices in turn), transcribed by `kerbside transcribe`, and scored
by `kerbside eval` with the gold's quotes aligned to what was heard. One table shows the three beside each other.

    scripts/prove-extract.py [CASES]      (how many of the dictations, spread evenly over them; 12 when not given)
"""
import datetime
import json
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
OPEN = ROOT / "extract" / "testdata" / "cases" / "open"
KERBSIDE = ROOT / "bin" / "kerbside"
VOICES = ["slt", "rms", "awb"]
GROUPS = ["risks", "strengths", "actions", "child_voice", "attendees"]


def run(*command, **options):
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True, **options).stdout


def spoken(text):
    """The text as a synthesiser reads it well: what it would spell out is written as it is said."""
    return text.replace("’", "'").replace("“", '"').replace("”", '"').replace("–", ", ").replace("—", ", ")


def figures(report):
    out = {g + " F1": report["groups"][g]["f1"] for g in GROUPS}
    out.update({k: v["accuracy"] for k, v in report["accuracy"].items()})
    safety = {k: "%d of %d" % (v["count"], v["n"]) for k, v in report["safety"].items()}
    return out, safety


def main():
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    cases = sorted(OPEN.glob("*.json"))
    cases = [cases[i * len(cases) // many] for i in range(min(many, len(cases)))]
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        chosen, sounds, heard = scratch / "cases", scratch / "sounds", scratch / "heard"
        for folder in (chosen, sounds, heard):
            folder.mkdir()
        seconds = 0.0
        for n, case in enumerate(cases):
            shutil.copy(case, chosen)
            text = scratch / "text"
            text.write_text(spoken(json.loads(case.read_text())["text"]))
            sound = sounds / (case.stem + ".wav")
            run("flite", "-voice", VOICES[n % len(VOICES)], "-f", text, "-o", sound)
            transcript = run(KERBSIDE, "transcribe", "--format", "json", sound)
            (heard / (case.stem + ".json")).write_text(transcript)
            seconds += json.loads(transcript)["recording"]["duration_ms"] / 1000
        columns = {}
        for name, options in {"careful": [], "plain": ["--plain"], "heard": ["--transcripts", heard]}.items():
            report = json.loads(run(KERBSIDE, "eval", "--json", *options, chosen))
            columns[name] = figures(report) + (report["lost"],)
    lines = [
        "%s  %s  %d dictations of extract/testdata/cases/open, %d minutes spoken by flite" % (
            datetime.date.today().isoformat(), platform.machine(), len(cases), round(seconds / 60)),
        "scripts/prove-extract.py %d; nothing was heard of %d quotes of the gold" % (many, columns["heard"][2]), "",
        "%-26s %8s %8s %8s %8s" % ("", "careful", "plain", "heard", "drop"),
    ]
    for key in columns["careful"][0]:
        row = [columns[c][0][key] for c in ("careful", "plain", "heard")]
        shown = ["%8.3f" % v if v is not None else "%8s" % "-" for v in row]
        drop = "%8.3f" % (row[0] - row[2]) if row[0] is not None and row[2] is not None else ""
        lines.append("%-26s %s %s" % (key, " ".join(shown), drop))
    lines.append("")
    for key in columns["careful"][1]:
        lines.append("%-26s %8s %8s %8s" % (key[-26:], *[columns[c][1][key] for c in ("careful", "plain", "heard")]))
    text = "\n".join(lines) + "\n"
    print(text, end="")
    (ROOT / "benchmarks" / "results" / ("extract-%s.txt" % datetime.date.today().isoformat())).write_text(text)


main()
