#!/usr/bin/env bash
# Makes the pictures of the README and the guides anew: what the browser tests photograph on their way, with fictional visits, real sound and real drafts.
set -euo pipefail
cd "$(dirname "$0")/.."
shots=$(mktemp -d)
trap 'rm -rf "$shots"' EXIT
KERBSIDE_SHOTS=$shots go test ./cmd/kerbside -run '^(TestJourney|TestApproval)$' -count=1
to=docs/pictures
mkdir -p "$to"
rm -f "$to"/*
keep() { # nothing is lost, and it is a third of a PNG
	ffmpeg -v error -i "$shots/$1.png" -c:v libwebp -lossless 1 -compression_level 6 "$to/$2.webp"
}
keep recording-phone-light recording
keep asked-phone-light asked
keep step-desk-light step
keep review-sample-desk-light review
keep queue-sample-desk-light queue
keep timeline-sample-desk-light chronology
keep brief-sample-phone-dark brief
total=$(cat "$to"/* | wc -c)
ls -l "$to"/* | awk '{ print $5, $9 }'
echo "$total bytes in all"
[ "$total" -le 400000 ] || { echo "The pictures are larger than 400 kB together." >&2; exit 1; }
