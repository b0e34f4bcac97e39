//go:build cgo

#include "shim.h"

#include "alignment.h"
#include "kernels.h"

#include <ggml-backend.h>
#include <ggml.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "_cgo_export.h"

#define KB_STR2(x) #x
#define KB_STR(x) KB_STR2(x)
#ifndef KERBSIDE_NATIVE_KEY
#define KERBSIDE_NATIVE_KEY unknown
#endif

struct kb_state {
	struct whisper_state *state;
	atomic_bool canceled;
	int *begins; // of the text tokens of the last call in encoder positions, and the end of the last one
	int aligned; // how many text tokens that are; 0 when their times are the library's own
};

struct whisper_context *kb_load(const char *path, bool flash_attn, bool gpu) {
	struct whisper_context_params p = whisper_context_default_params();
	p.flash_attn = flash_attn;
	p.use_gpu = gpu;
	p.dtw_token_timestamps = false; // off under flash attention, and wrong with it
	return whisper_init_from_file_with_params_no_state(path, p);
}

kb_state *kb_state_new(struct whisper_context *ctx) {
	kb_state *s = calloc(1, sizeof *s);
	if (s == NULL) {
		return NULL;
	}
	s->state = whisper_init_state(ctx);
	if (s->state == NULL) {
		free(s);
		return NULL;
	}
	return s;
}

void kb_state_free(kb_state *s) {
	if (s != NULL) {
		whisper_free_state(s->state);
		free(s->begins);
		free(s);
		kb_scratch_free();
	}
}

void kb_arm(kb_state *s) { atomic_store(&s->canceled, false); }
void kb_cancel(kb_state *s) { atomic_store(&s->canceled, true); }

static bool kb_abort(void *data) { return atomic_load(&((kb_state *)data)->canceled); }

bool kb_aligns(void) { return kb_exact_context() && kb_wide(); }

// align finds when the tokens of the last call begin, if it can.
static void align(struct whisper_context *ctx, kb_state *s, const char *language, int n_samples) {
	int n = kb_token_count(s), text = 0;
	if (n == 0) {
		return;
	}
	kb_token *tokens = malloc((size_t)n * sizeof *tokens);
	int32_t *ids = malloc((size_t)n * sizeof *ids);
	int *begins = realloc(s->begins, (size_t)(n + 1) * sizeof *begins);
	if (begins != NULL) {
		s->begins = begins;
	}
	if (tokens != NULL && ids != NULL && begins != NULL) {
		kb_tokens(s, tokens);
		for (int i = 0; i < n; i++) {
			if (tokens[i].id < whisper_token_eot(ctx)) {
				ids[text++] = tokens[i].id;
			}
		}
		int frames = (n_samples + WHISPER_SAMPLE_RATE / 50 - 1) / (WHISPER_SAMPLE_RATE / 50);
		if (kb_align(ctx, s->state, language, ids, text, frames, begins)) {
			s->aligned = text;
		}
	}
	free(tokens);
	free(ids);
}

int kb_run(struct whisper_context *ctx, kb_state *s, const float *samples, int n_samples, const kb_params *p) {
	enum whisper_sampling_strategy how = p->beam_size > 1 ? WHISPER_SAMPLING_BEAM_SEARCH : WHISPER_SAMPLING_GREEDY;
	struct whisper_full_params f = whisper_full_default_params(how);
	f.n_threads = p->threads;
	f.greedy.best_of = p->temperature > 0 && p->beam_size > 1 ? p->beam_size : 1;
	f.beam_search.beam_size = p->beam_size;
	f.audio_ctx = p->audio_ctx;
	f.language = p->language;
	f.initial_prompt = p->prompt;
	f.temperature = p->temperature;
	f.temperature_inc = 0.0f; // the caller decides on a second try
	f.no_speech_thold = 2.0f; // never reached: text is not dropped in here, where nobody would see it
	f.no_context = true;
	f.single_segment = true; // one pass over the window; text after the last timestamp is kept
	f.no_timestamps = !p->word_times || p->no_timestamps && kb_aligns(); // with them the model writes more of the punctuation
	f.token_timestamps = p->word_times && !kb_aligns();
	f.suppress_nst = true;
	f.print_progress = false;
	f.print_realtime = false;
	f.print_special = false;
	f.print_timestamps = false;
	f.abort_callback = kb_abort;
	f.abort_callback_user_data = s;
	kb_valid_keys = p->threads != 1 ? 0 : p->audio_ctx > 0 ? p->audio_ctx : whisper_n_audio_ctx(ctx);
	int rc = whisper_full_with_state(ctx, s->state, f, samples, n_samples);
	if (kb_abort(s)) {
		return KB_CANCELED;
	}
	s->aligned = 0;
	if (rc == 0 && p->word_times && kb_aligns()) {
		align(ctx, s, p->language, n_samples);
	}
	return rc;
}

int kb_token_count(kb_state *s) {
	int n = 0;
	for (int i = 0; i < whisper_full_n_segments_from_state(s->state); i++) {
		n += whisper_full_n_tokens_from_state(s->state, i);
	}
	return n;
}

void kb_tokens(kb_state *s, kb_token *out) {
	for (int i = 0; i < whisper_full_n_segments_from_state(s->state); i++) {
		for (int j = 0; j < whisper_full_n_tokens_from_state(s->state, i); j++) {
			struct whisper_token_data d = whisper_full_get_token_data_from_state(s->state, i, j);
			*out++ = (kb_token){.id = d.id, .p = d.p, .t0 = d.t0, .t1 = d.t1};
		}
	}
}

int kb_aligned(kb_state *s) { return s->aligned; }
const int *kb_begins(kb_state *s) { return s->begins; }

struct whisper_vad_context *kb_vad_load(const char *path, int threads) {
	struct whisper_vad_context_params p = whisper_vad_default_context_params();
	p.n_threads = threads;
	p.use_gpu = false;
	struct whisper_vad_context *v = whisper_vad_init_from_file_with_params(path, p);
	if (v != NULL) {
		whisper_vad_reset_state(v); // its memory is not cleared when it is made
	}
	return v;
}

// The library's debug messages hold tokens of the transcript, so nothing below a warning leaves this function, and its
// other messages during decoding are counts and causes.
static void kb_log(enum ggml_log_level level, const char *text, void *data) {
	(void)data;
	if (level == GGML_LOG_LEVEL_WARN || level == GGML_LOG_LEVEL_ERROR) {
		kbLog((int)level, (char *)text);
	}
}

void kb_log_to_go(void) { whisper_log_set(kb_log, NULL); }

kb_device kb_gpu(void) {
	for (size_t i = 0; i < ggml_backend_dev_count(); i++) {
		ggml_backend_dev_t d = ggml_backend_dev_get(i);
		enum ggml_backend_dev_type t = ggml_backend_dev_type(d);
		if (t == GGML_BACKEND_DEVICE_TYPE_GPU || t == GGML_BACKEND_DEVICE_TYPE_IGPU) {
			return (kb_device){ggml_backend_dev_name(d), ggml_backend_dev_description(d)};
		}
	}
	return (kb_device){0};
}

size_t kb_q8_0_size(int64_t n) { return ggml_row_size(GGML_TYPE_Q8_0, n); }

size_t kb_q8_0(const float *src, void *dst, int64_t n) {
	return ggml_quantize_chunk(GGML_TYPE_Q8_0, src, dst, 0, 1, n, NULL);
}

const char *kb_native_key(void) { return KB_STR(KERBSIDE_NATIVE_KEY); }
