# Two commands for a fresh machine: `make run` and `make test`. The others are steps of these.
#
#   make run            build what is missing, open the desk (make run ARGS="--port 9000")
#   make test           install what the tests need, run all of them
#   make check          the tests' quick half: style, types, layers
#   make frontend       build widgets/static and local_sheets/page/static/univer from their frontend/ folders
#   make bench          the same page in ours and in four peers, side by side (make bench ARGS="--visits 1 --viewers 1,5")
#   make growth soak    what more tickets and viewers cost; half an hour with fifty viewers
#   make requirements   compile the pinned requirements anew from pyproject.toml

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := run
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL := $(PIP) install --require-hashes --only-binary :all:
FRONTEND := widgets/frontend
SOURCES := $(shell find $(FRONTEND)/src -type f 2>/dev/null)
GRID := local_sheets/page/frontend
GRID_SOURCES := $(shell find $(GRID)/src -type f 2>/dev/null)
PEERS := bench/peers/.venv
BUILT := widgets/static/opsline/.built local_sheets/page/static/univer/.built
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: run test check frontend bench growth soak requirements browser clean

run: .venv/.ready $(BUILT)
	@exec $(BIN)/opsline serve --demo $(ARGS)

test: .venv/.ready-dev $(BUILT) browser
	@$(MAKE) check
	$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: .venv/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright --level error
	$(BIN)/lint-imports
	$(BIN)/nbstripout --verify --keep-id notebooks/*.ipynb

frontend: $(BUILT)

$(BIN)/python:
	@for python in python3 python3.14 python3.13 python3.12 python3.11 none; do \
	  "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
	done; \
	if [ "$$python" = none ]; then \
	  echo "Opsline needs Python 3.11 or newer, and none was found: install it (Debian: apt-get install python3 python3-venv) and run make again." >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "$$python has no venv module: install it (Debian: apt-get install python3-venv) and run make again." >&2; exit 1; \
	fi; \
	echo "Building .venv with $$($$python --version) ..."; \
	"$$python" -m venv .venv

.venv/.ready: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing pinned dependencies (once; a few minutes on a slow line) ..."
	@$(INSTALL) -r requirements.txt
	@SKIP_JUPYTER_BUILDER=1 $(PIP) install --no-build-isolation --no-deps --no-index -e .
	@touch $@

.venv/.ready-dev: requirements-dev.txt .venv/.ready
	@echo "Installing what the tests need ..."
	@$(INSTALL) -r requirements-dev.txt
	@touch $@

%/node_modules/.package-lock.json: %/package-lock.json %/package.json | .venv/.ready
	@echo "Fetching the libraries of $* ..."
	@cd $* && npm ci --loglevel=error
	@touch $@

widgets/static/opsline/.built: $(FRONTEND)/build.mjs $(FRONTEND)/node_modules/.package-lock.json $(SOURCES)
	@cd $(FRONTEND) && npm run --silent build

local_sheets/page/static/univer/.built: $(GRID)/build.mjs $(GRID)/node_modules/.package-lock.json $(GRID_SOURCES)
	@cd $(GRID) && npm run --silent build

browser:
	@missing=""; \
	[ -x /usr/bin/chromium ] || missing="chromium"; \
	fc-list :lang=zh 2>/dev/null | grep -q . || missing="$$missing fonts-noto-cjk fontconfig"; \
	[ -z "$$missing" ] && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing for the browser tests: $$missing"; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else \
	  echo "The browser tests need $$missing: install it as root (Debian: apt-get install$$missing) and run make test again." >&2; exit 1; \
	fi

bench: $(PEERS)/.ready .venv/.ready-dev $(BUILT) browser
	@$(BIN)/python -m bench.pages $(ARGS)

growth soak: .venv/.ready-dev $(BUILT) browser
	@$(BIN)/python -m bench.$@ $(ARGS)

$(PEERS)/.ready: requirements-bench.txt | $(BIN)/python
	@echo "Installing what pages are measured beside (once) ..."
	@$(BIN)/python -m venv --clear $(PEERS)
	@$(PEERS)/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --only-binary :all: -r $<
	@touch $@

requirements: .venv/.ready-dev
	$(BIN)/uv pip compile pyproject.toml --extra formulas --group build $(COMPILE) -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --extra formulas --group dev $(COMPILE) -o requirements-dev.txt
	$(BIN)/uv pip compile --group bench $(COMPILE) -o requirements-bench.txt

COMPILE := --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
  --no-emit-index-url --no-emit-find-links --no-header --annotation-style line

clean:
	rm -rf .venv $(PEERS) bench/data widgets/static $(FRONTEND)/node_modules local_sheets/page/static/univer $(GRID)/node_modules
