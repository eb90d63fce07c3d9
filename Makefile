# Marquee. `make run` starts it, `make test` tests it; both set up what they need.
#
# .venv holds exactly what requirements.lock says and runs the program; .venv-dev holds
# what requirements-dev.lock says and tests it. Neither is made again until its lock changes.

SHELL := /bin/sh
.NOTPARALLEL:
.DEFAULT_GOAL := help

# The first of these that is Python 3.11 or later; `make PYTHON=/path/to/python run` decides otherwise.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)

RUN := .venv/bin/python
DEV := .venv-dev/bin/python
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard bot/locale/*/LC_MESSAGES/messages.po))
# Much of a test is waiting: three at once keep two cores busy.
WORKERS := $(shell n=$$(nproc 2>/dev/null || echo 2); if [ $$n -gt 3 ]; then echo $$n; else echo 3; fi)
LOCK := pip compile --quiet --universal --generate-hashes --no-header --no-annotate pyproject.toml

# A Python that was upgraded away leaves an environment that looks made and cannot start.
$(shell $(RUN) -c '' 2>/dev/null || rm -f .venv/made)
$(shell $(DEV) -c '' 2>/dev/null || rm -f .venv-dev/made)

.PHONY: help
help: ## What there is to make
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 18

.PHONY: run
run: setup ## Start Marquee (the web chat, when no token is set)
	@$(RUN) -m bot

.PHONY: setup
setup: .venv/made $(CATALOGUES) ## Make .venv as requirements.lock says, and the translations

.PHONY: test
test: .venv-dev/made $(CATALOGUES) ## Run all tests, on all cores
	$(DEV) -m pytest -n $(WORKERS) --dist worksteal

.PHONY: soak
soak: .venv-dev/made $(CATALOGUES) ## Run all tests and the long ones, with many more examples
	$(DEV) -m pytest -m "soak or not soak" --hypothesis-profile=soak --timeout=3600

.PHONY: bench
bench: .venv-dev/made $(CATALOGUES) ## How long a page of a long list takes, against one of a short list
	$(DEV) -m tests.bench

.PHONY: screenshots
screenshots: setup .venv-dev/made ## Take the README's pictures of the web chat anew
	$(DEV) -m tests.screenshots

.PHONY: lint
lint: .venv-dev/made ## Style, types, and which module may import which
	$(DEV) -m ruff check .
	$(DEV) -m ruff format --check .
	$(DEV) -m mypy --strict
	$(DEV) -c 'from importlinter.cli import lint_imports_command as lint; lint()'

.PHONY: lock
lock: .venv-dev/made ## Write the locks anew from pyproject.toml; UPGRADE=1 takes the newest versions
	@# The tools' lock first: what runs is then the same versions as what was tested, also where a tool limits one.
	$(DEV) -m uv $(LOCK) $(if $(UPGRADE),--upgrade) --extra dev -o requirements-dev.lock
	$(DEV) -m uv $(LOCK) $(if $(UPGRADE),--upgrade) -c requirements-dev.lock -o requirements.lock

.PHONY: messages
messages: .venv-dev/made ## Collect the texts for people and bring the translations up to date
	$(DEV) -m babel.messages.frontend --quiet extract -k t -k tn:1,2 -k N_ --no-location --sort-output \
		--omit-header -o bot/locale/messages.pot bot
	$(DEV) -m babel.messages.frontend --quiet update -D messages -d bot/locale -i bot/locale/messages.pot \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date

.PHONY: clean
clean: ## Remove what make made (never your data)
	rm -rf .venv .venv-dev .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -f bot/locale/*/LC_MESSAGES/messages.mo

.venv/made: requirements.lock
	$(call need-python)
	@echo "Setting up Marquee in .venv (the first time takes a minute) ..."
	@$(PYTHON) -m venv --clear .venv
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv-dev/made: requirements-dev.lock
	$(call need-python)
	@echo "Setting up the tools in .venv-dev (the first time takes a minute or two) ..."
	@$(PYTHON) -m venv .venv-dev
	@$(DEV) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

%.mo: %.po
	@python=$(RUN); [ -x $$python ] || python=$(DEV); \
		$$python -m babel.messages.frontend --quiet compile -i $< -o $@

define need-python
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "Marquee needs Python 3.11 or later: install it, or name it: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; }
endef
