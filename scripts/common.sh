# Shared by the set-up scripts; sourced, never run.

# cache_dir prints the folder that holds everything built or downloaded.
cache_dir() {
	printf '%s\n' "${KERBSIDE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kerbside}"
}

say() { printf '%s\n' "$*" >&2; }

die() {
	say "error: $*"
	exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

sha256_of() {
	if have sha256sum; then sha256sum -- "$@"; else shasum -a 256 -- "$@"; fi | cut -d' ' -f1
}

# as_root runs a command with the rights to install packages, or fails at once without asking for a password.
as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo -n "$@"
	fi
}

may_be_root() {
	[ "$(id -u)" -eq 0 ] || { have sudo && sudo -n true 2>/dev/null; }
}
