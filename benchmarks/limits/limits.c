// Measures what this machine can do at most, and how much of it Whisper's encoder and decoder reach. Prints one JSON object.
//
//	limits THREADS SECONDS MODEL...
//
// Every figure is the best of several repetitions, as a limit is what nothing goes beyond. SECONDS is how long each is repeated.
#define _GNU_SOURCE
#include <ggml-cpu.h>
#include <ggml.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <whisper.h>
#ifdef __AVX512VNNI__
#include <immintrin.h>
#endif

// Of transcribe/whisper, whose kernels are linked in where the library is wrapped.
bool kb_wide(void);
void kb_set_plain(bool on);

enum { MAX_THREADS = 64, MIB = 1 << 20 };

static double seconds_per_figure;
static int repetitions; // at least
static int figures = 0;

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void fail(const char *what) {
	fprintf(stderr, "limits: %s\n", what);
	exit(1);
}

// A figure of n units in a run, repeated side by side on some threads until the time is over; the best run counts.
typedef struct {
	double (*run)(void *); // gives the seconds it took
	void *arg;
	pthread_barrier_t *start;
	double begun, ended;
} worker;

static void *work(void *p) {
	worker *w = p;
	pthread_barrier_wait(w->start);
	w->begun = now();
	w->run(w->arg);
	w->ended = now();
	return NULL;
}

// together runs one worker a thread and gives the seconds from the first beginning to the last end.
static double together(int threads, double (*run)(void *), void **args) {
	pthread_t ids[MAX_THREADS];
	worker w[MAX_THREADS];
	pthread_barrier_t start;
	pthread_barrier_init(&start, NULL, threads);
	for (int i = 0; i < threads; i++) {
		w[i] = (worker){.run = run, .arg = args[i], .start = &start};
		if (pthread_create(&ids[i], NULL, work, &w[i]) != 0) {
			fail("no thread");
		}
	}
	double begun = INFINITY, ended = 0;
	for (int i = 0; i < threads; i++) {
		pthread_join(ids[i], NULL);
		begun = fmin(begun, w[i].begun);
		ended = fmax(ended, w[i].ended);
	}
	pthread_barrier_destroy(&start);
	return ended - begun;
}

static double best(int threads, double (*run)(void *), void **args) {
	double least = together(threads, run, args); // warms up
	double until = now() + seconds_per_figure;
	for (int i = 0; i < repetitions || now() < until; i++) {
		least = fmin(least, together(threads, run, args));
	}
	return least;
}

static void figure(const char *what, const char *kind, int threads, double value) {
	printf("%s{\"what\":\"%s\",\"kind\":\"%s\",\"threads\":%d,\"value\":%.4g}", figures++ ? ",\n" : "", what, kind, threads, value);
}

// Arithmetic: independent multiply-adds on registers only.
#if defined(__AVX512F__)
typedef float lanes __attribute__((vector_size(64)));
#elif defined(__AVX__)
typedef float lanes __attribute__((vector_size(32)));
#else
typedef float lanes __attribute__((vector_size(16)));
#endif
enum { CHAINS = 10, STEPS = 4000000 };

static double fma_run(void *sink) {
	lanes a[CHAINS], x, y;
	for (int i = 0; i < CHAINS; i++) {
		a[i] = (lanes){0} + (1.0f + i);
	}
	x = (lanes){0} + 0.999f;
	y = (lanes){0} + 0.001f;
	for (int n = 0; n < STEPS; n++) {
#pragma GCC unroll 10
		for (int i = 0; i < CHAINS; i++) {
			a[i] = a[i] * x + y;
		}
	}
	for (int i = 1; i < CHAINS; i++) {
		a[0] += a[i];
	}
	*(volatile float *)sink = a[0][0];
	return 0;
}

