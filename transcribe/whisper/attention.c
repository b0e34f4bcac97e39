//go:build cgo

// Attention. For many queries, as in the encoder, scores are kept with the keys as rows and the queries as columns, so that
// the largest score and the sum of each query are found without moving numbers across a register, and only queries and
// results are transposed. For the few queries of a decoder's step, keys and values are read once for all of them.

#include "alignment.h"
#include "kernels.h"

#ifdef KB_KERNELS

#include <math.h>
#include <string.h>

enum { HEAD = 64, WIDE = 16, PARTS = 3, QUERIES = PARTS * WIDE, STEP = 8 };

void __real_ggml_compute_forward_flash_attn_ext(const struct ggml_compute_params *, struct ggml_tensor *);

// accumulate is out[r][q] = sum over i of left[i*step_i + r*step_r] * right[i][q], for 8 rows r and 48 columns q.
KB_INLINE void accumulate(const float *left, int64_t step_i, int64_t step_r, const float *right, int64_t n, __m512 out[STEP][PARTS]) {
#pragma GCC unroll 8
	for (int r = 0; r < STEP; r++) {
#pragma GCC unroll 3
		for (int x = 0; x < PARTS; x++) {
			out[r][x] = _mm512_setzero_ps();
		}
	}
	for (int64_t i = 0; i < n; i++) {
		__m512 q[PARTS];
#pragma GCC unroll 3
		for (int x = 0; x < PARTS; x++) {
			q[x] = _mm512_load_ps(right + i * QUERIES + x * WIDE);
		}
#pragma GCC unroll 8
		for (int r = 0; r < STEP; r++) {
			__m512 l = _mm512_set1_ps(left[i * step_i + r * step_r]);
#pragma GCC unroll 3
			for (int x = 0; x < PARTS; x++) {
				out[r][x] = _mm512_fmadd_ps(l, q[x], out[r][x]);
			}
		}
	}
}

// widen turns rows of 64 halves, stride bytes apart, into floats; up to a multiple of 8 rows are filled with zeros.
KB_ALONE KB_WIDE static void widen(const char *from, size_t stride, int64_t rows, float *to) {
	for (int64_t r = 0; r < rows; r++) {
		for (int x = 0; x < HEAD; x += WIDE) {
			__m256i h = _mm256_loadu_si256((const __m256i *)(from + (size_t)r * stride) + x / WIDE);
			_mm512_store_ps(to + r * HEAD + x, _mm512_cvtph_ps(h));
		}
	}
	int64_t filled = (rows + STEP - 1) / STEP * STEP;
	memset(to + rows * HEAD, 0, (size_t)((filled - rows) * HEAD) * sizeof(float));
}

// attend does up to 48 queries of one head. scores is room for (keys+7)*48 floats.
KB_ALONE KB_WIDE static void attend(const float *keys, const float *values, int64_t n, const float *queries, float *scores, float *out) {
	__m512 most[PARTS], sum[PARTS];
	for (int x = 0; x < PARTS; x++) {
		most[x] = _mm512_set1_ps(-INFINITY);
		sum[x] = _mm512_setzero_ps();
	}
	for (int64_t i = 0; i < n; i += STEP) {
		__m512 s[STEP][PARTS];
		accumulate(keys + i * HEAD, 1, HEAD, queries, HEAD, s);
#pragma GCC unroll 8
		for (int r = 0; r < STEP; r++) {
#pragma GCC unroll 3
			for (int x = 0; x < PARTS; x++) {
				_mm512_store_ps(scores + (i + r) * QUERIES + x * WIDE, s[r][x]);
				if (i + r < n) {
					most[x] = _mm512_max_ps(most[x], s[r][x]);
				}
			}
		}
	}
	for (int64_t i = 0; i < n; i++) {
		for (int x = 0; x < PARTS; x++) {
			float *at = scores + i * QUERIES + x * WIDE;
			__m512 e = kb_exp(_mm512_sub_ps(_mm512_load_ps(at), most[x]));
			_mm512_store_ps(at, e);
			sum[x] = _mm512_add_ps(sum[x], e);
		}
	}
	for (int x = 0; x < PARTS; x++) {
		sum[x] = _mm512_div_ps(_mm512_set1_ps(1.0f), sum[x]);
	}
	for (int d = 0; d < HEAD; d += STEP) {
		__m512 o[STEP][PARTS];
		accumulate(values + d, HEAD, 1, scores, n, o);
#pragma GCC unroll 8
		for (int r = 0; r < STEP; r++) {
#pragma GCC unroll 3
			for (int x = 0; x < PARTS; x++) {
				_mm512_store_ps(out + (d + r) * QUERIES + x * WIDE, _mm512_mul_ps(o[r][x], sum[x]));
			}
		}
	}
}

