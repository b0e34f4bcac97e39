//go:build cgo

#include "kernels.h"

#ifdef KB_KERNELS

void __real_ggml_compute_forward_unary(const struct ggml_compute_params *, struct ggml_tensor *);

// gelu is Hendrycks and Gimpel's approximation with tanh (arXiv 1606.08415), which ggml looks up in a table of halves.
KB_ALONE KB_WIDE static void gelu(const float *x, float *y, int64_t n) {
	for (int64_t i = 0; i < n; i += 16) {
		__mmask16 m = n - i < 16 ? (__mmask16)((1u << (n - i)) - 1) : (__mmask16)0xffff;
		__m512 v = _mm512_maskz_loadu_ps(m, x + i);
		__m512 u = _mm512_fmadd_ps(_mm512_mul_ps(v, v), _mm512_set1_ps(0.044715f), _mm512_set1_ps(1.0f));
		u = _mm512_mul_ps(_mm512_mul_ps(v, u), _mm512_set1_ps(-2.0f * 0.79788456f));
		__m512 one = _mm512_set1_ps(1.0f);
		_mm512_mask_storeu_ps(y + i, m, _mm512_div_ps(v, _mm512_add_ps(one, kb_exp(u))));
	}
}

void __wrap_ggml_compute_forward_unary(const struct ggml_compute_params *p, struct ggml_tensor *dst) {
	const struct ggml_tensor *x = dst->src[0];
	if (ggml_get_unary_op(dst) != GGML_UNARY_OP_GELU || x->type != GGML_TYPE_F32 || dst->type != GGML_TYPE_F32 ||
	    !ggml_is_contiguous(x) || !ggml_is_contiguous(dst) || !kb_wide()) {
		__real_ggml_compute_forward_unary(p, dst);
		return;
	}
	int64_t n = ggml_nelements(dst), share = (n + p->nth - 1) / p->nth, first = share * p->ith;
	int64_t last = first + share < n ? first + share : n;
	if (first < last) {
		gelu((const float *)x->data + first, (float *)dst->data + first, last - first);
	}
}

#endif
