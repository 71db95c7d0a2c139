# The mall's commands. `make run` and `make test` are all one needs; see README.md.
PYTHON ?= python3
PORT ?= 8000
PROCESSES ?= 2
TESTS ?=
PRODUCTS ?= 10000

BIN := .venv/bin
RUNNER := $(PYTHON) -m mall.runner
MANAGE := $(BIN)/python manage.py
PACKAGES := mall members catalog inventory promotions orders analytics
DEMO := MALL_DEMO=1 LOG_LEVEL=WARNING
LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes

# Settings of a production that exists nowhere: what `check --deploy` looks at.
PRODUCTION := MALL_DEMO=0 LOG_LEVEL=WARNING SITE_URL=https://mall.example.cn ALLOWED_HOSTS=mall.example.cn \
  DATABASE_URL=postgres://mall:mall@127.0.0.1:1/mall REDIS_URL=redis://127.0.0.1:1/0 \
  SECRET_KEY=0123456789-only-to-check-the-settings-never-used-elsewhere-ABCDEFGHIJ
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test test-long doomsday machine flashsale bench-orders bench-search bench-shop live-migration screenshots screening check messages seed relevance servers backup restore lock tools

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: ## Install, start and seed the demo mall (PORT=8000, MALL_VAR=var, MALL_SEED=1); Ctrl-C stops it
	@$(RUNNER) run

test: tools ## Every test but the `long` ones, on real servers (PROCESSES=2, TESTS="path -k name")
	@$(RUNNER) check
	@$(BIN)/python -m pytest -n $(PROCESSES) $(TESTS)

test-long: tools ## The tests marked `long`: real data sets (MALL_DATA_DIR) and load
	@$(RUNNER) check
	@$(BIN)/python -m pytest -m long $(TESTS)

doomsday: tools ## 10,000 orders under 70 faults on servers of its own; fails when a fen, an order or a piece is lost
	@$(BIN)/python -m bench.doomsday

machine: tools ## 50,000 deeds of the shop beside a small model (STEPS=, SEED=); fails where they part
	@$(BIN)/python bench/machine.py

flashsale: tools ## 2,000 buyers of 200 flash pieces over HTTP, on servers of its own; fails on a broken promise
	@$(BIN)/python bench/flashsale.py

bench-orders: tools ## Orders a second through HTTP as ratios to pgbench, against the goals (PRODUCTS=10000)
	@$(BIN)/python -m bench.placing --products $(PRODUCTS)

bench-shop: tools ## Pages and lists a second with 1,000, 10,000 and 100,000 products, against a view that does nothing and beside django-oscar (SIZES=, OSCAR_SIZES=)
	@$(BIN)/python -m bench.shop $(if $(SIZES),--sizes $(SIZES)) $(if $(OSCAR_SIZES),--oscar-sizes $(OSCAR_SIZES))

bench-search: tools ## What a search costs PostgreSQL with 100,000 products, beside a look-up by key; fails over its goals
	@$(BIN)/python -m bench.search

live-migration: tools ## Twelve migrations of an open shop under 50 requests a second, on servers of its own; fails on one 5xx
	@$(BIN)/python bench/livemigration.py

screenshots: tools ## Every page in both languages, narrow and wide, light and dark: pictures in var/screenshots/
	@$(RUNNER) check
	@$(BIN)/python -m pytest -m long mall/tests/test_screenshots.py

screening: tools ## What the screen of words finds and what it stops by mistake; fails under its goal
	@$(BIN)/python bench/screening.py

check: tools ## Style, types, templates, layers, security, migrations, settings, translations
	@$(RUNNER) check --for-checks
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --quiet --check .
	$(DEMO) $(BIN)/mypy
	$(BIN)/djhtml --check templates
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive $(PACKAGES)
	$(DEMO) $(MANAGE) makemigrations --check --dry-run
	$(PRODUCTION) $(MANAGE) check --deploy --fail-level WARNING
	$(RUNNER) messages --check

messages: tools ## Collect the texts of code and templates into locale/, for translation
	@$(RUNNER) check --for-checks
	@$(RUNNER) messages --gather

seed: tools ## Fill the demo shop (DATABASE_URL and REDIS_URL name the servers; `make servers` starts some)
	@$(DEMO) $(MANAGE) migrate --verbosity 0
	@$(DEMO) $(MANAGE) seed_demo

relevance: tools ## Ask a demo shop of its own the judged queries (MALL_DATA_DIR adds litemall); fails when the untouched third is under the goal
	@$(BIN)/python -m bench.relevance

servers: tools ## PostgreSQL and Redis alone, in the foreground, with their addresses
	@$(RUNNER) servers

backup: ## Back up the running demo mall; from then on its log is kept too
	@$(RUNNER) backup

restore: ## Put the stopped demo mall back to a moment (TO="2026-11-11 20:00:00+08", else the latest)
	@$(RUNNER) restore "$(TO)"

lock: tools ## Compile requirements*.in into the locked files, with hashes
	@$(LOCK) requirements.in -o requirements.txt
	@$(LOCK) requirements-embedded.in -o requirements-embedded.txt
	@$(LOCK) requirements-dev.in -o requirements-dev.txt

tools:
	@$(RUNNER) install --for-tests