// transpose reads rows of 64 floats into columns, or with back writes them back: rows[r*stride bytes][c] and columns[c][r].
static void transpose(char *rows, size_t stride, int n, float *columns, float scale, bool back) {
	for (int r = 0; r < n; r++) {
		float *row = (float *)(rows + (size_t)r * stride);
		for (int c = 0; c < HEAD; c++) {
			if (back) {
				row[c] = columns[c * QUERIES + r];
			} else {
				columns[c * QUERIES + r] = row[c] * scale;
			}
		}
	}
}

// encode does all heads, shared out over the threads.
static bool encode(const struct ggml_compute_params *p, struct ggml_tensor *dst, int64_t keys) {
	const struct ggml_tensor *q = dst->src[0], *k = dst->src[1], *v = dst->src[2];
	float scale;
	memcpy(&scale, dst->op_params, sizeof scale);
	size_t padded = (size_t)(keys + STEP - 1) / STEP * STEP;
	float *room = kb_scratch((2 * padded * HEAD + padded * QUERIES + 2 * HEAD * QUERIES) * sizeof(float));
	if (room == NULL) {
		return false;
	}
	float *wide_k = room, *wide_v = wide_k + padded * HEAD, *scores = wide_v + padded * HEAD;
	float *queries = scores + padded * QUERIES, *out = queries + HEAD * QUERIES;
	memset(queries, 0, HEAD * QUERIES * sizeof(float));
	for (int64_t h = p->ith; h < q->ne[2]; h += p->nth) {
		widen((const char *)k->data + (size_t)h * k->nb[2], k->nb[1], keys, wide_k);
		widen((const char *)v->data + (size_t)h * v->nb[2], v->nb[1], keys, wide_v);
		for (int64_t i = 0; i < q->ne[1]; i += QUERIES) {
			int n = q->ne[1] - i < QUERIES ? (int)(q->ne[1] - i) : QUERIES;
			transpose((char *)q->data + (size_t)h * q->nb[2] + (size_t)i * q->nb[1], q->nb[1], n, queries, scale, false);
			attend(wide_k, wide_v, keys, queries, scores, out);
			transpose((char *)dst->data + (size_t)h * dst->nb[1] + (size_t)i * dst->nb[2], dst->nb[2], n, out, 1.0f, true);
		}
	}
	return true;
}

enum { FEW = 8 };

// keep scales n numbers to a sum of one.
static void keep(const float *from, float *to, int n) {
	float sum = 0;
	for (int i = 0; i < n; i++) {
		sum += from[i];
	}
	for (int i = 0; i < n; i++) {
		to[i] = sum > 0 ? from[i] / sum : 0;
	}
}

