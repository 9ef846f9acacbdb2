# Newswire. `make` alone lists what there is.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
export NEWSWIRE_HOME ?= .newswire

.DEFAULT_GOAL := help
CORPUS = $(shell find tests/fixtures/html tests/fixtures/text tests/fixtures/publishers tests/fixtures/explain \
	tests/fixtures/kinds \
	deploy/local/samples -type f ! -name '*.json' | LC_ALL=C sort)
GOLDEN := tests/golden/parse.jsonl

.PHONY: help setup run test unit integration test-containers e2e check format schemas models sbom audit licences bench \
	quality fuzz pictures golden browser hostile simulate clean

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
	@$(BIN)/uv sync --frozen --inexact --compile-bytecode # or each start of a service would, where none may be written
	@touch $@

run: $(READY) ## Start everything here, publish the samples, show what became of them; Ctrl-C stops
	@$(BIN)/newswire up --demo

test: $(READY) ## Unit, contract and integration tests, on real servers
	@$(BIN)/coverage run -m pytest tests/unit tests/contract tests/integration
	@$(BIN)/coverage report --fail-under=100

unit: $(READY) ## Unit and contract tests: no server, no network
	@$(BIN)/pytest tests/unit tests/contract

integration: $(READY) ## Integration tests on the real nats-server and the real OpenSearch
	@$(BIN)/pytest tests/integration

test-containers: $(READY) ## Integration tests on servers in Docker containers; TESTS=... for some of them
	@NEWSWIRE_TEST_SERVERS=containers $(BIN)/pytest $(or $(TESTS),tests/integration)

e2e: $(READY) ## The embedded run, and the deployment of docker-compose.yml through outages and crashes
	@$(BIN)/pytest tests/e2e

check: $(READY) ## Linters, types, layers, dependencies, licences, generated files
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/pyright
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/deptry .
	@$(BIN)/python -m shared.asyncapi --check
	@$(BIN)/python -m services.intake.openapi --check
	@$(BIN)/python -m deploy.dashboards --check
	@$(BIN)/python -m deploy.supply.licences --check
	@$(BIN)/newswire reparse --against $(GOLDEN) $(CORPUS) || \
		{ echo "newswire: the corpus is read otherwise than recorded; if that is meant: make golden"; exit 1; }

golden: $(READY) ## Record anew how the fixtures are read; the difference is committed with its cause
	@$(BIN)/python -m tests.golden
	@$(BIN)/newswire reparse --against $(GOLDEN) --save $(GOLDEN) $(CORPUS) || [ $$? -eq 1 ]

browser: ## Install a Chromium for the tests that look at pages (Debian, as root)
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium; }

format: $(READY) ## Format the code and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

schemas: $(READY) ## Write the JSON Schemas, the AsyncAPI and OpenAPI documents and the dashboards anew
	@$(BIN)/python -m shared.asyncapi
	@$(BIN)/python -m services.intake.openapi
	@$(BIN)/python -m deploy.dashboards

models: $(READY) ## Write the gazetteer of enrichment anew, from the packages it comes from
	@$(BIN)/python -m deploy.models.gazetteer

sbom: $(READY) ## Write a CycloneDX bill of materials for each image to sbom/
	@$(BIN)/python -m deploy.supply.sbom sbom

audit: $(READY) ## Known vulnerabilities of what the lock names; asks osv.dev
	@$(BIN)/python -m deploy.supply.audit

licences: $(READY) ## Write docs/licences.md anew, and refuse what does not go with Apache-2.0
	@$(BIN)/python -m deploy.supply.licences

bench: $(READY) ## Measure on the real servers, beside plain loops doing the same
	@$(BIN)/python -m tests.benchmarks

quality: $(READY) ## Score parser and enrichment beside others on labelled texts; ours alone: QUALITY="--reader newswire"
	@$(BIN)/uv sync --quiet --frozen --inexact --group quality
	@$(BIN)/python -m tests.quality $(QUALITY)
	@test -n "$(QUALITY)" || { $(BIN)/python -m tests.quality.kinds; $(BIN)/python -m tests.quality.enrichment; }

pictures: $(READY) ## Make the README's pictures anew: charts from a run on the real servers, and a page
	@$(BIN)/python -m tests.pictures docs/pictures
	@$(BIN)/python -m tests.pictures.explained docs/pictures/explained.png

hostile: $(READY) ## Fetch from servers that stall, lie and attack; what each ended as, with its peak memory
	@$(BIN)/python -m tests.hostile

simulate: $(READY) ## A day of 2,000 simulated sources on a clock of their own, of 40 over HTTP and NATS: recall, delay, requests
	@$(BIN)/python -m tests.simulation
	@$(BIN)/python -m tests.simulation 40 --http --nats

fuzz: $(READY) ## Fuzz the parser for two minutes; more with FUZZ="--seconds 600 text time"
	@$(BIN)/python -m tests.fuzz $(FUZZ)

clean: ## Remove what was built and what tests left; data in .newswire stays
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .import_linter_cache .fuzz
