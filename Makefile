# The one door: people and CI call the same targets. `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

# Imports without their bytecode cost seconds each; a machine that forbids writing it is not obeyed inside .venv.
unexport PYTHONDONTWRITEBYTECODE
# The project's answers must not depend on who runs it.
unexport PYTHONPATH PYTHONOPTIMIZE PYTHONHOME PYTHONSAFEPATH PYTHONWARNINGS PYTHONIOENCODING PYTHONUTF8 PYTHONSTARTUP

PYTHON ?= python3
STACK ?= dev
PORT ?= 8000
AWS_PORT ?= 8001
WHO ?= demo
BYTECODE ?= yes
# As it is written: a name is text, also where it looks like a call of make.
STACK_GIVEN := $(filter-out file default,$(origin STACK))
$(foreach name,STACK PROJECT STATE AGAINST BASE PORT AWS_PORT WHO SCOPES COOLDOWN,$(if $(value $(name)),$(eval override $(name) := $$(value $(name)))$(eval export $(name))))
# A recipe reads "$$STACK" from its environment: what is written in a name never reaches the shell as code.
BIN := .venv/bin
READY := .venv/.ready
FOLDERS := $(wildcard api infrastructure policies toolkit tests)
BYTECODE_FLAG := $(if $(filter no,$(BYTECODE)),--no-bytecode,--bytecode)

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST) | \
		if [ -n "$${NO_COLOR:-}" ] || [ ! -t 1 ]; then sed 's/\x1b\[[0-9;]*m//g'; else cat; fi

.PHONY: setup
setup: $(READY) ## Make .venv from the hash-locked requirements

VERSION_OF = -c 'import sys; sys.stdout.write("%d.%d" % sys.version_info[:2])' 2>/dev/null
# PYTHON=… names another Python than the one of .venv: make .venv anew.
ifneq ($(origin PYTHON),file)
ifneq ($(shell $(PYTHON) $(VERSION_OF)),$(shell $(BIN)/python $(VERSION_OF)))
$(READY): FORCE
endif
endif
.PHONY: FORCE
FORCE:

# Seeded: the Pulumi CLI asks the pip of .venv which packages there are.
$(READY): requirements/dev.txt requirements/uv.txt
	@found=$$($(PYTHON) $(VERSION_OF)) || found=missing; \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "$(PYTHON) is $$found: install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.13" >&2; exit 1; }
	@echo "Setting up .venv (once) ..." >&2
	@if command -v uv >/dev/null && uv --version >/dev/null 2>&1; then \
		uv venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv && \
		uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt; \
	else \
		$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
			{ echo "$(PYTHON) has no venv with pip: install it (Debian, Ubuntu: apt install python3-venv), or install uv" >&2; exit 1; }; \
		$(PYTHON) -m venv --clear .venv && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt && \
		$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt; \
	fi
	@touch $@

.PHONY: lock
lock: $(READY) ## Resolve pyproject.toml into requirements/*.txt (UPGRADE=1: to the newest allowed, COOLDOWN='7 days': of those at least so old)
	@lock() { $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 $(if $(UPGRADE),--upgrade) $(if $(value COOLDOWN),--exclude-newer "$$COOLDOWN") "$$@"; }; \
	lock pyproject.toml --output-file requirements/lambda.txt; \
	lock pyproject.toml --all-extras --constraints requirements/lambda.txt --output-file requirements/dev.txt; \
	grep -E '^uv==' requirements/dev.txt | cut -d' ' -f1 | lock - --no-annotate --output-file requirements/uv.txt

.PHONY: up
up: $(READY) ## The whole stack on this machine (PORT=8000, WATCH=1: redeploy on change, KEEP=1: keep the data, ENGINE=pulumi: by the real engine, which keeps everything)
	$(if $(filter-out pulumi,$(ENGINE)),$(error ENGINE=$(ENGINE) is unknown: write ENGINE=pulumi, or leave it out))@$(if $(ENGINE),engine="$$($(BIN)/python -m toolkit.engine.pulumi_cli)"; )$(BIN)/python -m toolkit.localcloud up \
		--build "$(BIN)/python -m toolkit.pipeline package --stack local" --port="$$PORT" --aws-port="$$AWS_PORT" \
		$(if $(WATCH),--watch) $(if $(KEEP),--keep) $(if $(ENGINE),--engine "$$engine" --plugins toolkit/localcloud/plugins/bin)

.PHONY: token
token: $(READY) ## A token for the running local stack (WHO=demo|second|admin|machine, SCOPES="items/read ...")
	@set -f; $(BIN)/python -m toolkit.localcloud token "$$WHO" $${SCOPES:+$$(printf ' --scope=%s' $$SCOPES)}

.PHONY: aws-environment
aws-environment: $(READY) ## Endpoint, region and keys of the embedded AWS, for a shell: eval "$$(make -s aws-environment)"
	@$(BIN)/python -m toolkit.localcloud environment

.PHONY: preview
preview: $(READY) ## The resources of a stack, evaluated offline (STACK=dev, JSON=1, PROJECT=bootstrap: of an account)
	@$(BIN)/python -m toolkit.stacks preview $(if $(value PROJECT),--root="infrastructure/$$PROJECT") $(if $(JSON),--json) -- "$$STACK"

# Without a stack all of them, and the foundations of the accounts.
POLICIES_OF = $(if $(STACK_GIVEN),$(if $(value PROJECT),--root="infrastructure/$$PROJECT") -- $$STACK,--root . --root infrastructure/bootstrap)

