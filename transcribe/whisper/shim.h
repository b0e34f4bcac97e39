//go:build cgo

// What the Go binding of whisper.cpp lacks: states of one's own, an abort flag, loading with options, a streaming voice
// detector, a log that goes to Go, and ggml's quantiser. Everything here is called from Go only.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <whisper.h>

// One decoder's memory. It belongs to one thread at a time; kb_cancel alone may be called from another.
typedef struct kb_state kb_state;

typedef struct {
	int32_t id;
	float p;
	int64_t t0; // 10 ms units from the start of the window, -1 when there are none
	int64_t t1;
} kb_token;

typedef struct {
	int threads;
	int beam_size; // below 2 is greedy
	int audio_ctx; // 0 is all
	float temperature;
	bool word_times;
	bool no_timestamps; // see transcribe.DecodeParams
	const char *language;
	const char *prompt; // may be NULL
} kb_params;

enum { KB_CANCELED = 1 };

struct whisper_context *kb_load(const char *path, bool flash_attn, bool gpu);

kb_state *kb_state_new(struct whisper_context *ctx);
void kb_state_free(kb_state *s);

void kb_arm(kb_state *s);    // forgets an earlier kb_cancel; call it before kb_cancel can come
void kb_cancel(kb_state *s); // ends the call that is running, at the next step of encoder or decoder

// Returns 0, KB_CANCELED, or a negative code of whisper_full_with_state.
int kb_run(struct whisper_context *ctx, kb_state *s, const float *samples, int n_samples, const kb_params *p);

int kb_token_count(kb_state *s);
void kb_tokens(kb_state *s, kb_token *out); // fills kb_token_count entries

// kb_aligned tells how many text tokens of the last call were aligned; when it is 0 the times of kb_tokens are all there is. kb_begins gives when
// each of them begins, in encoder positions (20 ms), and after them when the last one ends.
int kb_aligned(kb_state *s);
const int *kb_begins(kb_state *s);

struct whisper_vad_context *kb_vad_load(const char *path, int threads);

void kb_log_to_go(void);

// kb_gpu gives the graphics processor that whisper.cpp takes when it may: the first one. The names are NULL when there is none.
typedef struct {
	const char *name, *description;
} kb_device;
kb_device kb_gpu(void);

size_t kb_q8_0_size(int64_t n);
size_t kb_q8_0(const float *src, void *dst, int64_t n);

const char *kb_native_key(void);
