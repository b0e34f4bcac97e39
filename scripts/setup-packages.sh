#!/usr/bin/env bash
# Installs the Debian packages that are missing, and checks the tools that Debian does not hold.
#
#   scripts/setup-packages.sh [build] [run] [test] [vulkan] [cuda] [lavapipe]     the first three when none is named
#
# apt runs only when something is missing and only when no password has to be asked for. Otherwise the one command to
# type is printed, and the exit status tells:
#   0  everything is there
#   3  something is missing; what does not need it can go on
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"

go_needed=1.26

# command or file that shows a package is there, and the package; a group's own list says what it is for
build_needs=(make:make gcc:gcc g++:g++ cmake:cmake ninja:ninja-build pkg-config:pkg-config git:git tar:tar
	/etc/ssl/certs/ca-certificates.crt:ca-certificates npm:npm python3:python3 pip3:python3-pip)
run_needs=(ffmpeg:ffmpeg)
# soffice (a writer without windows, 86 MB) and pdftotext open what is exported
# and a database server is started from its binaries, whatever its version
test_needs=(flite:flite sox:sox chromium:chromium soffice:libreoffice-writer-nogui pdftotext:poppler-utils "/usr/lib/postgresql/*/bin/postgres:postgresql" qemu-x86_64:qemu-user)
# for KERBSIDE_GPU; Debian has CUDA in non-free
vulkan_needs=(/usr/include/vulkan/vulkan.hpp:libvulkan-dev glslc:glslc /usr/include/spirv/unified1/spirv.hpp:spirv-headers)
cuda_needs=(nvcc:nvidia-cuda-toolkit)
lavapipe_needs=("/usr/share/vulkan/icd.d/lvp_icd*.json:mesa-vulkan-drivers") # Vulkan without a card, with drivers for AMD's and Intel's

case $(uname -m) in
x86_64 | amd64) ;;
*) unset 'test_needs[-1]' ;; # the emulator only serves the test of x86 CPU features
esac

present() {
	case $1 in
	/*) compgen -G "$1" >/dev/null ;;
	chromium) have chromium || have chromium-browser || have google-chrome ;;
	ninja) have ninja || have ninja-build ;;
	qemu-x86_64) have qemu-x86_64 || have qemu-x86_64-static ;;
	*) have "$1" ;;
	esac
}

groups=("$@")
if [ ${#groups[@]} -eq 0 ]; then groups=(build run test); fi
needs=()
for group in "${groups[@]}"; do
	case $group in
	build) needs+=("${build_needs[@]}") ;;
	run) needs+=("${run_needs[@]}") ;;
	test) needs+=("${test_needs[@]}") ;;
	vulkan) needs+=("${vulkan_needs[@]}") ;;
	cuda) needs+=("${cuda_needs[@]}") ;;
	lavapipe) needs+=("${lavapipe_needs[@]}") ;;
	*) die "no such group of packages: $group (build, run, test, vulkan, cuda, lavapipe)" ;;
	esac
done

missing() {
	local need
	for need in "${needs[@]}"; do
		if ! present "${need%%:*}"; then printf '%s\n' "${need#*:}"; fi
	done
}

status=0
mapfile -t packages < <(missing)
if [ ${#packages[@]} -gt 0 ]; then
	if ! have apt-get; then
		say "Missing: ${packages[*]} (Debian's names). Install them with this system's package manager and run this again."
		status=3
	elif ! may_be_root; then
		say "Missing: ${packages[*]}. Type this, then run it again:"
		say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages[*]}"
		status=3
	else
		say "Installing: ${packages[*]}"
		log=$(mktemp)
		export DEBIAN_FRONTEND=noninteractive
		if ! { as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${packages[@]}"; } >"$log" 2>&1; then
			tail -n 15 "$log" >&2
			say "apt could not install: ${packages[*]}. Mend what it says above, then run this again."
			status=3
		fi
		rm -f "$log"
		mapfile -t packages < <(missing)
		if [ "$status" -eq 0 ] && [ ${#packages[@]} -gt 0 ]; then
			say "Still missing after the installation: ${packages[*]}"
			status=3
		fi
	fi
fi

# older WANTED HAVE: succeeds when HAVE is the older version.
older() { [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

for group in "${groups[@]}"; do
	[ "$group" = build ] || continue
	if ! have go; then
		say "Go $go_needed or newer is needed and not found: install it from https://go.dev/dl and put it in PATH."
		status=3
	else
		version=$(go env GOVERSION 2>/dev/null | sed -E 's/^go//; s/[^0-9.].*//')
		if older "$go_needed" "${version:-0}"; then
			say "Go $go_needed or newer is needed, this is ${version:-unknown}: install it from https://go.dev/dl and put it first in PATH."
			status=3
		fi
	fi
	if have python3 && ! python3 -m pip --version >/dev/null 2>&1; then
		say "Python's pip is needed for the models and not found; on Debian: sudo apt-get install -y python3-pip"
		status=3
	fi
done
exit "$status"