#ifdef __AVX512VNNI__
static double int8_run(void *sink) {
	__m512i a[CHAINS], x = _mm512_set1_epi8(3), y = _mm512_set1_epi8(5);
#pragma GCC unroll 10
	for (int i = 0; i < CHAINS; i++) {
		a[i] = _mm512_set1_epi32(i);
	}
	for (int n = 0; n < STEPS; n++) {
#pragma GCC unroll 10
		for (int i = 0; i < CHAINS; i++) {
			// The compiler must not fold equal steps into one.
			__asm__("vpdpbusd %2, %1, %0" : "+v"(a[i]) : "v"(x), "v"(y));
		}
	}
#pragma GCC unroll 10
	for (int i = 1; i < CHAINS; i++) {
		a[0] = _mm512_add_epi32(a[0], a[i]);
	}
	*(volatile int *)sink = _mm512_reduce_add_epi32(a[0]);
	return 0;
}
#endif

static void arithmetic(int threads) {
	float sinks[MAX_THREADS][16];
	void *args[MAX_THREADS];
	for (int i = 0; i < threads; i++) {
		args[i] = sinks[i];
	}
	double operations = 2.0 * threads * STEPS * CHAINS;
	figure("peak", "f32", threads, operations * (sizeof(lanes) / sizeof(float)) / best(threads, fma_run, args) / 1e9);
#ifdef __AVX512VNNI__
	figure("peak", "int8", threads, operations * 64 / best(threads, int8_run, args) / 1e9);
#endif
}

// Memory: arrays far beyond any cache of such machines.
enum { ARRAY = 192 * MIB };

typedef struct {
	char *from, *to;
	volatile float sink;
} arrays;

static double read_run(void *p) {
	arrays *m = p;
	lanes sum[8] = {0};
	const lanes *from = (const lanes *)m->from;
	for (size_t i = 0; i < ARRAY / sizeof(lanes); i += 8) {
#pragma GCC unroll 8
		for (int j = 0; j < 8; j++) {
			sum[j] += from[i + j];
		}
	}
	for (int j = 1; j < 8; j++) {
		sum[0] += sum[j];
	}
	m->sink = sum[0][0];
	return 0;
}

static double copy_run(void *p) {
	arrays *m = p;
	memcpy(m->to, m->from, ARRAY);
	m->sink = m->to[ARRAY / 2];
	return 0;
}

static void memory(int threads) {
	arrays m[MAX_THREADS];
	void *args[MAX_THREADS];
	for (int i = 0; i < threads; i++) {
		m[i].from = aligned_alloc(64, ARRAY);
		m[i].to = aligned_alloc(64, ARRAY);
		if (m[i].from == NULL || m[i].to == NULL) {
			fail("no memory");
		}
		memset(m[i].from, 0, ARRAY);
		memset(m[i].to, 0, ARRAY);
		args[i] = &m[i];
	}
	figure("memory", "read", threads, (double)threads * ARRAY / best(threads, read_run, args) / 1e9);
	figure("memory", "copy", threads, 2.0 * threads * ARRAY / best(threads, copy_run, args) / 1e9); // read and written
	for (int i = 0; i < threads; i++) {
		free(m[i].from);
		free(m[i].to);
	}
}

