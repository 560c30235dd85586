# Thin targets over ./stack, and the checks. `make` alone lists them; `./stack --help` lists the commands.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

# Imports without their bytecode cost seconds each; a machine that forbids writing it is not obeyed inside .venv.
unexport PYTHONDONTWRITEBYTECODE
# The results must not depend on who runs it.
unexport PYTHONPATH PYTHONOPTIMIZE PYTHONHOME PYTHONSAFEPATH PYTHONWARNINGS PYTHONIOENCODING PYTHONUTF8 PYTHONSTARTUP

# As it is written: a name is text, also where it looks like a call of make. A recipe reads "$$STACK" from its environment.
$(foreach name,STACK COOLDOWN ENGINE,$(if $(value $(name)),$(eval override $(name) := $$(value $(name)))$(eval export $(name))))
BIN := .venv/bin
FOLDERS := $(wildcard api infrastructure policies toolkit tests)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST) | \
		if [ -n "$${NO_COLOR:-}" ] || [ ! -t 1 ]; then sed 's/\x1b\[[0-9;]*m//g'; else cat; fi

.PHONY: setup
setup: ## Make .venv from the hash-locked requirements (PYTHON=/path/to/python3.13: with another Python)
	@./stack setup

.PHONY: lock
lock: setup ## Resolve pyproject.toml into requirements/*.txt (UPGRADE=1: to the newest allowed, COOLDOWN='7 days': of those at least so old)
	@lock() { $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 $(if $(UPGRADE),--upgrade) $(if $(value COOLDOWN),--exclude-newer "$$COOLDOWN") "$$@"; }; \
	lock pyproject.toml --output-file requirements/lambda.txt; \
	lock pyproject.toml --all-extras --constraints requirements/lambda.txt --output-file requirements/dev.txt; \
	lock requirements/clients.in --output-file requirements/clients.txt; \
	grep -E '^uv==' requirements/dev.txt | cut -d' ' -f1 | lock - --no-annotate --output-file requirements/uv.txt

.PHONY: up
up: ## The complete stack on this machine (ENGINE=pulumi: by the Pulumi CLI; ARGS="--watch --port 9000": as ./stack up --help lists)
	@./stack up $(if $(value ENGINE),--engine "$$ENGINE") $(ARGS)

.PHONY: policies
policies: ## Evaluate the policies of every stack, offline
	@./stack policies

.PHONY: test
test: setup ## The whole test suite, offline (its set-up needs the index once)
	@./stack package local
	@$(BIN)/python -m pytest -n 2 --dist loadfile --ignore tests/browser --ignore tests/engine --ignore tests/workflows $(ARGS)

.PHONY: test-pythons
test-pythons: setup ## The suite and the commands on other Pythons, each in a fresh clone of the last commit (PYTHONS="3.12 3.13")
	@$(BIN)/python -m tests.pythons $(PYTHONS)

.PHONY: test-new
test-new: setup ## Make another service of this repository, with a part of each kind, and run its commands and tests
	@$(BIN)/python -m tests.new_service

.PHONY: test-browser
test-browser: setup ## The pages people see, in a real Chromium (needs chromium and chromedriver on PATH)
	@$(BIN)/python -m pytest tests/browser $(ARGS)

CLIENTS := build/clients
.PHONY: test-clients
test-clients: $(CLIENTS)/python/.ready $(CLIENTS)/typescript/.ready ## Generate API clients in Python and TypeScript, and use the routes with each (needs Node.js 20 or newer)
	@./stack package local
	@$(BIN)/python -m pytest tests/clients $(ARGS)
$(CLIENTS)/python/.ready: requirements/clients.txt | setup
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(@D)
	@$(BIN)/uv pip sync --quiet --require-hashes --python $(@D)/bin/python $<
	@touch $@
$(CLIENTS)/typescript/.ready: $(addprefix tests/clients/typescript/,package.json package-lock.json .npmrc)
	@mkdir -p $(@D) && cp $^ $(@D)
	@npm ci --silent --prefix $(@D)
	@touch $@

.PHONY: test-package
test-package: setup ## Two packages built in different places are the same (STACK=dev)
	@tests/support/reproduce.sh $(BIN)/python "$${STACK:-dev}"

.PHONY: test-mutations
test-mutations: setup ## Change the stacks one value at a time: exactly the expected rules report it
	@$(BIN)/python -m tests.policies.mutations

.PHONY: test-start
test-start: setup ## Count the instructions of a cold start and hold them below the goal (needs valgrind)
	@$(BIN)/python -m tests.benchmarks.instructions --gate

.PHONY: test-engine
test-engine: setup ## Every stack through the real Pulumi engine, into the embedded AWS (PROVIDER=real: by the installed pulumi-aws)
	@./stack engine
	@PROVIDER=$(PROVIDER) $(BIN)/python -m pytest -n 3 --dist loadfile tests/engine $(ARGS)

.PHONY: test-workflows
test-workflows: setup ## GitHub's workflows: linters, pins, permissions, every script run (needs actionlint or Go, and jq)
	@$(BIN)/python -m pytest -n 2 --dist loadfile tests/workflows $(ARGS)

.PHONY: check
check: format-check lint types ## Format, lint and types

.PHONY: format format-check lint types
format: setup ## Format the code
	@$(BIN)/ruff format --quiet $(FOLDERS) && $(BIN)/ruff check --quiet --select I --fix $(FOLDERS)
format-check: setup
	@$(BIN)/ruff format --check $(FOLDERS)
lint: setup
	@$(BIN)/ruff check $(FOLDERS)
types: setup
	@$(BIN)/mypy $(FOLDERS)

.PHONY: generate
generate: setup ## Write again what is generated: docs/openapi.json, docs/*.schema.json, docs/policies.md, tables of docs/cost.md, policies/config, the rehearsal's baseline, screenshots, …
	@./stack generate
	@./stack package local
	@$(BIN)/python -m tests.support.rehearsal_baseline
	@$(BIN)/python -m tests.support.screenshots

.PHONY: bench
bench: setup ## Measure, side by side in one run, and print ratios
	@$(BIN)/python -m tests.benchmarks $(ARGS)

.PHONY: clean
clean: ## Remove what was built and the local stack's data (not .venv)
	@rm -rf build .local .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find $(FOLDERS) -name __pycache__ -type d -prune -exec rm -rf {} +
