// Faster kernels for three operations of ggml's CPU backend, put in their place by the linker (--wrap, set by
// scripts/setup-native.sh): products with q8_0 weights, attention, and GELU. Only the library that the
// script builds is wrapped, as two declarations below are internal to ggml; any other keeps its own kernels.
//
// They need AVX-512 with VNNI, and ask the CPU before they run. Elsewhere ggml's own code does the work.
#pragma once

#include <ggml.h>
#include <stdbool.h>
#include <stdint.h>

// The first fields of ggml's type of this name: which thread this is, and of how many.
struct ggml_compute_params {
	int ith, nth;
};

// kb_valid_keys says how many keys there are in attention without a mask, in calls of the library by this thread that use no other
// thread; 0 is all. whisper.cpp rounds their number up to a multiple of 256, and what it adds is left over from other windows.
extern _Thread_local int64_t kb_valid_keys;

// kb_scratch gives n bytes, aligned to 64, that last until the thread's next call; NULL when there is no memory. They
// are freed with the thread's last call, kb_scratch_free.
void *kb_scratch(size_t n);
void kb_scratch_free(void);

// kb_wide tells whether this CPU can run the kernels, unless kb_set_plain is on.
bool kb_wide(void);
void kb_set_plain(bool on); // leave everything to ggml

// kb_exact_context tells whether kb_valid_keys is heeded: then the encoder's context may have any size.
bool kb_exact_context(void);

// The operations that have a kernel here, for kb_operate.
typedef enum { KB_PRODUCT, KB_ENCODE, KB_DECODE, KB_GELU } kb_operation;

// kb_operate computes one operation on numbers made from seed, with one thread, and writes the n results to out: a product of x rows of
// weights and y columns of 512, attention of y queries and x keys (the decoder's with a mask), GELU of x*y numbers. It
// returns how many results there are, 0 without memory; more than room are not written.
size_t kb_operate(kb_operation what, int x, int y, uint32_t seed, float *out, size_t room);

#if defined(KERBSIDE_KERNELS) && defined(__x86_64__)
#define KB_KERNELS 1
#define KB_WIDE __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,f16c")))
#define KB_INLINE static inline __attribute__((always_inline)) KB_WIDE

// GCC 12 drops calls of such functions whose only effect is what they store through a pointer; clang does not know the attribute.
#if defined(__GNUC__) && !defined(__clang__)
#define KB_ALONE __attribute__((noipa))
#else
#define KB_ALONE __attribute__((noinline))
#endif

#include <immintrin.h>

// kb_exp is e to the power of x: 2^n * 2^f, f in [-0.5, 0.5], by Taylor's series of degree 6. The relative error is below 2e-7
// where the result is a normal number.
KB_INLINE __m512 kb_exp(__m512 x) {
	__m512 t = _mm512_mul_ps(x, _mm512_set1_ps(1.44269504f));
	t = _mm512_max_ps(_mm512_min_ps(t, _mm512_set1_ps(128.0f)), _mm512_set1_ps(-150.0f));
	__m512 n = _mm512_roundscale_ps(t, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
	__m512 f = _mm512_sub_ps(t, n);
	__m512 p = _mm512_set1_ps(1.54035304e-4f);
	p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.33335581e-3f));
	p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(9.61812911e-3f));
	p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(5.55041087e-2f));
	p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(2.40226507e-1f));
	p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(6.93147181e-1f));
	p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.0f));
	return _mm512_scalef_ps(p, n);
}
#endif
