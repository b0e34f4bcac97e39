#!/usr/bin/env bash
# The sample dictation through every stage, and what came of it.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-bin/demo}
bin/kerbside batch samples/visit.ogg --out "$out"
echo
echo "== What was said ($out/visit/transcript.json) =="
bin/kerbside transcribe "$out/visit/transcript.json" | fold -s -w 100
echo
echo "== The record ($out/visit/record.json) =="
python3 - "$out/visit/record.json" <<'PY'
import json, sys
r = json.load(open(sys.argv[1], encoding="utf-8"))
for name, fact in r["visit"].items():
    if isinstance(fact, dict) and fact["value"] not in ("", "not_stated"):
        print("  %-13s %-28s %s" % (name, fact["value"], "; ".join('"%s"' % e["quote"] for e in fact["evidence"])[:90]))
for a in r["attendees"]:
    print("  %-13s %s" % (a["presence"], ", ".join(x for x in (a["name"], a["role"], a["age"]) if x)))
for kind in ("risks", "strengths", "actions", "child_voice"):
    for i in r[kind]:
        print("  %-13s %-10s %s" % (kind, i.get("polarity") or i.get("status") or i.get("mode"), i.get("text") or i.get("quote")))
for m in r["missing"]:
    print("  %-13s %s" % ("missing", m["text"]))
PY
for reader in case-record family; do
  echo
  echo "== The draft for: $reader ($out/visit/drafts/$reader.md) =="
  cat "$out/visit/drafts/$reader.md"
done
echo
echo "All six drafts are in $out/visit/drafts."
