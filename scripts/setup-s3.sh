#!/usr/bin/env bash
# Builds the two S3 servers that the tests of storage/s3 run against, MinIO and versitygw, from their Go modules at pinned versions,
# into the cache. What is built already is not built again. Each folder's name holds the version, and storage/s3's test names the same.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"

# build NAME MODULE VERSION PACKAGE
build() {
	local into
	into="$(cache_dir)/s3/$1-$3"
	if [ -x "$into/$1" ]; then return; fi
	say "Building $1 $3 (minutes, once)"
	mkdir -p "$into"
	env -u CGO_CFLAGS -u CGO_LDFLAGS CGO_ENABLED=0 GOBIN="$into/new" GOFLAGS=-trimpath go install -ldflags '-s -w' "$4@$3"
	mv "$into/new/$1" "$into/$1"
	rmdir "$into/new"
}

build versitygw github.com/versity/versitygw v1.8.0 github.com/versity/versitygw/cmd/versitygw
build minio github.com/minio/minio v0.0.0-20260212201848-7aac2a2c5b7c github.com/minio/minio
