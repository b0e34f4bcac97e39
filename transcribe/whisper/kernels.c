//go:build cgo

#include "kernels.h"

#include <ggml-backend.h>
#include <ggml-cpu.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

_Thread_local int64_t kb_valid_keys;
static atomic_bool plain;

void kb_set_plain(bool on) { atomic_store(&plain, on); }

static _Thread_local struct {
	void *bytes;
	size_t size;
} scratch;

void *kb_scratch(size_t n) {
	if (n > scratch.size) {
		free(scratch.bytes);
		n = (n + 4095) / 4096 * 4096;
		scratch.bytes = aligned_alloc(64, n);
		scratch.size = scratch.bytes == NULL ? 0 : n;
	}
	return scratch.bytes;
}

void kb_scratch_free(void) {
	free(scratch.bytes);
	scratch.bytes = NULL;
	scratch.size = 0;
}

#ifdef KB_KERNELS
bool kb_wide(void) {
	return !atomic_load_explicit(&plain, memory_order_relaxed) && __builtin_cpu_supports("avx512f") &&
	       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
	       __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("f16c");
}
bool kb_exact_context(void) { return true; }
#else
bool kb_wide(void) { return false; }
bool kb_exact_context(void) { return false; }
#endif

// next is one of xorshift's numbers (Marsaglia, 2003), in [-1,1).
static float next(uint32_t *state) {
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return (float)(int32_t)*state / 2147483648.0f;
}

static void fill(struct ggml_tensor *t, uint32_t *state, float size) {
	int64_t n = ggml_nelements(t);
	float *f = malloc((size_t)n * sizeof *f);
	if (f == NULL) {
		return;
	}
	for (int64_t i = 0; i < n; i++) {
		f[i] = size * next(state);
	}
	if (t->type == GGML_TYPE_F32) {
		ggml_backend_tensor_set(t, f, 0, ggml_nbytes(t));
	} else {
		void *packed = malloc(ggml_nbytes(t));
		if (packed != NULL) {
			ggml_quantize_chunk(t->type, f, packed, 0, n / t->ne[0], t->ne[0], NULL);
			ggml_backend_tensor_set(t, packed, 0, ggml_nbytes(t));
			free(packed);
		}
	}
	free(f);
}

size_t kb_operate(kb_operation what, int x, int y, uint32_t seed, float *out, size_t room) {
	enum { HEADS = 8, HEAD = 64, DEPTH = 512 };
	struct ggml_init_params params = {.mem_size = 64 * ggml_tensor_overhead() + ggml_graph_overhead(), .no_alloc = true};
	struct ggml_context *c = ggml_init(params);
	ggml_backend_t backend = ggml_backend_cpu_init();
	struct ggml_tensor *in[4] = {NULL}, *result = NULL;
	float size[4] = {1, 1, 1, 1};
	size_t n = 0;
	if (c == NULL || backend == NULL) {
		goto end;
	}
	ggml_backend_cpu_set_n_threads(backend, 1);
	switch (what) {
	case KB_PRODUCT:
		in[0] = ggml_new_tensor_2d(c, GGML_TYPE_Q8_0, DEPTH, x);
		in[1] = ggml_new_tensor_2d(c, GGML_TYPE_F32, DEPTH, y);
		result = ggml_mul_mat(c, in[0], in[1]);
		break;
	case KB_GELU:
		in[0] = ggml_new_tensor_2d(c, GGML_TYPE_F32, x, y);
		size[0] = 12;
		result = ggml_gelu(c, in[0]);
		break;
	case KB_ENCODE:
	case KB_DECODE:
		in[0] = ggml_new_tensor_3d(c, GGML_TYPE_F32, HEAD, HEADS, y);
		in[1] = ggml_new_tensor_3d(c, GGML_TYPE_F16, HEAD, HEADS, x);
		in[2] = ggml_new_tensor_3d(c, GGML_TYPE_F16, HEAD, HEADS, x);
		size[0] = size[1] = 3;
		if (what == KB_DECODE) {
			in[3] = ggml_new_tensor_2d(c, GGML_TYPE_F16, x, y);
		}
		result = ggml_flash_attn_ext(c, ggml_permute(c, in[0], 0, 2, 1, 3), ggml_permute(c, in[1], 0, 2, 1, 3),
		                             ggml_permute(c, in[2], 0, 2, 1, 3), in[3], 0.125f, 0, 0);
		break;
	}
	struct ggml_cgraph *graph = ggml_new_graph_custom(c, 64, false);
	ggml_build_forward_expand(graph, result);
	ggml_backend_buffer_t buffer = ggml_backend_alloc_ctx_tensors(c, backend);
	if (buffer == NULL) {
		goto end;
	}
	for (int i = 0; i < 4; i++) {
		if (in[i] != NULL) {
			fill(in[i], &seed, size[i]);
		}
	}
	if (what == KB_DECODE) { // what comes after a query is hidden from it
		for (int q = 0; q < y; q++) {
			for (int k = x - y + q + 1; k < x; k++) {
				ggml_fp16_t none = ggml_fp32_to_fp16(-INFINITY);
				ggml_backend_tensor_set(in[3], &none, (size_t)(q * x + k) * sizeof none, sizeof none);
			}
		}
	}
	if (ggml_backend_graph_compute(backend, graph) == GGML_STATUS_SUCCESS) {
		n = (size_t)ggml_nelements(result);
		ggml_backend_tensor_get(result, out, 0, (n < room ? n : room) * sizeof *out);
	}
	ggml_backend_buffer_free(buffer);
end:
	ggml_backend_free(backend);
	ggml_free(c);
	return n;
}
