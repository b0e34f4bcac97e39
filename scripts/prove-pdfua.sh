#!/usr/bin/env bash
# Validates PDFs of Kerbside with veraPDF against PDF/UA-1 (ISO 14289-1): every reader's draft of the sample, with citations and without,
# and the drafts of words that break things of package export's tests. Needs Java 17 and Maven.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"
cd "$here/.."

for tool in java javac mvn; do have "$tool" || die "$tool is needed: apt-get install default-jdk-headless maven"; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mvn -q -f "$here/prove-pdfua/pom.xml" dependency:build-classpath -Dmdep.outputFile="$work/classpath"
javac -cp "$(cat "$work/classpath")" -d "$work" "$here/prove-pdfua/Check.java"
for reader in case-record chronology family partner supervisor court; do
	bin/kerbside draft -a "$reader" -f pdf --visit-date 2026-03-03 samples/visit.txt >"$work/$reader.pdf"
	bin/kerbside draft -a "$reader" -f pdf --visit-date 2026-03-03 --citations samples/visit.txt >"$work/$reader-cited.pdf"
done
KERBSIDE_PDFS=$work go test -count=1 -run 'TestPDF' ./export >/dev/null
java -cp "$work:$(cat "$work/classpath")" Check "$work"/*.pdf 2>/dev/null
