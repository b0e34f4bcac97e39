//go:build cgo

// Times of tokens by alignment: the decoder is run once more over what was recognised, the attention of those heads that follow the
// sound is kept, and dynamic time warping finds the path of tokens through it. The method and the choice of heads are those of
// Whisper's reference implementation (whisper/timing.py).

#include "alignment.h"

#include "kernels.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// The library keeps a row of logits, 200 KB, for each token of a pass, and never gives that memory back: the text goes in pieces.
enum { MEDIAN = 7, PIECE = 32 };

// heads[layer] is a set of heads, one bit each.
typedef struct {
	int layers, state;
	bool multilingual;
	uint32_t heads[KB_MOST_LAYERS];
} head_set;

#define H(n) (1u << (n))
static const head_set known[] = {
	{4, 384, false, {[1] = H(0), [2] = H(0) | H(5), [3] = H(0) | H(1) | H(2) | H(3) | H(4)}},
	{4, 384, true, {[2] = H(2), [3] = H(0) | H(2) | H(3) | H(4) | H(5)}},
	{6, 512, false, {[3] = H(3), [4] = H(7), [5] = H(1) | H(5) | H(7)}},
	{6, 512, true, {[3] = H(1), [4] = H(2) | H(3) | H(7), [5] = H(1) | H(2) | H(4) | H(6)}},
	{12, 768, false, {[6] = H(6), [7] = H(0) | H(3) | H(8), [8] = H(2) | H(5) | H(7), [9] = H(0) | H(4) | H(8) | H(10), [10] = H(0) | H(1) | H(2) | H(3) | H(6) | H(11), [11] = H(2) | H(4)}},
	{12, 768, true, {[5] = H(3) | H(9), [8] = H(0) | H(4) | H(7) | H(8), [9] = H(0) | H(7) | H(9), [10] = H(5)}},
	{24, 1024, false, {[11] = H(4), [14] = H(1) | H(12) | H(14), [15] = H(4), [16] = H(0) | H(4) | H(9), [17] = H(12) | H(14), [18] = H(7) | H(10) | H(15), [20] = H(0) | H(3) | H(9) | H(14), [21] = H(12)}},
	{24, 1024, true, {[13] = H(15), [15] = H(4) | H(15), [16] = H(1), [20] = H(0), [23] = H(4)}},
	{4, 1280, true, {[2] = H(4) | H(11), [3] = H(3) | H(6) | H(11) | H(14)}},
};
#undef H

_Thread_local kb_attention *kb_watch;

// choose gives the heads to watch: the known ones of a model of this shape, else, as the reference does, all of the upper half.
static void choose(struct whisper_context *ctx, kb_attention *a) {
	int layers = whisper_model_n_text_layer(ctx), state = whisper_model_n_text_state(ctx);
	bool multilingual = whisper_is_multilingual(ctx);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (known[i].layers == layers && known[i].state == state && known[i].multilingual == multilingual) {
			memcpy(a->heads, known[i].heads, sizeof known[i].heads);
			return;
		}
	}
	int heads = whisper_model_n_text_head(ctx);
	for (int l = layers / 2; l < layers && l < KB_MOST_LAYERS; l++) {
		a->heads[l] = heads >= 32 ? UINT32_MAX : (1u << heads) - 1;
	}
}

