# Kerbside. `make` lists what there is; the README's two commands are `make run` and `make test`.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

export KERBSIDE_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/kerbside
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
NATIVE  := $(KERBSIDE_CACHE)/native$(addprefix -,$(KERBSIDE_GPU))/current.env
WITH    := source "$(NATIVE)" &&
GO      := go
LINT    := $(GO) tool -modfile=tools/go.mod golangci-lint
ADDR    ?= 127.0.0.1:8484
# SQLite, translated from C, is not ours to find races in, and to watch its accesses is most of what tests would take. That package alone: one that instantiates
# generics of sync would put unwatched copies of them into the program, and races would be told that are none.
SQLITE  := -gcflags='modernc.org/sqlite/lib=-race=false'

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

.PHONY: setup packages packages-test servers-test native models
setup: packages native models ## system packages, libwhisper and weights, each only when missing

packages:
	@scripts/setup-packages.sh build run $(KERBSIDE_GPU) || [ $$? -eq 3 ] # 3: what can go on goes on

packages-test:
	@scripts/setup-packages.sh build run test

native: packages
	@scripts/setup-native.sh

servers-test:
	@scripts/setup-s3.sh
	@scripts/setup-axe.sh
	@scripts/setup-tus.sh

models: bin/kerbside
	@bin/kerbside models pull base-q8_0 silero-vad

.PHONY: build
build: bin/kerbside ## leave bin/kerbside, which runs from any folder

.PHONY: FORCE
bin/kerbside: FORCE | native
	@$(WITH) $(GO) build -trimpath -ldflags "-X main.version=$(VERSION)" -o bin/kerbside ./cmd/kerbside

.PHONY: demo run
demo: setup ## a spoken dictation becomes a transcript, a record and drafts, and shows them
	@scripts/demo.sh

run: demo ## demo, then serve the web app with that visit in it
	@scripts/serve-sample.sh "$(ADDR)"

.PHONY: check
check: packages-test servers-test setup ## the quick round: format, lint, vet, unit tests
	@test -z "$$(gofmt -l . | tee /dev/stderr)"
	@$(WITH) $(GO) vet ./...
	@$(WITH) $(LINT) run ./...
	@$(WITH) $(GO) test -short ./...

.PHONY: test
test: packages-test servers-test setup ## all tests, with race detector and browser: what CI runs
	@test -z "$$(gofmt -l . | tee /dev/stderr)"
	@$(WITH) $(LINT) run ./...
	@CGO_ENABLED=0 $(GO) build ./...
	@$(WITH) $(GO) test -race $(SQLITE) -timeout 14m ./...
	@cd deploy && $(GO) test ./...

.PHONY: bench bench-choices
bench: packages-test setup ## measure beside whisper-cli and faster-whisper
	@$(WITH) $(GO) run ./benchmarks $(BENCH)

bench-choices: packages-test setup ## beam, threads, flash attention, weights: what was decided by measuring, measured again
	@$(WITH) $(GO) run ./benchmarks --choices --sets speech $(BENCH)

.PHONY: prove-kill prove-uploads prove-visits
prove-kill: setup ## hundreds of kills at random moments: nothing acknowledged is lost, nothing is approved twice
	@$(WITH) scripts/prove-kill.py $(KILL)
prove-uploads: servers-test setup ## 200 resumable uploads at one time through a slow line that breaks off
	@$(WITH) scripts/prove-test.sh uploads ./web TestManyUploads -uploads 200
.PHONY: prove-fuzz prove-mutants
prove-fuzz: setup prove-mutants ## more than a million malformed inputs to parsers and handlers, and 10,000 damaged sound files: nothing falls
	@$(WITH) scripts/prove-fuzz.py $(FUZZ)
prove-mutants: packages-test setup ## 10,000 damaged sound files through a real server and engine
	@$(WITH) PROVE_TIMEOUT=6h scripts/prove-test.sh mutants ./cmd/kerbside TestMutants -mutants 10000
