#!/usr/bin/env bash
# Makes libwhisper available and writes what `go build` needs to find it.
#
#   scripts/setup-native.sh            build when needed, then refresh current.env and current.mk; silent when done before
#   scripts/setup-native.sh --print    also print the path of the env file
#
# The library comes from the first of these that works:
#   1. the system, through pkg-config (only when its whisper offers all that the shim calls);
#   2. the whisper.cpp source tree named by KERBSIDE_WHISPER_SRC;
#   3. the npm package pinned below, verified by its SHA-256.
#
# Environment:
#   KERBSIDE_WHISPER_FROM  system, source or package: use that one only
#   KERBSIDE_CPU           native (default): for this machine's CPU; portable: x86-64-v3, for any CPU since about 2013
#   KERBSIDE_GPU           vulkan: transcribe on a graphics card, of any make, through its Vulkan driver; cuda: on NVIDIA's through CUDA.
#                          Each has a folder, native-vulkan say, and env file of its own: the plain library stays as it is
#   KERBSIDE_CMAKE_ARGS    more cmake options, for another backend say
#   KERBSIDE_NATIVE_LDFLAGS  more linker flags, that such a backend needs
#   KERBSIDE_CACHE         where everything goes (default: ~/.cache/kerbside)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"

recipe=2 # raise it whenever the result of the build changes for the same inputs
package=nodejs-whisper
package_version=0.3.1
package_sha256=92041caf2b26c74b7f489fedf37bd093f216eebd61df512045ec2d19d0531d37

cache=$(cache_dir)
gpu=${KERBSIDE_GPU:-}
native=$cache/native${gpu:+-$gpu}
from=${KERBSIDE_WHISPER_FROM:-auto}
cpu=${KERBSIDE_CPU:-native}
cc=${CC:-gcc}
cxx=${CXX:-g++}
machine=$(uname -m)

case $cpu in native | portable) ;; *) die "KERBSIDE_CPU is '$cpu'; use native or portable" ;; esac
case $from in auto | system | source | package) ;; *) die "KERBSIDE_WHISPER_FROM is '$from'; use system, source or package" ;; esac
have "$cc" || die "no C compiler; on Debian: sudo apt-get install -y g++"
have "$cxx" || die "no C++ compiler; on Debian: sudo apt-get install -y g++"
mkdir -p "$native" "$cache/downloads"

# What transcribe/whisper/kernels.h puts faster kernels in place of. They rest on internals of ggml, so only the pinned source gets them.
wrapped=(llamafile_sgemm ggml_compute_forward_flash_attn_ext ggml_compute_forward_unary ggml_backend_buffer_free)
kernels=no

accepts() { "$cc" "$@" -x c -fsyntax-only /dev/null 2>/dev/null; }

# ggml's AMX kernels crash on machines that have AMX (q8_0 weights end in SIGSEGV), so they are left out of native builds.
arch_flags=()
ggml_native=OFF
case $machine in
x86_64 | amd64)
	if [ "$cpu" = portable ]; then
		arch_flags=(-march=x86-64-v3)
	else
		arch_flags=(-march=native)
		for flag in -mno-amx-tile -mno-amx-int8 -mno-amx-bf16; do
			if accepts "$flag"; then arch_flags+=("$flag"); fi
		done
	fi
	accepts "${arch_flags[@]}" || die "$cc does not know ${arch_flags[*]}; it is too old, install g++ 11 or newer"
	;;
*)
	# ggml's own build finds the right flags for other machines.
	if [ "$cpu" = native ]; then ggml_native=ON; fi
	;;
esac
read -r -a extra_args <<<"${KERBSIDE_CMAKE_ARGS:-}"
read -r -a extra_ld <<<"${KERBSIDE_NATIVE_LDFLAGS:-}"

