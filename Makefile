# `make run` and `make test` do all the set-up. Needs Python 3.11 to 3.14; GNU make 3.81 (macOS) is enough.
PORT ?= 8501
# Who gets in: this machine alone, or with HOST=0.0.0.0 whoever is in its network. Some shells have a HOST of their own.
HOST := localhost
VENV := .venv
PYTHON := $(VENV)/bin/python
PYTEST := $(PYTHON) -m pytest
# Tests run on all cores, a file at a time on one of them: its server, browser and networks are made once. In the order
# of tests/conftest.py.
WORKERS ?= auto
PARALLEL := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# What is measured, such as BENCHMARK="--parts steps --cases S1,S3-gru --rounds 5".
BENCHMARK ?=
# What `make test-next` tries, such as NEXT="plotly==7.2.0 numba"; nothing: the newest of the four.
NEXT ?=
# How many damaged checkpoint files `make fuzz` tries.
MUTATIONS ?= 100000
LINKS ?= 3000

# What is compiled of a Python file is kept (`make clean` deletes it): without, each run compiles all tests anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help lock translations run cluster check test test-suite test-nojit test-bounds test-next reproduce claims lint fuzz golden benchmark benchmark-ui pictures notebook torch browser venv clean

help:
	@echo "make run           install, start the app on port $(PORT) (make run PORT=8502; for a class HOST=0.0.0.0)"
	@echo "make cluster       a Dask scheduler and two workers on this machine, which train the sweeps of apps that are told its address"
	@echo "make check         what one runs while working: lint, the small tests, one visit in a browser (a minute and a half)"
	@echo "make test          install, then all tests: test-suite, test-nojit and test-bounds beside it"
	@echo "make test-suite    every test, with compiled kernels"
	@echo "make test-nojit    the core's small tests without compilation (NUMBA_DISABLE_JIT=1)"
	@echo "make test-bounds   the core's small tests with bounds checks, freshly compiled (NUMBA_BOUNDSCHECK=1)"
	@echo "make test-next     what breaks with the newest NumPy, Numba, Streamlit and Plotly (a throw-away environment; minutes)"
	@echo "make reproduce     train published results anew, keep what was measured; fails where it is not what we expect (minutes)"
	@echo "make claims        train every experiment and match for as long as a learner may watch (about two hours on two cores)"
	@echo "make lint          ruff check, ruff format --check, mypy; where Node is, eslint and TypeScript"
	@echo "make fuzz          load $(MUTATIONS) damaged checkpoints, open $(LINKS) random links (MUTATIONS=1000 make fuzz)"
	@echo "make golden        compute the golden files of the tests anew, with PyTorch and Keras"
	@echo "make benchmark     a training step beside PyTorch, JAX, NumPy, and more (BENCHMARK=\"--parts cold\" make benchmark)"
	@echo "make benchmark-ui  time the page in a real browser, alone and with twenty and forty visitors (a quarter of an hour)"
	@echo "make pictures      photograph every page for README and docs"
	@echo "make notebook      run docs/notebook.ipynb anew and keep what its cells put out"
	@echo "make torch         install PyTorch and Keras, for the live comparison in the tests"
	@echo "make lock          renew constraints.txt: the newest of every package that the pinned ones allow"
	@echo "make translations  bring the catalogues of locales/ up to date with the strings of the pages"
	@echo "make clean         delete the environment, compiled kernels, and everything that tools left behind"

run: $(VENV)/run.stamp
	@exec $(PYTHON) -m ui.server.start $(PORT) $(HOST)

cluster: $(VENV)/cluster.stamp
	@exec $(PYTHON) -m ui.training.executor

check: lint browser
	@$(PYTEST) -q $(PARALLEL) -m small
	@$(PYTEST) -q tests/browser/test_lab_browser.py -k test_the_loss_falls_and_the_score_moves

# What is missing is said first. The two short runs take a part of the processors' time from the beginning, so that neither
# is left over when the long one ends; what they say comes after it, and stands in files meanwhile.
BESIDE = nice -n 10 $(MAKE) --no-print-directory PARALLEL="-p no:cacheprovider"

test: $(VENV)/test.stamp browser
	@said=$$(mktemp -d) && trap 'rm -rf "$$said"' EXIT && trap 'kill $$nojit $$bounds; exit 1' INT TERM && { \
	    $(BESIDE) test-nojit >"$$said/nojit" 2>&1 & nojit=$$!; $(BESIDE) test-bounds >"$$said/bounds" 2>&1 & bounds=$$!; \
	    $(MAKE) --no-print-directory test-suite; suite=$$?; wait $$nojit; nojit=$$?; wait $$bounds; bounds=$$?; \
	    cat "$$said/nojit" "$$said/bounds"; [ $$suite = 0 ] || echo "== The run of all tests, above, failed"; \
	    exit $$((suite + nojit + bounds)); }

test-suite: $(VENV)/test.stamp browser
	@echo "== All tests"
	@$(PYTEST) $(PARALLEL)

test-nojit: $(VENV)/test.stamp
	@echo "== The core's small tests, not compiled"
	@NUMBA_DISABLE_JIT=1 $(PYTEST) $(PARALLEL) -m small tests/rnn_core

