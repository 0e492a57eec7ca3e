# Everything here works on a fresh Debian or Ubuntu machine with Python 3.11 or newer; nothing needs to be set up by hand.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup dev start test check fmt bench prove migration messages screenshot lock vendor clean

PORT ?= 8000
SCALE ?= 0.1
DB ?= sqlite postgresql
TESTS ?= tests
PY := .venv/bin/python

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

setup: ## Make .venv with the `baton` command in it (quick when nothing changed)
	@scripts/setup.sh

dev:
	@scripts/setup.sh dev

start: setup ## Start Baton with the demonstration business: make start PORT=8000
	@.venv/bin/baton start --demo --port $(PORT)

test: dev ## Check, then run every test on SQLite and on PostgreSQL: make test DB=sqlite TESTS=tests/work
	@$(MAKE) --no-print-directory check
	@scripts/test.sh "$(DB)" $(TESTS)

check: dev ## Formatter, linter, types, import layers, templates, migrations, contrast
	@scripts/check.sh

fmt: dev ## Format the code and mend what the linter can
	@$(PY) -m ruff format --quiet . && $(PY) -m ruff check --fix --quiet . || true

bench: dev ## Build the reference business and measure it: make bench SCALE=1 for the whole
	@$(PY) -m bench SCALE=$(SCALE)

prove: dev ## Break Baton on purpose: kill -9 200 times, trace every sync, tell every webhook five times: make prove DB=sqlite
	@scripts/prove.sh DB="$(DB)" ONLY="$(ONLY)" KILLS="$(KILLS)" MAILS="$(MAILS)"

migration: dev ## Write the one migration anew, until the first release
	@$(PY) scripts/initial_migration.py

messages: dev ## Bring the German and Croatian texts up to the sources (needs gettext)
	@$(PY) scripts/messages.py collect

screenshot: dev ## Make docs/screenshot.png anew from the demonstration
	@$(PY) scripts/screenshot.py

lock: dev ## Resolve requirements/*.in into their locks anew
	@scripts/lock.sh

vendor: ## Fetch the pinned front-end files (needs npm; users don't)
	@scripts/vendor

clean: ## Remove what was made here, except ./data
	@rm -rf .venv staticfiles build dist *.egg-info .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find baton config tests -name __pycache__ -type d -prune -exec rm -rf {} +
