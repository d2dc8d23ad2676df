# Everything one types. Each target does its own set-up; nothing else needs to be installed by hand but Rust (rustup) and Node.
# Build output lies outside the clone, in $(SPORTELLO_CACHE), so that a fresh clone is warm.
SHELL := /bin/bash
export SPORTELLO_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/sportello
export CARGO_TARGET_DIR ?= $(SPORTELLO_CACHE)/native
DATA ?= data
PORT ?= 3000

.PHONY: help run dev test test-full soak bench slow-phone build sbom lint fmt

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

run: ## set up, build and start the demo: portal on port 3000 (PORT=…), then station, sandbox, metrics, mail; data in ./data (DATA=…)
	@.ci/tools
	@.ci/front
	@cargo build --locked --quiet -p server
	@exec "$(CARGO_TARGET_DIR)/debug/sportello" demo --data "$(DATA)" --port-base "$(PORT)"

dev: ## as run, and again after each change to a source file
	@.ci/tools
	@.ci/dev "$(DATA)" "$(PORT)"

test: ## every test, with all the set-up they need; in the browser every page in Italian, on a phone
	@.ci/tools --test
	@.ci/front
	@.ci/test

test-full: ## test, and what takes too long for every change: every page in five languages on phone, desktop and without scripts; the release build alone in an empty folder
	@SPORTELLO_FULL=1 $(MAKE) --no-print-directory test
	@.ci/alone

soak: ## the faults of the tests for longer: SPORTELLO_ROUNDS (10000) kills (a tenth more on PostgreSQL), 50 copies of SPORTELLO_RECEIPTS (1000), SPORTELLO_SEED chooses again as before, SPORTELLO_GUESSES (10000) of notice numbers; then each fuzz target for SPORTELLO_FUZZ_SECONDS (600)
	@.ci/tools --test
	@.ci/tools --soak
	@.ci/front
	@export SPORTELLO_ROUNDS="$${SPORTELLO_ROUNDS:-10000}" SPORTELLO_RECEIPTS="$${SPORTELLO_RECEIPTS:-1000}"; \
		.ci/postgres cargo test --locked --quiet -p server --test portal guasti::
	@SPORTELLO_GUESSES="$${SPORTELLO_GUESSES:-10000}" .ci/postgres cargo test --locked --quiet -p server --test portal hostile::ricerca
	@.ci/fuzz

bench: ## figures of the release build on SQLite and PostgreSQL: SPORTELLO_BENCH_POSITIONS (1000000; 10000 for a quick look), _SECONDS (60), _RECEIPTS (100000)
	@.ci/tools
	@.ci/front
	@cargo build --locked --release --quiet -p server -p bench
	@.ci/postgres "$(CARGO_TARGET_DIR)/release/bench" "$(CARGO_TARGET_DIR)/release/sportello"

slow-phone: ## what a first visit costs on a slow phone (4 × CPU, 1.6 Mbit/s, 150 ms): the table of the README; SPORTELLO_SLOW_PHONE_RUNS (5)
	@.ci/tools --test
	@.ci/front
	@cargo build --locked --release --quiet -p server
	@cd end2end && SPORTELLO_BIN="$(CARGO_TARGET_DIR)/release/sportello" npm run --silent slow-phone

build: ## dist/sportello: one file that needs nothing beside it
	@.ci/tools
	@.ci/front
	@cargo build --locked --release -p server
	@mkdir -p dist && install -m 755 "$(CARGO_TARGET_DIR)/release/sportello" dist/sportello
	@ls -l dist/sportello

sbom: ## dist/sportello.cdx.json and dist/sportello-browser.cdx.json: what is in the program, and in what a phone downloads (CycloneDX)
	@.ci/tools --sbom
	@.ci/sbom

lint: ## format, clippy, arrows; licences, sources and versions of what comes from outside
	@.ci/lint

fmt: ## format
	@cargo fmt --all
