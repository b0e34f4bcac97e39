#!/usr/bin/env bash
# Has other people's validators look at Kerbside's documents: veraPDF at the PDFs (PDF/UA-1, ISO 14289-1), openxml-audit at the Word documents.
# They are each reader's draft of the sample, with citations and without, and drafts of words that break things, of package export's
# tests. Needs Java 17 and Maven, and Python with pip.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"
cd "$here/.."

for tool in java javac mvn; do have "$tool" || die "$tool is needed: apt-get install default-jdk-headless maven"; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/documents"
for reader in case-record chronology family partner supervisor court; do
	for format in pdf docx; do
		bin/kerbside draft -a "$reader" -f "$format" --visit-date 2026-03-03 samples/visit.txt >"$work/documents/$reader.$format"
		bin/kerbside draft -a "$reader" -f "$format" --visit-date 2026-03-03 --citations samples/visit.txt >"$work/documents/$reader-cited.$format"
	done
done
KERBSIDE_DOCUMENTS=$work/documents go test -count=1 -run 'TestPDF|TestDOCX' ./export >/dev/null

mvn -q -f "$here/prove-documents/pom.xml" dependency:build-classpath -Dmdep.outputFile="$work/classpath" >/dev/null
javac -cp "$(cat "$work/classpath")" -d "$work" "$here/prove-documents/Check.java"
java -cp "$work:$(cat "$work/classpath")" Check "$work"/documents/*.pdf 2>/dev/null

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check openxml-audit==0.8.0
for document in "$work"/documents/*.docx; do
	printf '%s: ' "${document##*/}"
	"$work/venv/bin/openxml-audit" "$document" | tail -n 1
done