prove-visits: setup ## list, search and open with 10,000 visits in the database, p99 <= 50 ms
	@$(WITH) scripts/prove-test.sh visits ./service TestScale -visits 10000 -p99 50ms

.PHONY: prove-jobs prove-migrate
prove-jobs: packages-test setup ## jobs per second that PostgreSQL carries, with 1, 4 and 16 workers claiming at once
	@$(WITH) scripts/prove-test.sh jobs ./storage/postgres TestJobsPerSecond -jobs 2000
prove-migrate: packages-test setup ## 10,000 visits from SQLite to PostgreSQL and back: every row counted and hashed, audit logs verified
	@$(WITH) scripts/prove-test.sh migrate ./storage/move TestMove -visits 10000

.PHONY: prove-memory prove-live prove-leak prove-llm prove-documents prove-recorder prove-extract prove-pages prove-approval
prove-documents: bin/kerbside ## other validators pass every PDF (veraPDF, PDF/UA-1) and Word document
	@$(WITH) scripts/prove-documents.sh
prove-recorder: packages-test bin/kerbside ## twenty reloads, crashes and kills while recording: at most 5 s lost each
	@$(WITH) $(GO) run ./benchmarks/recorder -kerbside bin/kerbside | tee benchmarks/results/$$(date +%F)-recorder.txt
	@$(WITH) $(GO) run ./benchmarks/recorder -kerbside bin/kerbside -live 10m | tee -a benchmarks/results/$$(date +%F)-recorder.txt
prove-pages: packages-test servers-test ## what the first page costs on a slow line, and an hour of words
	@$(WITH) scripts/prove-test.sh pages ./web TestSpeed
prove-approval: packages-test setup ## a careful person approves the spoken sample in under two minutes: keys and seconds, one by one
	@$(WITH) scripts/prove-test.sh approval ./cmd/kerbside TestApproval -careful
prove-llm: bin/kerbside ## nothing that a real language model makes up reaches a record
	@scripts/prove-llm.py
prove-extract: packages-test setup bin/kerbside ## how well records are filled from text and from own transcripts; EXTRACT="--llm 12" by a model too
	@scripts/prove-extract.py $(EXTRACT)
prove-live: packages-test setup ## last words within 3 s of the last sound, at the speed of speech
	@scripts/prove-live.py
prove-leak: packages-test setup ## the engine's child does not grow over ten thousand windows
	@bin/kerbside models pull tiny.en
	@$(WITH) $(GO) run ./benchmarks/leak
prove-memory: setup ## memory does not grow with length: one minute against ten hours
	@scripts/prove-memory.py

.PHONY: prove-gpu
prove-gpu: setup ## transcribes on a graphics card's device, made by software: the words are the CPU's, and without a device the CPU does it
	@scripts/setup-packages.sh vulkan lavapipe
	@KERBSIDE_GPU=vulkan scripts/setup-native.sh
	@source "$(KERBSIDE_CACHE)/native-vulkan/current.env" && $(GO) build -trimpath -o bin/kerbside-vulkan ./cmd/kerbside
	@scripts/prove-gpu.py bin/kerbside bin/kerbside-vulkan

.PHONY: prove-workers prove-nodes
prove-workers: packages-test servers-test setup ## 20 workers on PostgreSQL and S3, killed and stopped at random moments: each result once; and what a job's path costs
	@$(WITH) $(GO) run ./benchmarks/nodes workers $(WORKERS) | tee benchmarks/results/workers-$$(date +%F).txt
	@$(WITH) $(GO) run ./benchmarks/nodes overhead | tee -a benchmarks/results/workers-$$(date +%F).txt
prove-nodes: packages-test servers-test setup ## the journey in a browser with two web nodes and two workers, one of each killed at each step
	@$(WITH) scripts/prove-test.sh nodes ./cmd/kerbside TestNodes -nodes

.PHONY: pictures
pictures: packages-test servers-test setup ## the pictures of the README and the guides, made anew by the browser tests
	@$(WITH) scripts/pictures.sh

.PHONY: clean
clean: ## remove what the build left in this folder; caches stay
	rm -rf bin