static int ascending(const void *a, const void *b) {
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

// weigh turns one head's attention into what the path is sought in: scores over the tokens for each frame, smoothed by a median over 7
// frames, and adds it to sum.
static void weigh(const float *attention, int tokens, int frames, float *scores, float *sum) {
	for (int f = 0; f < frames; f++) {
		double mean = 0, square = 0;
		for (int t = 0; t < tokens; t++) {
			double x = attention[(size_t)t * (size_t)frames + (size_t)f];
			mean += x;
			square += x * x;
		}
		mean /= tokens;
		double deviation = sqrt(fmax(square / tokens - mean * mean, 1e-20));
		for (int t = 0; t < tokens; t++) {
			size_t at = (size_t)t * (size_t)frames + (size_t)f;
			scores[at] = (float)((attention[at] - mean) / deviation);
		}
	}
	for (int t = 0; t < tokens; t++) {
		const float *row = scores + (size_t)t * (size_t)frames;
		for (int f = 0; f < frames; f++) {
			float window[MEDIAN];
			for (int i = 0; i < MEDIAN; i++) {
				int g = abs(f + i - MEDIAN / 2); // reflected at both ends
				g = g < frames ? g : 2 * frames - 2 - g;
				window[i] = row[g < 0 ? 0 : g];
			}
			qsort(window, MEDIAN, sizeof *window, ascending);
			sum[(size_t)t * (size_t)frames + (size_t)f] += window[MEDIAN / 2];
		}
	}
}

// warp finds the path through rows of frames that collects the most, from the first row's first frame to the last row's last, and writes the
// frame at which each row begins.
static bool warp(const float *gain, int rows, int frames, int *begins) {
	size_t wide = (size_t)frames + 1;
	float *cost = malloc(2 * wide * sizeof *cost);
	uint8_t *step = calloc((size_t)(rows + 1) * wide, 1); // 0: both, 1: row, 2: frame
	if (cost == NULL || step == NULL) {
		free(cost);
		free(step);
		return false;
	}
	float *last = cost, *now = cost + wide;
	for (size_t f = 0; f < wide; f++) {
		last[f] = f == 0 ? 0 : INFINITY;
	}
	for (int r = 1; r <= rows; r++) {
		now[0] = INFINITY;
		for (int f = 1; f <= frames; f++) {
			float both = last[f - 1], row = last[f], frame = now[f - 1];
			uint8_t how = both < row && both < frame ? 0 : row < frame ? 1 : 2;
			step[(size_t)r * wide + (size_t)f] = how;
			now[f] = (how == 0 ? both : how == 1 ? row : frame) - gain[(size_t)(r - 1) * (size_t)frames + (size_t)(f - 1)];
		}
		float *swap = last;
		last = now;
		now = swap;
	}
	int r = rows, f = frames;
	while (r > 0 && f > 0) {
		begins[r - 1] = f - 1;
		uint8_t how = step[(size_t)r * wide + (size_t)f];
		r -= how != 2;
		f -= how != 1;
	}
	while (r > 0) {
		begins[--r] = 0;
	}
	free(cost);
	free(step);
	return true;
}

bool kb_align(struct whisper_context *ctx, struct whisper_state *state, const char *language, const int32_t *text, int n, int frames, int *begins) {
	if (!kb_exact_context() || !kb_wide() || kb_valid_keys <= 0 || n <= 0 || frames < MEDIAN) {
		return false;
	}
	frames = frames < kb_valid_keys ? frames : (int)kb_valid_keys;
	int before = 0, all = n + 6;
	if (all > whisper_model_n_text_ctx(ctx)) {
		return false;
	}
	kb_attention a = {.frames = frames};
	choose(ctx, &a);
	int count = 0;
	for (int l = 0; l < KB_MOST_LAYERS; l++) {
		count += __builtin_popcount(a.heads[l]);
	}
	int32_t *tokens = malloc((size_t)all * sizeof *tokens);
	size_t cells = (size_t)all * (size_t)frames;
	a.rows = calloc((size_t)count * cells, sizeof *a.rows);
	float *scores = malloc(cells * sizeof *scores), *sum = calloc(cells, sizeof *sum);
	bool ok = tokens != NULL && a.rows != NULL && scores != NULL && sum != NULL;
	if (ok) {
		tokens[before++] = whisper_token_sot(ctx);
		if (whisper_is_multilingual(ctx)) {
			tokens[before++] = whisper_token_lang(ctx, whisper_lang_id(language));
			tokens[before++] = whisper_token_transcribe(ctx);
		}
		int first = before; // the row in which the first token of the text is sought
		tokens[before++] = whisper_token_not(ctx);
		memcpy(tokens + before, text, (size_t)n * sizeof *text);
		tokens[before + n] = whisper_token_eot(ctx);
		a.all = before + n + 1;
		kb_watch = &a;
		for (; ok && a.first < a.all; a.first += a.tokens) {
			a.tokens = a.all - a.first < PIECE ? a.all - a.first : PIECE;
			a.layer = a.slot = 0;
			ok = whisper_decode_with_state(ctx, state, tokens + a.first, a.tokens, a.first, 1) == 0 && a.slot == count;
		}
		kb_watch = NULL;
		for (int h = 0; ok && h < count; h++) {
			weigh(a.rows + (size_t)h * (size_t)a.all * (size_t)frames, a.all, frames, scores, sum);
		}
		ok = ok && warp(sum + (size_t)first * (size_t)frames, n + 1, frames, begins);
	}
	free(tokens);
	free(a.rows);
	free(scores);
	free(sum);
	return ok;
}
