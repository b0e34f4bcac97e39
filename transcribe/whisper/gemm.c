//go:build cgo

// Products with q8_0 weights. ggml's kernel works on one row and one column at a time within each 256-bit register and
// changes signs for every product. Here a register holds four numbers of each of 16 rows of weights, put there once for many columns,
// and a column's four numbers are broadcast. Both are as in ggml: 32 numbers of 8 bits under one scale, integer
// sums within such a block, 32-bit floats between blocks.

#include "kernels.h"

#ifdef KB_KERNELS

#include <ggml-backend.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 16, COLS = 12, BLOCK = 32, CHUNK_BYTES = 192 << 10 };

typedef struct {
	uint16_t d;
	int8_t q[BLOCK];
} block_q8_0; // as in ggml-common.h

// One block of 16 rows. VNNI multiplies numbers without a sign by numbers with one: 128 is added to each weight here
// and taken off by cols_block.shift.
typedef struct {
	uint8_t q[BLOCK / 4][ROWS][4];
	float d[ROWS];
} rows_block;

// One block of 12 columns.
typedef struct {
	int8_t q[COLS][BLOCK];
	int32_t shift[COLS]; // -128 times the sum of q
	float d[COLS];
} cols_block;

bool __real_llamafile_sgemm(const struct ggml_compute_params *, int64_t, int64_t, int64_t, const void *, int64_t,
                            const void *, int64_t, void *, int64_t, int, int, int);

// pack_rows reads rows of k blocks; with fewer than 16 the last one stands in for the rest.
KB_ALONE KB_WIDE static void pack_rows(const block_q8_0 *a, int64_t lda, int64_t k, int rows, rows_block *out) {
	const __m512i sign = _mm512_set1_epi8((char)0x80);
	const block_q8_0 *row[ROWS];
	for (int r = 0; r < ROWS; r++) {
		row[r] = a + (r < rows ? r : rows - 1) * lda;
	}
	for (int64_t l = 0; l < k; l++) {
		uint16_t d[ROWS];
		for (int r = 0; r < ROWS; r++) {
			d[r] = row[r][l].d;
		}
		_mm512_store_ps(out[l].d, _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)d)));
		for (int half = 0; half < 2; half++) {
			__m512i z[4]; // rows i, i+4, i+8 and i+12
			for (int i = 0; i < 4; i++) {
				z[i] = _mm512_castsi128_si512(_mm_loadu_si128((const __m128i *)(row[i][l].q + 16 * half)));
				z[i] = _mm512_inserti32x4(z[i], _mm_loadu_si128((const __m128i *)(row[i + 4][l].q + 16 * half)), 1);
				z[i] = _mm512_inserti32x4(z[i], _mm_loadu_si128((const __m128i *)(row[i + 8][l].q + 16 * half)), 2);
				z[i] = _mm512_inserti32x4(z[i], _mm_loadu_si128((const __m128i *)(row[i + 12][l].q + 16 * half)), 3);
				z[i] = _mm512_xor_si512(z[i], sign);
			}
			__m512i ab0 = _mm512_unpacklo_epi32(z[0], z[1]), ab1 = _mm512_unpackhi_epi32(z[0], z[1]);
			__m512i cd0 = _mm512_unpacklo_epi32(z[2], z[3]), cd1 = _mm512_unpackhi_epi32(z[2], z[3]);
			_mm512_store_si512(out[l].q[4 * half + 0], _mm512_unpacklo_epi64(ab0, cd0));
			_mm512_store_si512(out[l].q[4 * half + 1], _mm512_unpackhi_epi64(ab0, cd0));
			_mm512_store_si512(out[l].q[4 * half + 2], _mm512_unpacklo_epi64(ab1, cd1));
			_mm512_store_si512(out[l].q[4 * half + 3], _mm512_unpackhi_epi64(ab1, cd1));
		}
	}
}

