#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <whisper.h>

enum { KB_MOST_LAYERS = 48 };

// kb_attention is what the decoder's cross-attention leaves of itself while kb_watch points to it.
typedef struct {
	uint32_t heads[KB_MOST_LAYERS]; // those to keep, one bit each
	int tokens, first, all, frames; // rows of this pass, which of all rows is its first, and how many there are
	int layer, slot; // how far it is
	float *rows;     // [slot][token][frame]; each row sums to one
} kb_attention;

extern _Thread_local kb_attention *kb_watch;

// kb_align writes when each of n text tokens begins, and after them when the last one ends, as n+1 numbers of encoder positions (20 ms). The
// state has to hold the window whose first frames positions they are sought in, and kb_valid_keys its context. It reports
// false where this cannot be done; times have to come from elsewhere then.
bool kb_align(struct whisper_context *ctx, struct whisper_state *state, const char *language, const int32_t *text, int n, int frames, int *begins);
