# The same verbs everywhere; `make help` lists them. Everything runs out of .venv, which bootstrap makes.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
SERVE ?= 1
PYTEST_ARGS ?= -n 2
SEED ?= 1
DAYS ?= 183
DEBTORS ?= 90
MOVES ?= 0.1

.DEFAULT_GOAL := help
.PHONY: help demo test simulate check bench fresh-check lint format docs

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1|\2/' | while IFS='|' read -r verb does; do printf '  make %-12s %s\n' "$$verb" "$$does"; done

demo: ## import the sample statements, work a month on them, print it, serve on http://127.0.0.1:8700 (SERVE=0: do not serve)
	@$(PYTHON) deploy/bootstrap.py
	@$(BIN)/quittance demo $(if $(filter 0,$(SERVE)),--no-serve)

test: ## the whole suite, on servers it starts itself (PYTEST_ARGS='-n0 tests/case' for a part)
	@$(PYTHON) deploy/bootstrap.py --test
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

simulate: ## a portfolio over months, every law checked each day (SEED=1 DAYS=183 DEBTORS=90 MOVES=0.1)
	@$(PYTHON) deploy/bootstrap.py --test
	@$(BIN)/python -m tests.simulation --seed $(SEED) --days $(DAYS) --debtors $(DEBTORS) --moves $(MOVES)

check: lint ## format, lint, types, import contracts, lock files
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@! grep -nE 'https?://|^(-i|--index-url|--extra-index-url|--find-links)' requirements*.lock || { echo 'a lock file names a host'; exit 1; }

lint: ## format and lint only, changing nothing
	@$(PYTHON) deploy/bootstrap.py --test
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

format: ## format, and fix what the linter can fix
	@$(PYTHON) deploy/bootstrap.py --test
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: ## write the pages of docs/reference that are made from code
	@$(PYTHON) deploy/bootstrap.py
	@$(BIN)/python -m services.main.reference docs/reference

bench: ## every benchmark: a table, and one JSON object a line in bench.jsonl
	@$(PYTHON) deploy/bootstrap.py --test
	@$(BIN)/quittance bench all --out bench.jsonl

fresh-check: ## `make demo SERVE=0` and `make test` in a bare Debian chroot (root only)
	@deploy/fresh-check
