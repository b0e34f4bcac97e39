#!/usr/bin/env bash
# Makes the pictures of the README and the guides anew: what the browser tests photograph on their way, with fictional visits.
set -euo pipefail
cd "$(dirname "$0")/.."
shots=$(mktemp -d)
trap 'rm -rf "$shots"' EXIT
KERBSIDE_SHOTS=$shots go test ./cmd/kerbside -run '^TestJourney$' -count=1
KERBSIDE_SHOTS=$shots go test ./web -run '^TestCaseloadPages$' -count=1
to=docs/pictures
mkdir -p "$to"
cp "$shots/recording-phone-light.png" "$to/recording.png"
cp "$shots/step-desk-light.png" "$to/step.png"
cp "$shots/review-desk-light.png" "$to/review.png"
cp "$shots/queue-desk-light.png" "$to/queue.png"
cp "$shots/timeline-several-desk-light.png" "$to/timeline.png"
total=$(cat "$to"/*.png | wc -c)
ls -l "$to"/*.png | awk '{ print $5, $9 }'
echo "$total bytes in all"
[ "$total" -le 600000 ] || { echo "The pictures are larger than 600 kB together." >&2; exit 1; }
