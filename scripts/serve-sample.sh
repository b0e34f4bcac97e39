#!/usr/bin/env bash
# Serves the web app with the sample visit in it. What is recorded there stays: its folder is outside the checkout.
set -euo pipefail
cd "$(dirname "$0")/.."
exec bin/kerbside serve --addr "${1:-127.0.0.1:8484}" --data "${KERBSIDE_DATA:-${XDG_DATA_HOME:-$HOME/.local/share}/kerbside-demo}" --sample samples/visit.ogg --sample-case samples/parker