# With a warm cache NUMBA_BOUNDSCHECK is silently ignored, hence the fresh one.
test-bounds: $(VENV)/test.stamp
	@echo "== The core's small tests, compiled with bounds checks"
	@cache=$$(mktemp -d) && trap 'rm -rf "$$cache"' EXIT && \
	    NUMBA_CACHE_DIR="$$cache" NUMBA_BOUNDSCHECK=1 $(PYTEST) $(PARALLEL) -m small tests/rnn_core

test-next: $(VENV)/test.stamp
	@WORKERS=$(WORKERS) $(PYTHON) .ci/next.py $(NEXT)

reproduce: $(VENV)/test.stamp
	@$(PYTEST) -q -o faulthandler_timeout=3600 -m reproduction

claims: $(VENV)/test.stamp
	@$(PYTEST) -q -o faulthandler_timeout=3600 -n $(WORKERS) --maxschedchunk 1 -m claims tests/ui/test_claims.py tests/ui/course tests/ui/lab/doctor

lint: $(VENV)/test.stamp
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m ruff format --check --quiet . || { $(PYTHON) -m ruff format --diff --quiet .; exit 1; }
	@.ci/javascript & other=$$!; \
	    $(PYTHON) -m mypy --no-error-summary; found=$$?; \
	    wait $$other && exit $$found  # each of the two leaves a core idle

fuzz: $(VENV)/test.stamp
	@CHECKPOINT_MUTATIONS=$(MUTATIONS) $(PYTEST) tests -k mutation
	@RNN_LAB_LINKS=$(LINKS) $(PYTEST) tests/ui/test_links.py

golden: torch
	@$(PYTHON) tests/make_golden.py
	@$(PYTHON) tests/make_keras_golden.py

benchmark: $(VENV)/benchmark.stamp torch
	@$(PYTHON) -m benchmarks.training --write $(BENCHMARK)

benchmark-ui: $(VENV)/benchmark.stamp $(VENV)/test.stamp browser
	@$(PYTHON) -m benchmarks.ui --write $(BENCHMARK)

pictures: $(VENV)/benchmark.stamp $(VENV)/test.stamp browser
	@$(PYTHON) -m benchmarks.screenshots

notebook: torch browser
	@$(PYTHON) -m benchmarks.notebook

torch: $(VENV)/torch.stamp

# _("{count} step", "{count} steps", count): three arguments, four to the extractor where a comma follows the last.
comma := ,
PLURALS := $(foreach name,_ translate,-k $(name) -k $(name):1$(comma)2$(comma)3t -k $(name):1$(comma)2$(comma)4t)

translations: $(VENV)/run.stamp
	@template=$$(mktemp) && trap 'rm -f "$$template"' EXIT && \
	    $(VENV)/bin/pybabel -q extract $(PLURALS) -k N_ -w 110 --add-location=file -o "$$template" app.py pages ui && \
	    $(VENV)/bin/pybabel -q update -N -w 110 --ignore-obsolete --ignore-pot-creation-date \
	        -i "$$template" -d locales -l zh_CN

lock: $(VENV)/test.stamp
	@$(VENV)/bin/uv pip compile --quiet --universal --upgrade --python-version 3.11 --no-header --no-annotate \
	    requirements-dev.txt requirements-benchmark.txt requirements-torch.txt -o constraints.txt

browser:
	@.ci/browser

# As rnn_core/kernels/cache.py has it.
KERNELS = $(or $(NUMBA_CACHE_DIR),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/rnn-lab)

clean:
	rm -rf $(VENV) node_modules .pytest_cache .ruff_cache .mypy_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -rf "$(KERNELS)"/kernels-*

# --- the environment: built when missing, brought up to date when the requirements change ---

# Its Python may be gone or upgraded; then what the stamps say is no longer so.
CHECKED := $(shell $(PYTHON) -c 'import pip' 2>/dev/null || rm -f $(VENV)/*.stamp)

install = echo "Installing $(1) into $(VENV): minutes, the first time"; \
    if [ -t 1 ]; then quiet=; else quiet=--quiet; fi; \
    $(PYTHON) -m pip install $$quiet --disable-pip-version-check -c constraints.txt -r $(1) && touch $@ || { \
        echo "$(1) is not installed. pip, above, says why: without a network, give it a mirror (PIP_INDEX_URL)." >&2; exit 1; }

$(VENV)/run.stamp: requirements.txt constraints.txt
	@$(PYTHON) -c 'import pip' 2>/dev/null || $(MAKE) --no-print-directory venv
	@$(call install,requirements.txt)

$(VENV)/test.stamp: requirements-dev.txt requirements-cluster.txt $(VENV)/run.stamp
	@$(call install,requirements-dev.txt)

$(VENV)/cluster.stamp: requirements-cluster.txt $(VENV)/run.stamp
	@$(call install,requirements-cluster.txt)

$(VENV)/torch.stamp: requirements-torch.txt $(VENV)/test.stamp
	@$(call install,requirements-torch.txt)

$(VENV)/benchmark.stamp: requirements-benchmark.txt $(VENV)/run.stamp
	@$(call install,requirements-benchmark.txt)

venv:
	@found=; for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	    if $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "Python 3.11 to 3.14 is needed; python3 here: $$(python3 --version 2>&1)." >&2; \
	    echo "Put one on the PATH, as python3 or python3.11 to python3.14." >&2; \
	    exit 1; \
	elif ! $$found -c 'import venv, ensurepip' 2>/dev/null; then \
	    echo "$$found cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
	    exit 1; \
	fi; \
	echo "Creating $(VENV) with $$($$found --version)"; \
	$$found -m venv --clear $(VENV)