KB_ALONE KB_WIDE static void pack_cols(const block_q8_0 *b, int64_t ldb, int64_t k, int cols, cols_block *out) {
	const __m256i ones = _mm256_set1_epi8(1);
	for (int64_t l = 0; l < k; l++) {
		for (int j = 0; j < cols; j++) {
			const block_q8_0 *from = b + j * ldb + l;
			__m256i q = _mm256_loadu_si256((const __m256i *)from->q);
			_mm256_storeu_si256((__m256i *)out[l].q[j], q);
			__m256i sums = _mm256_dpbusd_epi32(_mm256_setzero_si256(), ones, q);
			__m128i s = _mm_add_epi32(_mm256_castsi256_si128(sums), _mm256_extracti128_si256(sums, 1));
			s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0x4e));
			s = _mm_add_epi32(s, _mm_shuffle_epi32(s, 0xb1));
			out[l].shift[j] = -128 * _mm_cvtsi128_si32(s);
			out[l].d[j] = _mm_cvtss_f32(_mm_cvtph_ps(_mm_cvtsi32_si128(from->d)));
		}
	}
}

// tile is 16 rows times n columns; n is known to the compiler, so that all sums stay in registers.
KB_INLINE void tile(const rows_block *a, const cols_block *b, int64_t k, float *c, int64_t ldc, __mmask16 rows, const int n) {
	__m512 sum[COLS];
	for (int j = 0; j < n; j++) {
		sum[j] = _mm512_setzero_ps();
	}
	for (int64_t l = 0; l < k; l++) {
		__m512i dot[COLS];
#pragma GCC unroll 12
		for (int j = 0; j < n; j++) {
			dot[j] = _mm512_set1_epi32(b[l].shift[j]);
		}
#pragma GCC unroll 8
		for (int i = 0; i < BLOCK / 4; i++) {
			__m512i w = _mm512_load_si512(a[l].q[i]);
#pragma GCC unroll 12
			for (int j = 0; j < n; j++) {
				int32_t four;
				memcpy(&four, b[l].q[j] + 4 * i, sizeof four);
				dot[j] = _mm512_dpbusd_epi32(dot[j], w, _mm512_set1_epi32(four));
			}
		}
		__m512 d = _mm512_load_ps(a[l].d);
#pragma GCC unroll 12
		for (int j = 0; j < n; j++) {
			sum[j] = _mm512_fmadd_ps(_mm512_mul_ps(_mm512_cvtepi32_ps(dot[j]), d), _mm512_set1_ps(b[l].d[j]), sum[j]);
		}
	}
#pragma GCC unroll 12
	for (int j = 0; j < n; j++) {
		_mm512_mask_storeu_ps(c + j * ldc, rows, sum[j]);
	}
}

KB_ALONE KB_WIDE static void tiles(const rows_block *a, const cols_block *b, int64_t k, float *c, int64_t ldc, __mmask16 rows, int n) {
	switch (n) {
#define CASE(N) \
	case N: \
		tile(a, b, k, c, ldc, rows, N); \
		break;
		CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
#undef CASE
	}
}

// Packed weights, kept for as long as the library keeps the weights: a decoder's step has so few columns that packing would be
// most of its work. This is one more copy of the model's matrices.
typedef struct {
	const block_q8_0 *a;
	int64_t m, k, lda;
	rows_block *rows;
} packed;

static struct {
	pthread_mutex_t lock;
	packed *all; // open addressing by a; a power of two
	size_t size, used;
} weights = {.lock = PTHREAD_MUTEX_INITIALIZER};

static packed *place(packed *all, size_t size, const block_q8_0 *a) {
	size_t at = ((uintptr_t)a >> 5) * 0x9e3779b97f4a7c15u >> 20;
	while (all[at & (size - 1)].rows != NULL && all[at & (size - 1)].a != a) {
		at++;
	}
	return &all[at & (size - 1)];
}

// resize moves what keep wants into a table of another size; what it does not want is freed. Nothing changes without memory.
static bool resize(size_t size, const char *from, const char *to) {
	packed *all = calloc(size, sizeof *all);
	if (all == NULL) {
		return false;
	}
	size_t used = 0;
	for (size_t i = 0; i < weights.size; i++) {
		packed *p = &weights.all[i];
		if (p->rows == NULL) {
			continue;
		}
		if ((const char *)p->a >= from && (const char *)p->a < to) {
			free(p->rows);
			continue;
		}
		*place(all, size, p->a) = *p;
		used++;
	}
	free(weights.all);
	weights.all = all;
	weights.size = size;
	weights.used = used;
	return true;
}

