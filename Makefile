# Golosa: install, try, check. “make” alone lists the targets.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help install environment demo serve test coverage check bench lock clean

PYTHON := .venv/bin/python
LOCKS := config/requirements-build.lock config/requirements-dev.lock
PIP := $(PYTHON) -m pip --disable-pip-version-check --no-input
COMPILE := .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-header --no-emit-index-url --no-emit-find-links --no-config
WORKERS := 2
# Where it is set, each process of the tests compiles the tree again: 6 s of each worker, and more in each command they run.
export PYTHONDONTWRITEBYTECODE :=

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

install: ## make .venv from the lock, if the lock has changed since
	@cat $(LOCKS) pyproject.toml | cmp -s - .venv/installed-from && $(PYTHON) -c '' 2>/dev/null \
		|| $(MAKE) --no-print-directory environment

environment:
	@set -e; found=; \
	for python in python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then echo 'Python 3.11 or newer is needed (Debian: apt-get install python3).' >&2; exit 1; fi; \
	if ! $$found -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "$$found cannot make virtual environments (Debian: apt-get install python3-venv)." >&2; exit 1; fi; \
	$(PYTHON) -m pip --version >/dev/null 2>&1 || { rm -rf .venv; $$found -m venv .venv; }
	@rm -f .venv/installed-from; echo "Installing into .venv: once, a minute or two, 1.5 GB ..." >&2
	@# What builds comes first; then nothing is fetched that a hash does not vouch for. docopt has no wheel. The lock is
	@# whole, so nothing is resolved (--no-deps): an older pip asks for the newest “coverage[toml]”, which has no hash.
	@$(PIP) install -qq --require-hashes --only-binary :all: -r config/requirements-build.lock
	@$(PIP) install -qq --no-deps --require-hashes --only-binary :all: --no-binary docopt --no-build-isolation \
		-r config/requirements-dev.lock
	@$(PIP) install -qq --no-deps --no-build-isolation --no-index --editable .
	@cat $(LOCKS) pyproject.toml > .venv/installed-from

demo: install ## a throw-away archive with two interviews, from recording to search (ARGS="--no-serve")
	@.venv/bin/golosa demo $(ARGS)

serve: install ## serve an archive (ARGS="--home DIR")
	@.venv/bin/golosa serve $(ARGS)

check: install ## format, lint, types, layers and the fast tests: under a minute
	@.venv/bin/ruff format --check --quiet
	@.venv/bin/ruff check --quiet
	@.venv/bin/mypy --no-error-summary
	@.venv/bin/mypy --no-error-summary --explicit-package-bases tests/canary.py
	@.venv/bin/lint-imports --no-cache
	@$(PYTHON) -m pytest -n $(WORKERS) -m 'not slow and not browser' --hypothesis-profile quick $(ARGS)

test: install ## every test
	@$(PYTHON) -m pytest -n $(WORKERS) $(ARGS)

coverage: install ## every test again, counting branches
	@$(PYTHON) -m pytest -n $(WORKERS) --cov --cov-report=term:skip-covered $(ARGS)

bench: install ## measure what has a goal, as a table (ARGS="names of benches")
	@$(PYTHON) -m tests.bench $(ARGS)

lock: install ## write the locks anew, with the newest versions that pyproject.toml allows
	@$(COMPILE) --group dev --group build -o config/requirements-dev.lock pyproject.toml
	@$(COMPILE) --group build -c config/requirements-dev.lock -o config/requirements.lock pyproject.toml
	@$(COMPILE) --group build -c config/requirements-dev.lock -o config/requirements-build.lock
	@! grep -nE '^(torch|triton|nvidia)|://' config/requirements*.lock

clean: ## remove what can be made again
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.*