.PHONY: policies
policies: $(READY) ## What the policies say of all stacks, offline (STACK=dev: of one, PROJECT=bootstrap: of an account, STATE=FILE: of an export)
	@$(BIN)/python -m toolkit.policy.verdict $(if $(value STATE),--state="$$STATE" $(if $(value PROJECT),--root="infrastructure/$$PROJECT"),$(POLICIES_OF))

.PHONY: cost
cost: $(READY) ## What a stack costs in a month (STACK=dev, FORMULAS=1, JSON=1, AGAINST=main: what changes since that ref, PROJECT=bootstrap: of an account)
	@$(BIN)/python -m toolkit.cost $(if $(value PROJECT),--root="infrastructure/$$PROJECT") $(if $(value AGAINST),--against="$$AGAINST") $(if $(FORMULAS),--formulas) $(if $(JSON),--json) -- "$$STACK"

.PHONY: package
package: $(READY) ## Build the Lambda package of a stack (STACK=dev, BYTECODE=no)
	@$(BIN)/python -m toolkit.pipeline package --stack="$$STACK" $(BYTECODE_FLAG)

.PHONY: compliance
compliance: $(READY) ## What an auditor asks for, into build/compliance (STACK="staging prod", by default all; STATE=file: of an exported state; PROJECT=bootstrap: of accounts)
	@$(BIN)/python -m toolkit.policy.compliance $(if $(value PROJECT),--root="infrastructure/$$PROJECT" --out="build/compliance/$$PROJECT") $(if $(value STATE),--state="$$STATE",$(if $(STACK_GIVEN),-- $$STACK))

.PHONY: dossier
dossier: $(READY) ## What a change does to every stack, in build/dossier (BASE=main)
	@$(BIN)/python -m toolkit.pipeline dossier build $(if $(value BASE),--base="$$BASE")

.PHONY: test
test: $(READY) ## The whole test suite, offline (its set-up needs the index once)
	@$(BIN)/python -m toolkit.pipeline package --stack local
	@$(BIN)/python -m pytest -n 2 --dist loadfile --ignore tests/browser --ignore tests/engine --ignore tests/workflows $(ARGS)

.PHONY: test-pythons
test-pythons: $(READY) ## The suite and the commands on other Pythons, each in a fresh clone of the last commit (PYTHONS="3.12 3.13")
	@$(BIN)/python -m tests.pythons $(PYTHONS)

.PHONY: test-browser
test-browser: $(READY) ## The pages people see, in a real Chromium (needs chromium and chromedriver on PATH)
	@$(BIN)/python -m pytest tests/browser $(ARGS)

.PHONY: test-package
test-package: $(READY) ## Two packages built in different places are the same (STACK=dev)
	@tests/toolkit/pipeline/reproduce.sh $(BIN)/python "$$STACK"

.PHONY: test-mutations
test-mutations: $(READY) ## Break the stacks one property at a time: exactly the rules that should speak do
	@$(BIN)/python -m tests.policies.mutations

.PHONY: test-start
test-start: $(READY) ## Count the instructions of a cold start and hold them below the goal (needs valgrind)
	@$(BIN)/python -m tests.benchmarks.instructions --gate

.PHONY: engine
engine: $(READY) ## The Pulumi CLI: from PATH, else built once from its Go modules
	@$(BIN)/python -m toolkit.engine.pulumi_cli

.PHONY: test-engine
test-engine: engine ## Every stack through the real Pulumi engine, into the embedded AWS (PROVIDER=real: by the installed pulumi-aws)
	@PROVIDER=$(PROVIDER) $(BIN)/python -m pytest -n 3 --dist loadfile tests/engine $(ARGS)

.PHONY: test-workflows
test-workflows: $(READY) ## GitHub's workflows: linters, pins, permissions, every script run (needs actionlint or Go, and jq)
	@$(BIN)/python -m pytest -n 2 --dist loadfile tests/workflows $(ARGS)

.PHONY: check
check: format-check lint types ## Format, lint and types

.PHONY: format format-check lint types
format: $(READY) ## Format the code
	@$(BIN)/ruff format --quiet $(FOLDERS) && $(BIN)/ruff check --quiet --select I --fix $(FOLDERS)
format-check: $(READY)
	@$(BIN)/ruff format --check $(FOLDERS)
lint: $(READY)
	@$(BIN)/ruff check $(FOLDERS)
types: $(READY)
	@$(BIN)/mypy $(FOLDERS)

.PHONY: generate
generate: $(READY) ## Write again what is generated: docs/openapi.json, docs/*.schema.json, docs/policies.md, tables of docs/cost.md, policies/config, the rehearsal's baseline, …
	@$(BIN)/python -m api.openapi docs/openapi.json
	@$(BIN)/python -m infrastructure.settings_schema
	@$(BIN)/python -m toolkit.cost.usage
	@$(BIN)/python -m toolkit.cost.guide
	@$(BIN)/python -m toolkit.resource_types.taggable
	@$(BIN)/python -m toolkit.policy.levels write
	@$(BIN)/python -m toolkit.policy.catalogue
	@$(BIN)/python -m toolkit.pipeline package --stack local
	@$(BIN)/python -m tests.support.rehearsal_baseline

.PHONY: bench
bench: $(READY) ## Measure, side by side in one run, and print ratios
	@$(BIN)/python -m tests.benchmarks $(ARGS)

.PHONY: clean
clean: ## Remove what was built and the local stack's data (not .venv)
	@rm -rf build .local .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find $(FOLDERS) -name __pycache__ -type d -prune -exec rm -rf {} +