// pack_weights gives the packed form of m rows, NULL when there is no memory for it.
static const rows_block *pack_weights(const block_q8_0 *a, int64_t lda, int64_t m, int64_t k) {
	const rows_block *rows = NULL;
	pthread_mutex_lock(&weights.lock);
	if (2 * weights.used < weights.size || resize(weights.size == 0 ? 256 : 2 * weights.size, NULL, NULL)) {
		packed *p = place(weights.all, weights.size, a);
		if (p->rows == NULL) {
			int64_t panels = (m + ROWS - 1) / ROWS;
			rows_block *made = aligned_alloc(64, (size_t)(panels * k) * sizeof *made);
			if (made != NULL) {
				for (int64_t i = 0; i < panels; i++) {
					pack_rows(a + i * ROWS * lda, lda, k, m - i * ROWS < ROWS ? (int)(m - i * ROWS) : ROWS, made + i * k);
				}
				*p = (packed){a, m, k, lda, made};
				weights.used++;
			}
		}
		if (p->rows != NULL && p->m == m && p->k == k && p->lda == lda) {
			rows = p->rows;
		}
	}
	pthread_mutex_unlock(&weights.lock);
	return rows;
}

void __real_ggml_backend_buffer_free(ggml_backend_buffer_t);

// The packed form of what is in a buffer goes with the buffer.
void __wrap_ggml_backend_buffer_free(ggml_backend_buffer_t buffer) {
	if (buffer != NULL) {
		const char *from = ggml_backend_buffer_get_base(buffer);
		pthread_mutex_lock(&weights.lock);
		if (weights.used > 0 && from != NULL && !resize(weights.size, from, from + ggml_backend_buffer_get_size(buffer))) {
			abort(); // the next model could be given the weights of this one
		}
		pthread_mutex_unlock(&weights.lock);
	}
	__real_ggml_backend_buffer_free(buffer);
}

// multiply is c[j*ldc+i] = a[i*lda..] . b[j*ldb..] over k blocks, for m rows and n columns. Each thread does its share of the rows.
// Columns come in chunks that stay in the second-level cache while all rows pass.
static bool multiply(const struct ggml_compute_params *p, int64_t m, int64_t n, int64_t k, const block_q8_0 *a, int64_t lda,
                     const block_q8_0 *b, int64_t ldb, float *c, int64_t ldc) {
	int64_t chunk = CHUNK_BYTES / (k * (int64_t)sizeof(cols_block));
	chunk = (chunk < 1 ? 1 : chunk) * COLS;
	if (chunk > n) {
		chunk = (n + COLS - 1) / COLS * COLS;
	}
	const rows_block *packed_a = pack_weights(a, lda, m, k);
	cols_block *packed_b = kb_scratch((size_t)(chunk / COLS * k) * sizeof(cols_block));
	if (packed_a == NULL || packed_b == NULL) {
		return false;
	}
	int64_t panels = (m + ROWS - 1) / ROWS, share = (panels + p->nth - 1) / p->nth;
	int64_t first = share * p->ith, last = first + share < panels ? first + share : panels;
	for (int64_t j0 = 0; j0 < n; j0 += chunk) {
		int64_t j1 = j0 + chunk < n ? j0 + chunk : n;
		for (int64_t j = j0; j < j1; j += COLS) {
			pack_cols(b + j * ldb, ldb, k, j1 - j < COLS ? (int)(j1 - j) : COLS, packed_b + (j - j0) / COLS * k);
		}
		for (int64_t i = first * ROWS; i < last * ROWS; i += ROWS) {
			int rows = m - i < ROWS ? (int)(m - i) : ROWS;
			for (int64_t j = j0; j < j1; j += COLS) {
				tiles(packed_a + i / ROWS * k, packed_b + (j - j0) / COLS * k, k, c + j * ldc + i, ldc, (__mmask16)((1u << rows) - 1),
				      j1 - j < COLS ? (int)(j1 - j) : COLS);
			}
		}
	}
	return true;
}

bool __wrap_llamafile_sgemm(const struct ggml_compute_params *p, int64_t m, int64_t n, int64_t k, const void *a, int64_t lda,
                            const void *b, int64_t ldb, void *c, int64_t ldc, int a_type, int b_type, int c_type) {
	if (a_type == GGML_TYPE_Q8_0 && b_type == GGML_TYPE_Q8_0 && c_type == GGML_TYPE_F32 && kb_wide() &&
	    multiply(p, m, n, k, a, lda, b, ldb, c, ldc)) {
		return true;
	}
	return __real_llamafile_sgemm(p, m, n, k, a, lda, b, ldb, c, ldc, a_type, b_type, c_type);
}

#endif