// Matrix products of one layer of the encoder, by ggml's kernels or by Kerbside's.
static void gemm(const char *what, enum ggml_type type, int threads, int positions, int state) {
	struct ggml_init_params params = {.mem_size = 512 * (size_t)MIB};
	struct ggml_context *ctx = ggml_init(params);
	if (ctx == NULL) {
		fail("no memory");
	}
	const int shapes[6][2] = {{1, 1}, {1, 1}, {1, 1}, {1, 1}, {1, 4}, {4, 1}}; // query, key, value, output and the two of the MLP
	struct ggml_cgraph *graph = ggml_new_graph(ctx);
	double operations = 0;
	float *row = malloc(sizeof(float) * 4 * state);
	for (int s = 0; s < 6; s++) {
		int in = shapes[s][0] * state, out = shapes[s][1] * state;
		struct ggml_tensor *w = ggml_new_tensor_2d(ctx, type, in, out);
		struct ggml_tensor *x = ggml_new_tensor_2d(ctx, GGML_TYPE_F32, in, positions);
		for (int i = 0; i < in; i++) {
			row[i] = (float)((i * 37 + s) % 101) / 50 - 1;
		}
		for (int i = 0; i < out; i++) {
			if (type == GGML_TYPE_F32) {
				memcpy((char *)w->data + i * w->nb[1], row, sizeof(float) * in);
			} else {
				ggml_quantize_chunk(type, row, (char *)w->data + i * w->nb[1], 0, 1, in, NULL);
			}
		}
		for (int i = 0; i < positions; i++) {
			memcpy((char *)x->data + i * x->nb[1], row, sizeof(float) * in);
		}
		ggml_build_forward_expand(graph, ggml_mul_mat(ctx, w, x));
		operations += 2.0 * in * out * positions;
	}
	free(row);
	double least = INFINITY, until = now() + seconds_per_figure;
	for (int i = 0; i < repetitions || now() < until; i++) {
		double begun = now();
		if (ggml_graph_compute_with_ctx(ctx, graph, threads) != GGML_STATUS_SUCCESS) {
			fail("the graph was not computed");
		}
		least = fmin(least, now() - begun);
	}
	char kind[32];
	snprintf(kind, sizeof kind, "%s %d", ggml_type_name(type), positions);
	figure(what, kind, threads, operations / least / 1e9);
	ggml_free(ctx);
}

// One state of a model: the encoder over one window, then decoder steps of some tokens after it.
typedef struct {
	struct whisper_context *ctx;
	struct whisper_state *state;
	int threads, tokens;
} decoder;

enum { DECODER_STEPS = 24 };

static double encode_run(void *p) {
	decoder *d = p;
	if (whisper_encode_with_state(d->ctx, d->state, 0, d->threads) != 0) {
		fail("the encoder failed");
	}
	return 0;
}

static double decode_run(void *p) {
	decoder *d = p;
	whisper_token tokens[8];
	for (int i = 0; i < d->tokens; i++) {
		tokens[i] = 440 + i; // any words
	}
	for (int i = 0; i < DECODER_STEPS; i++) {
		if (whisper_decode_with_state(d->ctx, d->state, tokens, d->tokens, 4 + i * d->tokens, d->threads) != 0) {
			fail("the decoder failed");
		}
	}
	return 0;
}

static void model_figures(struct whisper_context *ctx, bool own, int states, int threads, int positions) {
	static float silence[WHISPER_SAMPLE_RATE];
	decoder d[MAX_THREADS];
	void *args[MAX_THREADS];
	for (int i = 0; i < states; i++) {
		d[i] = (decoder){.ctx = ctx, .state = whisper_init_state(ctx), .threads = threads, .tokens = 1};
		if (d[i].state == NULL) {
			fail("no state");
		}
		// A short run sets the size of the audio context, which has no other way in.
		struct whisper_full_params f = whisper_full_default_params(WHISPER_SAMPLING_GREEDY);
		f.audio_ctx = positions;
		f.n_threads = threads;
		f.max_tokens = 1;
		f.single_segment = f.no_timestamps = f.no_context = true;
		f.temperature_inc = 0;
		f.print_progress = f.print_realtime = f.print_timestamps = f.print_special = false;
		if (whisper_full_with_state(ctx, d[i].state, f, silence, WHISPER_SAMPLE_RATE) != 0) {
			fail("the model does not run");
		}
		args[i] = &d[i];
	}
	double encode = best(states, encode_run, args);
	double step[2];
	for (int k = 0; k < 2; k++) {
		whisper_token prompt[] = {whisper_token_sot(ctx), whisper_token_lang(ctx, whisper_lang_id("en")), whisper_token_transcribe(ctx), whisper_token_not(ctx)};
		for (int i = 0; i < states; i++) {
			if (whisper_decode_with_state(ctx, d[i].state, prompt, 4, 0, threads) != 0) {
				fail("the decoder failed");
			}
			d[i].tokens = k == 0 ? 1 : 5;
		}
		step[k] = best(states, decode_run, args) / DECODER_STEPS;
	}
	printf("%s{\"kerbside\":%s,\"positions\":%d,\"states\":%d,\"threads\":%d,\"encode_ms\":%.3f,\"step_ms\":%.4f,\"step5_ms\":%.4f}",
	       figures++ ? ",\n" : "", own ? "true" : "false", positions, states, threads, 1e3 * encode, 1e3 * step[0], 1e3 * step[1]);
	for (int i = 0; i < states; i++) {
		whisper_free_state(d[i].state);
	}
}

