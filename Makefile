# make run    start Sopan with a demo body at http://127.0.0.1:8000   (PORT, SOPAN_DATA)
# make test   what must hold before every change lands; installs what is missing
# make thorough   what takes longer
# make check  format, lint, types, layers, migrations, procedures
# make setup  the environment alone
# make messages  the English catalogue brought up to the texts in the code

PYTHON ?= python3
export SOPAN_NO_SKIP = 1
BIN := .venv/bin
# Two processes; tests that share a world stay together, so that it is built once.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadgroup

.PHONY: run setup setup-dev messages system check test unit postgresql processes thorough

run: setup
	@$(BIN)/sopan run --demo

setup: .venv/.runtime

setup-dev: .venv/.development

.venv/.uv: requirements-tools.txt
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Sopan needs Python 3.11 or newer; set PYTHON=")'
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-tools.txt
	@touch $@

# One environment: the development one holds all of the runtime one.
.venv/.runtime: .venv/.uv requirements.txt pyproject.toml
	@test -e .venv/.development || UV_COMPILE_BYTECODE=1 VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes requirements.txt requirements-tools.txt
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/.development: .venv/.uv requirements-dev.txt pyproject.toml
	@UV_COMPILE_BYTECODE=1 VIRTUAL_ENV=.venv $(BIN)/uv pip sync --quiet --require-hashes requirements-dev.txt requirements-tools.txt
	@VIRTUAL_ENV=.venv $(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@ .venv/.runtime

# Collects new texts, drops gone ones, compiles; fails while a text has no English.
messages: setup-dev
	@$(BIN)/python -m sopan.locale.messages

# Chromium, a PostgreSQL server and poppler: found, or installed with the system's package manager, or told.
system:
	@sh tests/system-packages.sh

check: setup-dev
	$(BIN)/ruff format --check -q .
	$(BIN)/ruff check -q .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/sopan makemigrations --check --dry-run
	$(BIN)/sopan check

# The tables as the models say; that the migrations lead there is held by check, and by the two below, which run them.
unit: setup-dev
	$(PYTEST) --nomigrations -m "not browser and not faults and not thorough"

postgresql: setup-dev system
	$(BIN)/python -m benchmarks.postgresql $(PYTEST) -m "not browser and not faults and not thorough" sopan/engine sopan/catalogue

# What takes longer than a quarter of an hour: the rest of the tests, and those of all rows on PostgreSQL.
thorough: setup-dev system
	$(PYTEST) -m thorough
	SOPAN_EXAMPLES=500 $(PYTEST) -m "not thorough and not browser" sopan/core sopan/drawing sopan/exchange sopan/measurement tests/test_double_acts.py
	$(BIN)/python -m benchmarks.postgresql $(PYTEST) -m "not browser and not faults" sopan/documents sopan/people sopan/domains

# Real processes: servers, workers and browsers that people use, and such as are killed.
processes: setup-dev system
	$(PYTEST) -m "(browser or faults) and not thorough"

test: system check unit postgresql processes
