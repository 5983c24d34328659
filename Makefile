# Everything starts here. `make demo` shows the product; `make test` proves it. Both do all their own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
export PYTHONDONTWRITEBYTECODE ?=

.PHONY: setup setup-dev demo test lint proof bench lock docs clean

$(VENV)/.uv: requirements/uv.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/.runtime: $(VENV)/.uv requirements/runtime.txt pyproject.toml
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/runtime.txt
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(VENV)/.runtime            ## only the environment: .venv/bin/winddown

setup-dev: $(VENV)/.dev

demo: setup                        ## a fictional practice, emulated monitors, http://127.0.0.1:8000
	$(BIN)/winddown demo

lock: $(VENV)/.uv                  ## re-resolve every dependency, with hashes and without any address
	$(UV) pip compile --quiet --upgrade --generate-hashes --no-header --no-emit-index-url --python-version 3.11 pyproject.toml --group build -o requirements/runtime.txt
	$(UV) pip compile --quiet --upgrade --generate-hashes --no-header --no-emit-index-url --python-version 3.11 pyproject.toml --group build --group test -c requirements/runtime.txt -o requirements/dev.txt

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	WINDDOWN_ENVIRONMENT=test WINDDOWN_SECRET_FILE=tests/secret $(BIN)/mypy src/winddown

clean:
	rm -rf $(VENV) build