static void quiet(enum ggml_log_level level, const char *text, void *data) {
	(void)data;
	if (level == GGML_LOG_LEVEL_ERROR) {
		fputs(text, stderr);
	}
}

int main(int argc, char **argv) {
	if (argc < 4) {
		fail("usage: limits THREADS SECONDS MODEL...");
	}
	int threads = atoi(argv[1]);
	seconds_per_figure = atof(argv[2]);
	repetitions = seconds_per_figure < 0.1 ? 1 : 3; // only to see that it works
	if (threads < 1 || threads > MAX_THREADS) {
		fail("1 to 64 threads");
	}
	whisper_log_set(quiet, NULL);
	printf("{\"figures\":[\n");
	for (int t = 1; t <= threads; t += threads > 1 ? threads - 1 : 1) {
		arithmetic(t);
		memory(t);
		const int columns[] = {1500, 768, 5}; // 5: a beam of 5 in the decoder
		for (int k = 0; k < 3; k++) {
			kb_set_plain(true);
			gemm("ggml", GGML_TYPE_F32, t, columns[k], 512);
			gemm("ggml", GGML_TYPE_F16, t, columns[k], 512);
			gemm("ggml", GGML_TYPE_Q8_0, t, columns[k], 512);
			kb_set_plain(false);
			if (kb_wide()) {
				gemm("kerbside", GGML_TYPE_Q8_0, t, columns[k], 512);
			}
		}
	}
	printf("],\n\"models\":[\n");
	for (int i = 3; i < argc; i++) {
		struct whisper_context_params p = whisper_context_default_params();
		p.use_gpu = false;
		p.flash_attn = true;
		struct whisper_context *ctx = whisper_init_from_file_with_params_no_state(argv[i], p);
		if (ctx == NULL) {
			fail("a model does not load");
		}
		printf("%s{\"ftype\":%d,\"vocabulary\":%d,\"mels\":%d,\"audio_state\":%d,\"audio_layers\":%d,\"text_state\":%d,\"text_layers\":%d,\"runs\":[\n",
		       i > 3 ? ",\n" : "", whisper_model_ftype(ctx), whisper_model_n_vocab(ctx), whisper_model_n_mels(ctx), whisper_model_n_audio_state(ctx),
		       whisper_model_n_audio_layer(ctx), whisper_model_n_text_state(ctx), whisper_model_n_text_layer(ctx));
		figures = 0;
		kb_set_plain(false);
		for (int own = kb_wide(); own >= 0; own--) {
			kb_set_plain(!own);
			const int sizes[] = {1500, 768};
			for (int k = 0; k < 2; k++) {
				model_figures(ctx, own, 1, 1, sizes[k]);
				if (threads > 1) {
					model_figures(ctx, own, 1, threads, sizes[k]);
					model_figures(ctx, own, threads, 1, sizes[k]);
				}
			}
		}
		printf("]}");
		whisper_free(ctx);
	}
	printf("]}\n");
	return 0;
}