// few does up to 8 queries of one head, from first, against keys and values as they are stored. A mask is added to the scores; what it takes
// to minus infinity is passed over. watched, when it is not NULL, gets each query's share of attention to the frames of kb_watch.
KB_ALONE KB_WIDE static void few(const struct ggml_tensor *dst, int64_t head, int64_t first, int n, int64_t keys, float scale, float *scores, float *watched) {
	const struct ggml_tensor *q = dst->src[0], *k = dst->src[1], *v = dst->src[2], *mask = dst->src[3];
	const char *k_at = (const char *)k->data + (size_t)head * k->nb[2], *v_at = (const char *)v->data + (size_t)head * v->nb[2];
	const __m512 none = _mm512_set1_ps(-INFINITY);
	__m512 query[FEW][HEAD / WIDE], most[FEW], out[FEW][HEAD / WIDE];
	int64_t padded = (keys + WIDE - 1) / WIDE * WIDE;
	for (int j = 0; j < n; j++) {
		const float *row = (const float *)((const char *)q->data + (size_t)head * q->nb[2] + (size_t)(first + j) * q->nb[1]);
		for (int x = 0; x < HEAD / WIDE; x++) {
			query[j][x] = _mm512_mul_ps(_mm512_loadu_ps(row + x * WIDE), _mm512_set1_ps(scale));
			out[j][x] = _mm512_setzero_ps();
		}
		most[j] = none;
	}
	for (int64_t i = 0; i < padded; i += WIDE) {
		__m512 row[HEAD / WIDE];
		float sums[FEW][WIDE];
		for (int r = 0; r < WIDE; r++) {
			const __m256i *from = (const __m256i *)(k_at + (size_t)(i + r < keys ? i + r : keys - 1) * k->nb[1]);
#pragma GCC unroll 4
			for (int x = 0; x < HEAD / WIDE; x++) {
				row[x] = _mm512_cvtph_ps(_mm256_loadu_si256(from + x));
			}
			for (int j = 0; j < n; j++) {
				__m512 s = _mm512_mul_ps(query[j][0], row[0]);
				s = _mm512_fmadd_ps(query[j][1], row[1], s);
				s = _mm512_fmadd_ps(query[j][2], row[2], s);
				s = _mm512_fmadd_ps(query[j][3], row[3], s);
				sums[j][r] = _mm512_reduce_add_ps(s);
			}
		}
		__mmask16 there = keys - i < WIDE ? (__mmask16)((1u << (keys - i)) - 1) : (__mmask16)0xffff;
		for (int j = 0; j < n; j++) {
			__m512 s = _mm512_mask_mov_ps(none, there, _mm512_loadu_ps(sums[j]));
			if (mask != NULL) {
				const char *halves = (const char *)mask->data + (size_t)(first + j) * mask->nb[1] + (size_t)i * 2;
				s = _mm512_add_ps(s, _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(there, halves)));
			}
			_mm512_store_ps(scores + j * padded + i, s);
			most[j] = _mm512_max_ps(most[j], s);
		}
	}
	float share[FEW];
	for (int j = 0; j < n; j++) {
		__m512 top = _mm512_set1_ps(_mm512_reduce_max_ps(most[j])), sum = _mm512_setzero_ps();
		for (int64_t i = 0; i < padded; i += WIDE) {
			__m512 s = _mm512_load_ps(scores + j * padded + i);
			__mmask16 some = _mm512_cmp_ps_mask(s, none, _CMP_NEQ_OQ);
			__m512 e = _mm512_maskz_mov_ps(some, kb_exp(_mm512_sub_ps(s, top)));
			_mm512_store_ps(scores + j * padded + i, e);
			sum = _mm512_add_ps(sum, e);
		}
		float total = _mm512_reduce_add_ps(sum);
		share[j] = total > 0 ? 1.0f / total : 0.0f;
		if (watched != NULL) {
			keep(scores + j * padded, watched + (first + j) * kb_watch->frames, kb_watch->frames);
		}
	}
	for (int64_t i = 0; i < keys; i++) {
		__m512 row[HEAD / WIDE];
		const __m256i *from = (const __m256i *)(v_at + (size_t)i * v->nb[1]);
#pragma GCC unroll 4
		for (int x = 0; x < HEAD / WIDE; x++) {
			row[x] = _mm512_cvtph_ps(_mm256_loadu_si256(from + x));
		}
		for (int j = 0; j < n; j++) {
			__m512 p = _mm512_set1_ps(scores[j * padded + i]);
#pragma GCC unroll 4
			for (int x = 0; x < HEAD / WIDE; x++) {
				out[j][x] = _mm512_fmadd_ps(p, row[x], out[j][x]);
			}
		}
	}
	for (int j = 0; j < n; j++) {
		float *to = (float *)((char *)dst->data + (size_t)head * dst->nb[1] + (size_t)(first + j) * dst->nb[2]);
		for (int x = 0; x < HEAD / WIDE; x++) {
			_mm512_storeu_ps(to + x * WIDE, _mm512_mul_ps(out[j][x], _mm512_set1_ps(share[j])));
		}
	}
}

