#!/usr/bin/env bash
# Serves the web app with the sample visit in it.
set -euo pipefail
cd "$(dirname "$0")/.."
exec bin/kerbside serve --addr "${1:-127.0.0.1:8484}" --data "${KERBSIDE_DATA:-bin/demo-data}" --sample samples/visit.ogg
