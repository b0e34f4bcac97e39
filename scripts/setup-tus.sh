#!/usr/bin/env bash
# Installs the tus client that resumable uploads are tested with, from npm, at a pinned version, into the cache. The test names the same folder.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"

version=4.3.1
into="$(cache_dir)/tus/tus-js-client-$version"
if [ -d "$into/node_modules/tus-js-client" ]; then exit 0; fi
mkdir -p "$into"
npm install --prefix "$into" --no-audit --no-fund --ignore-scripts --loglevel=error "tus-js-client@$version" >&2