// decode does all heads for few queries, shared out over the threads.
static bool decode(const struct ggml_compute_params *p, struct ggml_tensor *dst, int64_t keys) {
	const struct ggml_tensor *q = dst->src[0];
	float scale, *scores = kb_scratch((size_t)(keys + WIDE) * FEW * sizeof(float));
	if (scores == NULL) {
		return false;
	}
	memcpy(&scale, dst->op_params, sizeof scale);
	kb_attention *watch = dst->src[3] == NULL && kb_watch != NULL && kb_watch->layer < KB_MOST_LAYERS ? kb_watch : NULL;
	for (int64_t h = p->ith; h < q->ne[2]; h += p->nth) {
		float *watched = NULL;
		if (watch != NULL && h < 32 && (watch->heads[watch->layer] >> h & 1) != 0 && q->ne[1] == watch->tokens) {
			watched = watch->rows + ((size_t)watch->slot++ * (size_t)watch->all + (size_t)watch->first) * (size_t)watch->frames;
		}
		for (int64_t i = 0; i < q->ne[1]; i += FEW) {
			few(dst, h, i, q->ne[1] - i < FEW ? (int)(q->ne[1] - i) : FEW, keys, scale, scores, watched);
		}
	}
	if (watch != NULL) {
		watch->layer++;
	}
	return true;
}

// ours tells whether everything about it is as in Whisper.
static bool ours(const struct ggml_tensor *dst) {
	const struct ggml_tensor *q = dst->src[0], *k = dst->src[1], *v = dst->src[2], *mask = dst->src[3];
	float bias, cap;
	memcpy(&bias, (const float *)dst->op_params + 1, sizeof bias);
	memcpy(&cap, (const float *)dst->op_params + 2, sizeof cap);
	return dst->src[4] == NULL && bias == 0 && cap == 0 && q->type == GGML_TYPE_F32 && k->type == GGML_TYPE_F16 && v->type == GGML_TYPE_F16 &&
	       dst->type == GGML_TYPE_F32 && q->ne[0] == HEAD && v->ne[0] == HEAD && q->ne[3] == 1 && q->ne[2] == k->ne[2] && q->ne[2] == v->ne[2] &&
	       q->nb[0] == sizeof(float) && k->nb[0] == 2 && v->nb[0] == 2 &&
	       (mask == NULL || (mask->type == GGML_TYPE_F16 && mask->ne[2] == 1 && mask->ne[3] == 1));
}

void __wrap_ggml_compute_forward_flash_attn_ext(const struct ggml_compute_params *p, struct ggml_tensor *dst) {
	const struct ggml_tensor *mask = dst->src[3];
	int64_t keys = dst->src[1]->ne[1];
	if (mask == NULL && p->nth == 1 && kb_valid_keys > 0 && kb_valid_keys < keys) {
		keys = kb_valid_keys;
	}
	if (kb_wide() && ours(dst)) {
		bool many = mask == NULL && kb_watch == NULL && dst->src[0]->ne[1] >= WIDE;
		if (many ? encode(p, dst, keys) : decode(p, dst, keys)) {
			return;
		}
	}
	struct ggml_tensor k = *dst->src[1], v = *dst->src[2], d = *dst;
	k.ne[1] = v.ne[1] = keys;
	d.src[1] = &k;
	d.src[2] = &v;
	__real_ggml_compute_forward_flash_attn_ext(p, &d);
}

#endif
