# Everything starts here. `make demo` shows the product; `make test` proves it. Both do all their own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
# Compiled modules are kept, whatever the machine's habit: without them every process compiles Django anew, which is seconds each.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: setup setup-dev demo test house-ready lint domain-alone browser proof bench lock docs clean

# `make demo PORT=9000 DATA=/srv/demo` reads better than the full names; both work.
ifdef PORT
export WINDDOWN_PORT := $(PORT)
endif
ifdef DATA
export WINDDOWN_DATA := $(DATA)
endif

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
	$(UV) pip compile --quiet --upgrade --generate-hashes --no-header --no-emit-index-url --python-version 3.11 pyproject.toml --all-extras --group build --group test -c requirements/runtime.txt -o requirements/dev.txt
	$(UV) pip compile --quiet --upgrade --generate-hashes --no-header --no-emit-index-url --python-version 3.11 --group domain -c requirements/dev.txt -o requirements/domain.txt

# One core types while the other tests; what each of the three has to say comes out whole, when it is done (where make can do that).
TOGETHER := -j 2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

test: setup-dev browser            ## everything CI runs
	@$(MAKE) --no-print-directory $(TOGETHER) domain-alone lint house-ready
	$(BIN)/python -m pytest -m "not proof" $(NOTEBOOK)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not proof" --ignore tests/domain tests
	@$(BIN)/python -m tests.house stop

# The one test of the domain that needs what the domain does without; `domain-alone` skips it.
NOTEBOOK = tests/domain/pharmacology/test_pk_quick_start.py

# The migrated database and the empty record that tests copy, made while another core is busy with something else.
house-ready: setup-dev
	@$(BIN)/python -m tests.house make

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	WINDDOWN_ENVIRONMENT=test WINDDOWN_SECRET_FILE=tests/secret $(BIN)/mypy src/winddown
	$(BIN)/python tools/generate_docs.py --check

# The domain must stand in an environment that has no Django, no database driver and no web server.
domain-alone: $(VENV)/.dev requirements/domain.txt
	@test -x $(VENV)-domain/bin/python || $(UV) venv --quiet --python $(PYTHON) $(VENV)-domain
	$(UV) pip install --quiet --python $(VENV)-domain/bin/python --require-hashes -r requirements/domain.txt
	@! $(VENV)-domain/bin/python -c "import django" 2>/dev/null
	PYTHONPATH=src $(VENV)-domain/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not proof" --rootdir . tests/domain

browser: $(VENV)/.dev              ## a real browser for the stories, from Debian's packages
	@$(BIN)/python tools/browser.py

proof: setup-dev browser           ## the long proofs: load, fuzz, generated sessions, high-precision references
	$(BIN)/python -m pytest -m proof tests
	$(BIN)/python benchmarks/load_200_chairs.py --chairs 200 --minutes 10 --rate 1

# The peers live in an environment of their own: some need an older numpy.
.venv-peers/.ready: benchmarks/peers/requirements.txt $(VENV)/.uv
	$(UV) venv --quiet --clear --python $(PYTHON) .venv-peers
	$(UV) pip install --quiet --python .venv-peers/bin/python --require-hashes -r benchmarks/peers/requirements.txt
	@touch $@

bench: setup-dev .venv-peers/.ready ## measured figures and ratios against named peers, one table
	$(BIN)/python benchmarks/levels_of_a_month.py
	$(BIN)/python benchmarks/levels_of_an_afternoon.py
	$(BIN)/python benchmarks/fits.py
	$(BIN)/python benchmarks/bands.py
	$(BIN)/python benchmarks/slow_effect.py
	$(BIN)/python benchmarks/cold_start.py
	$(BIN)/python benchmarks/trial_workers.py
	$(BIN)/python benchmarks/growth.py
	$(BIN)/python benchmarks/what_if.py
	$(BIN)/python benchmarks/alarms_on_recordings.py
	$(BIN)/python benchmarks/registry.py
	$(BIN)/python benchmarks/table.py

docs: setup-dev                    ## regenerate docs/generated
	$(BIN)/python tools/generate_docs.py

clean:
	rm -rf $(VENV) $(VENV)-domain .venv-peers build
