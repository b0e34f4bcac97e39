#!/usr/bin/env bash
# Fetches axe-core, which the browser tests hold every page against, from its npm package at a pinned version into the cache. web/webtest names the same.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"
version=4.14.1
sum=e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745
into="$(cache_dir)/axe-$version"
if [ -s "$into/axe.min.js" ]; then exit 0; fi
say "Fetching axe-core $version"
mkdir -p "$into"
tmp=$(mktemp -d "$into/.new.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
npm pack --silent --ignore-scripts --pack-destination "$tmp" "axe-core@$version" >/dev/null || die "npm could not fetch axe-core $version; check the network and run this again"
got=$(sha256_of "$tmp/axe-core-$version.tgz")
[ "$got" = "$sum" ] || die "axe-core $version has SHA-256 $got, expected $sum"
tar -xzf "$tmp/axe-core-$version.tgz" -C "$tmp" package/axe.min.js
mv "$tmp/package/axe.min.js" "$into/axe.min.js"
