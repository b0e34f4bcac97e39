#!/usr/bin/env python3
"""Measures how well records are filled: from careful text, from text in lower case without marks, and from Kerbside's own transcripts.

The annotated dictations of each folder are spoken by flite (three voices in turn), transcribed by `kerbside transcribe` as nobody knows them and again with the
names of their people known, as a case's are, and scored by `kerbside eval` with the gold's quotes aligned to what was heard. One table a folder shows the four beside each other. With --llm N it is the first folder's dictations, N spread
evenly over them, and each engine reads them: the rules, the language model of scripts/prove-llm.py alone, and both.

    scripts/prove-extract.py [--llm N] [--cases N] [FOLDER…]      (of the open and of the held dictations of extract/testdata/cases when none is named; N, 100 if not said, are spread evenly over a folder, 0 is all)

Of the held ones only these totals are looked at. Transcripts are kept in the cache folder by their sound and by the code that transcribes.
"""
import argparse
import datetime
import hashlib
import importlib.util
import json
import os
import pathlib
import platform
import shutil
import subprocess
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
CASES = ROOT / "extract" / "testdata" / "cases"
KERBSIDE = ROOT / "bin" / "kerbside"
CACHE = pathlib.Path(os.environ.get("KERBSIDE_CACHE") or pathlib.Path(
    os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "kerbside") / "extract"
VOICES = ["slt", "rms", "awb"]
GROUPS = ["risks", "strengths", "actions", "child_voice", "attendees"]
TEXTS = ["careful", "plain", "heard", "known"]


def run(*command, **options):
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True, **options).stdout


def evenly(cases, many):
    return [cases[i * len(cases) // many] for i in range(min(many, len(cases)))] if many else cases


def spoken(text):
    """The text as a synthesiser reads it well: what it would spell out is written as it is said."""
    return text.replace("’", "'").replace("“", '"').replace("”", '"').replace("–", ", ").replace("—", ", ")


def transcript_of(case, voice, code, scratch, known=False):
    text, sound, terms = scratch / "text", scratch / "sound.wav", scratch / "terms"
    content = json.loads(case.read_text())
    text.write_text(spoken(content["text"]))
    run("flite", "-voice", voice, "-f", text, "-o", sound)
    names = "".join(a["name"] + "\n" for a in content["gold"]["attendees"] if known and a.get("name"))
    kept = CACHE / (hashlib.sha256((code + names).encode() + sound.read_bytes()).hexdigest() + ".json")
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        terms.write_text(names)
        fresh = kept.with_suffix(".part")
        fresh.write_text(run(KERBSIDE, "transcribe", "--format", "json", *(["--terms", terms] if names else []), sound))
        fresh.rename(kept)
    return kept


class Set:
    """Some dictations, with what was heard of them."""

    def __init__(self, cases, scratch, code):
        self.folder, self.heard, self.known, self.minutes = scratch / "cases", scratch / "heard", scratch / "known", 0.0
        for folder in [self.folder, self.heard, self.known]:
            folder.mkdir(parents=True)
        for n, case in enumerate(cases):
            shutil.copy(case, self.folder)
            for folder in [self.heard, self.known]:
                kept = transcript_of(case, VOICES[n % len(VOICES)], code, scratch, folder == self.known)
                shutil.copy(kept, folder / (case.stem + ".json"))
            self.minutes += json.loads(kept.read_text())["recording"]["duration_ms"] / 60000

    def report(self, text, *options, env=None):
        more = {"careful": [], "plain": ["--plain"], "heard": ["--transcripts", self.heard], "known": ["--transcripts", self.known]}[text]
        return json.loads(run(KERBSIDE, "--quiet", "eval", "--json", *more, *options, self.folder, env=env))


def figures(report):
    out = {g + " F1": report["groups"][g]["f1"] for g in GROUPS}
    out.update({k: v["accuracy"] for k, v in report["accuracy"].items()})
    return out


def safety(report):
    return {k: "%d of %d" % (v["count"], v["n"]) for k, v in report["safety"].items()}


def cell(value):
    return "%8.3f" % value if value is not None else "%8s" % "-"


def table(lines, columns, rows=None):
    lines.append("%-26s " % "" + " ".join("%8s" % c for c in columns) + ("%9s" % "drop" if list(columns) == TEXTS else ""))
    first = figures(next(iter(columns.values())))
    for key in rows or first:
        row = [figures(r)[key] for r in columns.values()]
        drop = " %8.3f" % (row[0] - row[2]) if list(columns) == TEXTS and row[0] is not None and row[2] is not None else ""
        lines.append("%-26s " % key + " ".join(cell(v) for v in row) + drop)
    lines.append("")
    for key in safety(next(iter(columns.values()))):
        lines.append("%-26s " % key[-26:] + " ".join("%8s" % safety(r)[key] for r in columns.values()))
    lines.append("")


def engines(chosen, lines):
    spec = importlib.util.spec_from_file_location("prove_llm", ROOT / "scripts" / "prove-llm.py")
    llm = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(llm)
    with llm.served() as port:
        recorder = llm.Recorder(port, CACHE / "answers")
        threading.Thread(target=recorder.serve_forever, daemon=True).start()
        model = ["--llm-url", "http://127.0.0.1:%d" % recorder.server_port, "--llm-model", "gemma-3-270m", "--llm-timeout", "9m"]
        for text in TEXTS:
            columns = {"rules": chosen.report(text), "llm": chosen.report(text, "--engine", "llm", *model), "both": chosen.report(text, "--engine", "both", *model)}
            lines += ["Engines, %s text, %d dictations (llm: gemma 3 270M, answers cut at %d tokens)" % (text, columns["rules"]["cases"], llm.MOST_TOKENS), ""]
            table(lines, columns)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--llm", type=int, default=0)
    options.add_argument("--cases", type=int, default=100)
    options.add_argument("folders", nargs="*", type=pathlib.Path)
    o = options.parse_args()
    code = run("git", "-C", ROOT, "rev-parse", "HEAD:transcribe")
    lines, name = ["%s  %s  scripts/prove-extract.py%s%s" % (datetime.date.today().isoformat(), platform.machine(),
                                                     " --llm %d" % o.llm if o.llm else "", " --cases %d" % o.cases), ""], "extract-engines" if o.llm else "extract"
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        for n, folder in enumerate(o.folders or [CASES / "open", CASES / "held"]):
            all_cases = sorted(folder.glob("*.json"))
            if o.llm:
                engines(Set(evenly(all_cases, o.llm), scratch / "llm", code), lines)
                break
            chosen = Set(evenly(all_cases, o.cases), scratch / str(n), code)
            columns = {text: chosen.report(text) for text in TEXTS}
            lines += ["%s: %d dictations, %d minutes spoken by flite; nothing was heard of %d quotes of the gold" % (
                folder.name, columns["heard"]["cases"], round(chosen.minutes), columns["heard"]["lost"]), ""]
            table(lines, columns)
    text = "\n".join(lines).rstrip() + "\n"
    print(text, end="")
    (ROOT / "benchmarks" / "results" / ("%s-%s.txt" % (name, datetime.date.today().isoformat()))).write_text(text)


main()
