# The mall's commands. `make run` and `make test` are all one needs; see README.md.
PYTHON ?= python3
PY := .venv/bin/python
RUNNER := $(PYTHON) -m mall.runner
TESTS ?=
PROCESSES ?= 2
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run test test-long check messages seed servers lock tools

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: ## Install, start and seed the demo mall (PORT=8000, MALL_VAR=var); Ctrl-C stops all of it
	@$(RUNNER) run

test: tools ## Every test but the `long` ones, on real servers (TESTS="path -k name", PROCESSES=2)
	@$(RUNNER) check
	@$(PY) -m pytest -n $(PROCESSES) $(TESTS)

test-long: tools ## The tests marked `long`: real data sets (MALL_DATA_DIR) and load
	@$(RUNNER) check
	@$(PY) -m pytest -m long $(TESTS)

check: tools ## Style, types, layers, security, migrations, settings, translations
	@$(RUNNER) check --for-checks
	@$(PY) -m mall.tests.checks

messages: tools ## Collect the texts of code and templates into locale/
	@$(RUNNER) check --for-checks
	@$(PY) -m mall.tests.checks messages

seed: tools ## Fill the demo shop again (the servers must run: DATABASE_URL, REDIS_URL)
	@MALL_DEMO=1 $(PY) manage.py seed_demo

servers: tools ## PostgreSQL and Redis alone, in the foreground, with their addresses
	@$(RUNNER) servers

lock: tools ## Compile requirements*.in into the locked files with hashes
	@$(PY) -m mall.tests.checks lock

tools:
	@$(RUNNER) install --for-tests
