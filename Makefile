# Newswire. `make` alone lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export NEWSWIRE_HOME ?= .newswire

.DEFAULT_GOAL := help
.PHONY: help setup run test unit integration test-containers e2e check format schemas bench clean

help: ## List the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Make .venv with everything, from the lock

$(READY): uv.lock pyproject.toml deploy/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "newswire: Python 3.11 or later is needed; try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "== making $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@echo "== installing the installer"
	@$(BIN)/pip --disable-pip-version-check --quiet install --require-hashes -r deploy/bootstrap.txt
	@echo "== installing what the lock names (some 200 MB the first time)"
	@$(BIN)/uv sync --frozen --inexact
	@touch $@

run: $(READY) ## Start everything here, publish the samples, show what became of them; Ctrl-C stops
	@$(BIN)/newswire up --demo

test: $(READY) ## Unit, contract and integration tests, on real servers
	@$(BIN)/coverage run -m pytest tests/unit tests/contract tests/integration
	@$(BIN)/coverage report --fail-under=100 --include='services/*/core.py,shared/contracts/*.py,shared/subjects.py'

unit: $(READY) ## Unit and contract tests: no server, no network
	@$(BIN)/pytest tests/unit tests/contract

integration: $(READY) ## Integration tests on the real nats-server and the real OpenSearch
	@$(BIN)/pytest tests/integration

test-containers: $(READY) ## Integration tests on servers in Docker containers
	@NEWSWIRE_TEST_SERVERS=containers $(BIN)/pytest tests/integration

e2e: $(READY) ## The embedded run, and the deployment of docker-compose.yml through outages and crashes
	@$(BIN)/pytest tests/e2e

check: $(READY) ## Linters, types, layers, dependencies, generated files
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/pyright
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/deptry .
	@$(BIN)/python -m shared.asyncapi --check

format: $(READY) ## Format the code and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

schemas: $(READY) ## Write the JSON Schemas and the AsyncAPI document anew
	@$(BIN)/python -m shared.asyncapi

bench: $(READY) ## Measure on the real servers, beside plain loops doing the same
	@$(BIN)/python -m tests.benchmarks

clean: ## Remove what was built and what tests left; data in .newswire stays
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .import_linter_cache
