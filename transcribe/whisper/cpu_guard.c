//go:build cgo

// A program whose libwhisper was compiled for a better CPU than the one it runs on dies of SIGILL before main, in a C++
// initialiser. This constructor runs before those (priority 101 is the first that programs may use), uses baseline
// instructions only, and says what is missing. kerbside_cpu.h is made by scripts/setup-native.sh from the compiler's
// own macros; without it (the system's libwhisper) there is nothing to check.
//
// Tried with qemu-user: `qemu-x86_64 -cpu Nehalem bin/kerbside version` prints the message and exits with 1, where it
// ended in SIGILL before; TestCPUGuard does the same with the test binary.
#if defined(__x86_64__) && defined(__has_include)
#if __has_include(<kerbside_cpu.h>)

#include <cpuid.h>
#include <kerbside_cpu.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { EAX, EBX, ECX, EDX };

// Operating-system support that a feature needs besides the CPU's: bits of XCR0.
enum { OS_NONE = 0, OS_AVX = 0x6, OS_AVX512 = 0xe6 };

struct feature {
	const char *name;
	uint32_t leaf, subleaf;
	int reg, bit;
	uint64_t os;
};

static const struct feature needed[] = {
#ifdef KERBSIDE_NEEDS_SSE3
	{"SSE3", 1, 0, ECX, 0, OS_NONE},
#endif
#ifdef KERBSIDE_NEEDS_PCLMUL
	{"PCLMUL", 1, 0, ECX, 1, OS_NONE},
#endif
#ifdef KERBSIDE_NEEDS_SSSE3
	{"SSSE3", 1, 0, ECX, 9, OS_NONE},
#endif
#ifdef KERBSIDE_NEEDS_FMA
	{"FMA", 1, 0, ECX, 12, OS_AVX},
#endif
#ifdef KERBSIDE_NEEDS_SSE4_1
	{"SSE4.1", 1, 0, ECX, 19, OS_NONE},
#endif
#ifdef KERBSIDE_NEEDS_SSE4_2
	{"SSE4.2", 1, 0, ECX, 20, OS_NONE},
#endif
#ifdef KERBSIDE_NEEDS_MOVBE
	{"MOVBE", 1, 0, ECX, 22, OS_NONE},
#endif
#ifdef KERBSIDE_NEEDS_POPCNT
	{"POPCNT", 1, 0, ECX, 23, OS_NONE},
#endif
#ifdef KERBSIDE_NEEDS_AES
	{"AES", 1, 0, ECX, 25, OS_NONE},
#endif
#ifdef KERBSIDE_NEEDS_AVX
	{"AVX", 1, 0, ECX, 28, OS_AVX},
#endif
#ifdef KERBSIDE_NEEDS_F16C
	{"F16C", 1, 0, ECX, 29, OS_AVX},
#endif
#ifdef KERBSIDE_NEEDS_BMI
	{"BMI", 7, 0, EBX, 3, OS_NONE},
#endif
#ifdef KERBSIDE_NEEDS_AVX2
	{"AVX2", 7, 0, EBX, 5, OS_AVX},
#endif
#ifdef KERBSIDE_NEEDS_BMI2
	{"BMI2", 7, 0, EBX, 8, OS_NONE},
#endif
#ifdef KERBSIDE_NEEDS_AVX512F
	{"AVX512F", 7, 0, EBX, 16, OS_AVX512},
#endif
#ifdef KERBSIDE_NEEDS_AVX512DQ
	{"AVX512DQ", 7, 0, EBX, 17, OS_AVX512},
#endif
#ifdef KERBSIDE_NEEDS_AVX512IFMA
	{"AVX512IFMA", 7, 0, EBX, 21, OS_AVX512},
#endif
#ifdef KERBSIDE_NEEDS_AVX512CD
	{"AVX512CD", 7, 0, EBX, 28, OS_AVX512},
#endif
#ifdef KERBSIDE_NEEDS_SHA
	{"SHA", 7, 0, EBX, 29, OS_NONE},
#endif
#ifdef KERBSIDE_NEEDS_AVX512BW
	{"AVX512BW", 7, 0, EBX, 30, OS_AVX512},
#endif
#ifdef KERBSIDE_NEEDS_AVX512VL
	{"AVX512VL", 7, 0, EBX, 31, OS_AVX512},
#endif
#ifdef KERBSIDE_NEEDS_AVX512VBMI
	{"AVX512VBMI", 7, 0, ECX, 1, OS_AVX512},
#endif
#ifdef KERBSIDE_NEEDS_AVX512VBMI2
	{"AVX512VBMI2", 7, 0, ECX, 6, OS_AVX512},
#endif
#ifdef KERBSIDE_NEEDS_GFNI
	{"GFNI", 7, 0, ECX, 8, OS_NONE},
#endif
#ifdef KERBSIDE_NEEDS_VAES
	{"VAES", 7, 0, ECX, 9, OS_AVX},
#endif
#ifdef KERBSIDE_NEEDS_VPCLMULQDQ
	{"VPCLMULQDQ", 7, 0, ECX, 10, OS_AVX},
#endif
#ifdef KERBSIDE_NEEDS_AVX512VNNI
	{"AVX512VNNI", 7, 0, ECX, 11, OS_AVX512},
#endif
#ifdef KERBSIDE_NEEDS_AVX512BITALG
	{"AVX512BITALG", 7, 0, ECX, 12, OS_AVX512},
#endif
#ifdef KERBSIDE_NEEDS_AVX512VPOPCNTDQ
	{"AVX512VPOPCNTDQ", 7, 0, ECX, 14, OS_AVX512},
#endif
#ifdef KERBSIDE_NEEDS_AVX512FP16
	{"AVX512FP16", 7, 0, EDX, 23, OS_AVX512},
#endif
#ifdef KERBSIDE_NEEDS_AVXVNNI
	{"AVXVNNI", 7, 1, EAX, 4, OS_AVX},
#endif
#ifdef KERBSIDE_NEEDS_AVX512BF16
	{"AVX512BF16", 7, 1, EAX, 5, OS_AVX512},
#endif
#ifdef KERBSIDE_NEEDS_LZCNT
	{"LZCNT", 0x80000001u, 0, ECX, 5, OS_NONE},
#endif
	{NULL, 0, 0, 0, 0, OS_NONE},
};

static uint64_t os_support(void) {
	uint32_t a, b, c, d;
	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE)) {
		return 0;
	}
	__asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
	return (uint64_t)d << 32 | a;
}

static int has(const struct feature *f, uint64_t os) {
	uint32_t r[4] = {0, 0, 0, 0};
	if (!__get_cpuid_count(f->leaf, f->subleaf, &r[EAX], &r[EBX], &r[ECX], &r[EDX])) {
		return 0;
	}
	return (r[f->reg] >> f->bit & 1) && (os & f->os) == f->os;
}

static void put(const char *s) {
	if (write(STDERR_FILENO, s, strlen(s)) < 0) {
		return; // nobody is there to read it; the exit status still tells
	}
}

__attribute__((constructor(101))) static void kb_check_cpu(void) {
	uint64_t os = os_support();
	int missing = 0;
	for (const struct feature *f = needed; f->name != NULL; f++) {
		if (!has(f, os)) {
			put(missing++ ? ", " : "This program was built for a CPU with ");
			put(f->name);
		}
	}
	if (missing) {
		put(", which this machine lacks.\nBuild it on this machine (make build), or for any CPU since about 2013: "
		    "KERBSIDE_CPU=portable make build\n");
		_exit(1);
	}
}

#endif
#endif