gpu_libs=() # of the system, that ggml's library for the card calls
case $gpu in
"") ;;
vulkan) extra_args+=(-DGGML_VULKAN=ON) gpu_libs=(-lvulkan) ;;
cuda) extra_args+=(-DGGML_CUDA=ON -DGGML_CUDA_NO_VMM=ON -DGGML_CUDA_NCCL=OFF) gpu_libs=(-lcublas -lcudart) ;; # so it starts where no driver is, too
*) die "KERBSIDE_GPU is '$gpu'; use vulkan or cuda, or leave it out" ;;
esac

cmake_args=(
	-DCMAKE_BUILD_TYPE=Release
	-DBUILD_SHARED_LIBS=OFF
	-DWHISPER_BUILD_TESTS=OFF
	-DWHISPER_BUILD_SERVER=OFF
	-DWHISPER_BUILD_EXAMPLES=ON
	-DGGML_CCACHE=OFF
	-DGGML_LLAMAFILE=ON
	"-DGGML_NATIVE=$ggml_native"
)
if [ ${#arch_flags[@]} -gt 0 ]; then
	# -march says it all; ggml's own switches would add AVX2 to a CPU that has none.
	cmake_args+=("-DCMAKE_C_FLAGS=${arch_flags[*]}" "-DCMAKE_CXX_FLAGS=${arch_flags[*]}")
	for set in SSE42 AVX AVX2 BMI2 FMA F16C; do cmake_args+=("-DGGML_$set=OFF"); done
fi

# The compiler's own macros under these flags name the compiler, its version and every instruction set that it may use.
macros() { "$cc" ${arch_flags[@]+"${arch_flags[@]}"} -dM -E -x c /dev/null | LC_ALL=C sort; }

cpu_identity() {
	if [ ${#arch_flags[@]} -eq 0 ] && [ "$cpu" = native ]; then
		grep -m4 -E '^(Features|CPU implementer|CPU part|isa)' /proc/cpuinfo 2>/dev/null || uname -mp
	fi
}

# write_env FOLDER KEY: what `go build` needs. The key is compiled into the shim, so that Go's build cache and its
# linker notice another library behind the same names.
write_env() {
	local dir=$1 key=$2 ldflags='-O2 -g' name value
	if [ "$dir" != system ]; then
		if compgen -G "$dir/lib/*.so" >/dev/null; then ldflags+=" '-Wl,-rpath,$dir/lib'"; fi
	else
		ldflags+=" $(pkg-config --libs-only-L whisper)"
	fi
	if [ ${#extra_ld[@]} -gt 0 ]; then ldflags+=" ${extra_ld[*]}"; fi
	local cflags="-O2 -g -DKERBSIDE_NATIVE_KEY=$key"
	if [ "$kernels" = yes ]; then
		cflags+=' -DKERBSIDE_KERNELS=1'
		for name in "${wrapped[@]}"; do ldflags+=" -Wl,--wrap=$name"; done
	fi
	if [ "$dir" = system ]; then cflags+=" $(pkg-config --cflags whisper)"; fi
	local vars=(
		CGO_ENABLED 1
		CGO_CFLAGS "$cflags"
		CGO_LDFLAGS "$ldflags"
		KERBSIDE_NATIVE_KEY "$key"
	)
	if [ "$dir" != system ]; then
		vars+=(
			C_INCLUDE_PATH "$dir/include"
			CPLUS_INCLUDE_PATH "$dir/include"
			LIBRARY_PATH "$dir/lib"
			KERBSIDE_NATIVE_BIN "$dir/bin"
		)
	else
		vars+=(KERBSIDE_NATIVE_BIN "$(dirname "$(command -v whisper-cli || printf /usr/bin/whisper-cli)")")
	fi
	local env_tmp mk_tmp i
	env_tmp=$(mktemp "$native/.env.XXXXXX")
	mk_tmp=$(mktemp "$native/.mk.XXXXXX")
	for ((i = 0; i < ${#vars[@]}; i += 2)); do
		name=${vars[i]} value=${vars[i + 1]}
		printf "export %s=%q\n" "$name" "$value" >>"$env_tmp"
		printf 'export %s := %s\n' "$name" "${value//\$/\$\$}" >>"$mk_tmp"
	done
	keep_or_replace "$env_tmp" "$native/current.env"
	keep_or_replace "$mk_tmp" "$native/current.mk"
}

# keep_or_replace leaves an equal file alone, so that make sees no change.
keep_or_replace() {
	if cmp -s "$1" "$2"; then rm -f "$1"; else mv -f "$1" "$2"; fi
}

# probe compiles and links what the shim and the Go binding need; quiet, it only answers. Arguments: compiler flags.
probe() {
	local dir status=0
	dir=$(mktemp -d)
	cat >"$dir/probe.c" <<'C'
#include <whisper.h>
#include <ggml.h>
int main(void) {
	struct whisper_context_params p = whisper_context_default_params();
	p.flash_attn = true;
	return whisper_version() == 0 || (void *)whisper_full_with_state == 0 || (void *)whisper_init_state == 0 ||
	       (void *)whisper_vad_detect_speech_no_reset == 0 || (void *)ggml_quantize_chunk == 0;
}
C
	"$cc" "$dir/probe.c" -o "$dir/probe" "$@" -lwhisper -Wl,--start-group -lggml -lggml-cpu -lggml-base -Wl,--end-group \
		-lm -lstdc++ -fopenmp -lpthread >/dev/null 2>&1 && "$dir/probe" >/dev/null 2>&1 || status=1
	rm -rf "$dir"
	return $status
}

try_system() {
	have pkg-config && pkg-config --exists whisper || return 1
	local flags
	read -r -a flags <<<"$(pkg-config --cflags --libs-only-L whisper)"
	if ! probe ${flags[@]+"${flags[@]}"}; then
		say "The system's libwhisper $(pkg-config --modversion whisper) lacks something that is needed here; building another."
		return 1
	fi
	write_env system "system-$(pkg-config --modversion whisper)-$(printf '%s' "${flags[*]:-}" | sha256_of /dev/stdin | cut -c1-8)"
}

# fetch_package leaves the verified tarball at $1. npm keeps what it has, so a broken download goes on.
fetch_package() {
	local tarball=$1 tmp got
	if [ -f "$tarball" ] && [ "$(sha256_of "$tarball")" = "$package_sha256" ]; then return; fi
	have npm || die "npm is needed to fetch whisper.cpp (or name a source folder with KERBSIDE_WHISPER_SRC); on Debian: sudo apt-get install -y npm"
	tmp=$(mktemp -d "$cache/downloads/.npm.XXXXXX")
	say "Fetching $package $package_version (whisper.cpp's source) with npm."
	if ! npm pack --silent --ignore-scripts --pack-destination "$tmp" "$package@$package_version" >/dev/null 2>"$tmp/log"; then
		cat "$tmp/log" >&2
		rm -rf "$tmp"
		die "npm could not fetch $package $package_version; check the network and run this again"
	fi
	got=$(sha256_of "$tmp/$package-$package_version.tgz")
	if [ "$got" != "$package_sha256" ]; then
		rm -rf "$tmp"
		die "$package $package_version has SHA-256 $got, expected $package_sha256; nothing was built. Run this again; if it repeats, the registry serves another file"
	fi
	mv -f "$tmp/$package-$package_version.tgz" "$tarball"
	rm -rf "$tmp"
}

# source_checksum covers what is compiled of a source folder.
source_checksum() {
	(
		cd "$1"
		find CMakeLists.txt cmake src include ggml examples/cli examples/quantize examples/*.cpp examples/*.h -type f -print0 |
			LC_ALL=C sort -z | xargs -0 sha256sum
	) | sha256_of /dev/stdin
}

# take_best changes one line of the library: its beam search draws each beam's candidates by chance, from a generator that goes on from call to
# call, so that a window's text depends on those before it. The best candidates, which are sorted there already, are what
# beam search is (Sutskever et al., arXiv 1409.3215), and are the same every time.
take_best() {
	local drawn='const auto id = dist(decoder\.rng);' best='const auto id = logits_id[i].second;'
	if ! grep -qF "$best" "$1"; then
		[ "$(grep -c "$drawn" "$1")" = 1 ] || die "the source of whisper.cpp is not the one that setup-native.sh knows"
		sed -i "s/$drawn/$best/" "$1"
	fi
}

# fit_headers leaves out settings of Vulkan's validation layer, which is never turned on here, where the system's headers are too old to know them
# (Debian 12's, 1.3.239). Nothing else in ggml needs newer ones.
fit_headers() {
	if printf '#include <vulkan/vulkan_core.h>\n#ifndef VK_EXT_layer_settings\n#error old\n#endif\n' | "$cc" -fsyntax-only -x c - 2>/dev/null; then return; fi
	sed -i '/std::vector<vk::LayerSettingEXT> settings = {/,/layer_setting_info(settings);/d; s/, layers, extensions, &layer_setting_info);/, layers, extensions);/' "$1"
}

# bring_gpu makes libggml bring the card's library and the system's to whatever links it: an archive may be a script of the linker.
bring_gpu() {
	mv "$1/libggml.a" "$1/libggml-registry.a"
	printf 'INPUT(-lggml-registry -lggml-%s %s)\n' "$gpu" "${gpu_libs[*]}" >"$1/libggml.a"
}

# write_cpu_header tells the shim which instruction sets the library may use, so that a binary on a lesser CPU says so.
write_cpu_header() {
	local feature
	printf '/* Made by setup-native.sh: instruction sets that libwhisper was compiled for. */\n#pragma once\n'
	for feature in SSE3 SSSE3 SSE4_1 SSE4_2 POPCNT AVX AVX2 FMA F16C BMI BMI2 LZCNT MOVBE AVXVNNI \
		AVX512F AVX512CD AVX512DQ AVX512BW AVX512VL AVX512IFMA AVX512VBMI AVX512VBMI2 AVX512VNNI AVX512BITALG \
		AVX512VPOPCNTDQ AVX512BF16 AVX512FP16 GFNI VAES VPCLMULQDQ AES PCLMUL SHA; do
		if macros | grep -q "^#define __${feature}__ "; then printf '#define KERBSIDE_NEEDS_%s 1\n' "$feature"; fi
	done
}

build() {
	local kind=$1 checksum=$2 key dir work src generator
	key=$({
		printf '%s\n' "$recipe" "$kind" "$checksum" "${cmake_args[*]}" "${extra_args[*]:-}"
		macros
		"$cxx" --version
		cpu_identity
	} | sha256_of /dev/stdin | cut -c1-16)
	dir=$native/$key
	if [ ! -f "$dir/complete" ]; then
		have cmake || die "cmake is needed; on Debian: sudo apt-get install -y cmake"
		exec 9>"$native/.lock"
		if have flock; then flock 9; fi
	fi
	if [ ! -f "$dir/complete" ]; then # nobody built it while we waited
		work=$native/.build-$key # a name of its own, so that an interrupted build goes on where it was
		mkdir -p "$work"
		if [ "$kind" = package ]; then
			local tarball=$cache/downloads/$package-$package_version.tgz
			fetch_package "$tarball"
			if [ ! -f "$work/unpacked" ]; then
				rm -rf "$work/package"
				tar -xzf "$tarball" -C "$work" package/cpp/whisper.cpp
				touch "$work/unpacked"
			fi
			src=$work/package/cpp/whisper.cpp
			if [ "$gpu" = vulkan ]; then fit_headers "$src/ggml/src/ggml-vulkan/ggml-vulkan.cpp"; fi
		else
			src=$KERBSIDE_WHISPER_SRC
		fi
		generator='Unix Makefiles'
		if have ninja; then generator=Ninja; fi
		local takes='about a minute'
		if [ -n "$gpu" ]; then takes='ten minutes'; fi
		say "Building libwhisper for $cpu $machine${gpu:+ and $gpu} ($takes on two cores, once)."
		if ! {
			cmake -S "$src" -B "$work/build" -G "$generator" -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx" \
				"${cmake_args[@]}" ${extra_args[@]+"${extra_args[@]}"} &&
				cmake --build "$work/build" --parallel "$(nproc 2>/dev/null || echo 2)" --target whisper whisper-cli whisper-quantize
		} >"$work/log" 2>&1; then
			tail -n 30 "$work/log" >&2
			die "libwhisper did not build; the whole log is $work/log"
		fi
		rm -rf "$work/out"
		mkdir -p "$work/out/include" "$work/out/lib" "$work/out/bin"
		cp "$work/build/bin/whisper-cli" "$work/build/bin/whisper-quantize" "$work/out/bin/" # as they come: they are measured against
		if [ "$kind" = package ]; then
			take_best "$src/src/whisper.cpp"
			cmake --build "$work/build" --parallel "$(nproc 2>/dev/null || echo 2)" --target whisper >>"$work/log" 2>&1 ||
				die "libwhisper did not build; the whole log is $work/log"
		fi
		cp "$src"/include/whisper.h "$src"/ggml/include/*.h "$work/out/include/"
		case $machine in
		x86_64 | amd64) write_cpu_header >"$work/out/include/kerbside_cpu.h" ;;
		esac
		find "$work/build" \( -name 'lib*whisper*.a' -o -name 'libggml*.a' -o -name '*.so' -o -name '*.so.*' -o -name '*.dylib' \) -exec cp -P {} "$work/out/lib/" \;
		if [ -n "$gpu" ]; then bring_gpu "$work/out/lib"; fi
		cp "$work/build/bin/whisper-cli" "$work/build/bin/whisper-quantize" "$work/out/bin/"
		C_INCLUDE_PATH=$work/out/include LIBRARY_PATH=$work/out/lib LD_LIBRARY_PATH=$work/out/lib probe ${extra_ld[@]+"${extra_ld[@]}"} ||
			die "the libwhisper that was built does not link; see $work/log (other backends may need KERBSIDE_NATIVE_LDFLAGS)"
		cp "$work/log" "$work/out/build.log"
		touch "$work/out/complete"
		rm -rf "$dir"
		mv "$work/out" "$dir"
		rm -rf "$work"
		say "libwhisper is in $dir"
	fi
	write_env "$dir" "$key"
}

done_by=
if [ "$from" = auto ] && [ -z "$gpu" ] || [ "$from" = system ]; then
	if try_system; then
		done_by=system
	elif [ "$from" = system ]; then
		die "pkg-config knows no usable whisper; unset KERBSIDE_WHISPER_FROM to build one"
	fi
fi
if [ -z "$done_by" ] && [ "$from" != package ] && [ -n "${KERBSIDE_WHISPER_SRC:-}" ]; then
	[ -f "$KERBSIDE_WHISPER_SRC/include/whisper.h" ] ||
		die "KERBSIDE_WHISPER_SRC is '$KERBSIDE_WHISPER_SRC', which has no include/whisper.h; name the top folder of whisper.cpp's source"
	build source "$(source_checksum "$KERBSIDE_WHISPER_SRC")"
	done_by=source
fi
if [ -z "$done_by" ]; then
	[ "$from" != source ] || die "KERBSIDE_WHISPER_SRC is not set; name the top folder of whisper.cpp's source"
	case $machine in x86_64 | amd64)
		case ${extra_args[*]:-} in "" | -DGGML_OPENMP=OFF) kernels=yes ;; esac
		;;
	esac
	build package "$package_sha256"
fi
if [ "${1:-}" = --print ]; then printf '%s\n' "$native/current.env"; fi
