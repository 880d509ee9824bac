# One line a job. `check` changes nothing, `fix` mends.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
# sqlfluff compiles by dbt, which writes its artefacts beside the environment, not into the project or a home;
# DuckDB makes its file there but not the folder.
SQLFLUFF := mkdir -p $(VENV)/sqlfluff/warehouse && QLS_HOME=$(CURDIR)/$(VENV)/sqlfluff DBT_TARGET_PATH=$(CURDIR)/$(VENV)/sqlfluff/dbt \
	DBT_LOG_PATH=$(CURDIR)/$(VENV)/sqlfluff/dbt/logs $(BIN)/sqlfluff

# Of the examples alone: whoever can read it here can tell which pseudonym is whose.
DEMONSTRATION_KEY := published-demonstration-key-of-the-examples

.DEFAULT_GOAL := help
.PHONY: help install run test test-all check fix dev bench lock clean

help:  ## list the jobs
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(VENV)/installed  ## install into .venv from the lock

$(VENV)/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or later is needed (PYTHON=/path/to/python3.11 make ...)'; exit 2; }
	@echo 'Installing  into $(VENV) (once; about three minutes)'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -c 'from orchestration import dbt, settings; dbt.parsed(settings.from_environment())'
	@touch $@

run: install  ## examples where there is no home yet, then load, build, check, publish
	@$(BIN)/qls example --if-new
	@QLS_PSEUDONYM_KEY="$${QLS_PSEUDONYM_KEY:-$(DEMONSTRATION_KEY)}" $(BIN)/qls run

test: install  ## all tests but the long ones
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

test-all: install  ## the long ones too
	@$(BIN)/python -m pytest -n 2 --dist loadgroup -m ''

check: install  ## lint, format, types, imports, SQL; changes nothing
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(SQLFLUFF) lint dbt_project --processes 2

fix: install  ## mend what lint and format can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(SQLFLUFF) fix dbt_project --processes 2

dev: install  ## Dagster's pages on this home
	@mkdir -p "$${QLS_HOME:-var}/dagster"
	@DAGSTER_HOME="$$(realpath "$${QLS_HOME:-var}")/dagster" $(BIN)/dagster dev -m orchestration.definitions

bench: install  ## measure speed side by side with what a user would pick instead
	@$(BIN)/python -m tests.benchmarks

lock: install  ## resolve requirements.lock anew from pyproject.toml
	@$(BIN)/python -m pip install --quiet uv
	@{ echo '# Made by `make lock`. Hashes, no index URL: pip'"'"'s own settings say where packages come from.'; \
	  $(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --no-annotate --no-strip-extras --quiet; } > requirements.lock.new
	@mv requirements.lock.new requirements.lock

clean:  ## remove the environment and caches; never a home
	@rm -rf $(VENV) .ruff_cache .mypy_cache .pytest_cache
