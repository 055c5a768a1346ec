# make demo            exports a real data set and says how to open it
# make demo H5AD=path  the same with a file of yours (DEMO_ARGS adds options of the export)
# make test            runs the tests (ARGS adds options of pytest)
# make test-big        the tests that need minutes or gigabytes, and the many variations of others
# make check           lint, types, all tests, the viewer's own among them
# make bench           measures beside the peers and writes docs/explanation/performance.md (BENCH_ARGS adds options)
# make pictures        draws the pictures of the page in the README and in the documentation anew
# make docs            builds the documentation into docs/_build/html
# PYTHON=python3.13 make …  chooses the interpreter

PYTHON ?= python3
BIN := .venv/bin
# Modules are compiled when they are first loaded: of most that is never. And once: where the environment forbids
# that, every program that a test starts would compile all that it loads.
unexport PYTHONDONTWRITEBYTECODE
PIP := $(BIN)/python -m pip install --quiet --no-compile
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
PACKAGE := .venv/.package-$(VERSION)
NPM := $(shell command -v npm)
VIEWER := $(if $(NPM),viewer/node_modules/.package-lock.json)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help pictures demo test test-big bench check lint viewer-check chromium servers docs clean

help:
	@sed -n 's/^# //p' Makefile

# The stamp carries the interpreter's version: another PYTHON makes the environment anew.
.venv/.made-$(VERSION):
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, $(PYTHON) is $(VERSION): say PYTHON=python3.12 make ...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv --clear .venv
	$(PIP) 'pip>=25.1'
	touch $@

$(PACKAGE): pyproject.toml .venv/.made-$(VERSION)
	$(PIP) --editable .
	touch $@

# By name, which is installed already and so is not built once more for each group.
.venv/.group-%: pyproject.toml $(PACKAGE)
	$(PIP) karospace-stream --group $*
	touch $@

viewer/node_modules/.package-lock.json: viewer/package.json viewer/package-lock.json
	cd viewer && npm ci --no-audit --no-fund
	touch $@

demo/pbmc68k_reduced.h5ad: examples/demo_data.py | .venv/.group-demo
	mkdir -p demo
	$(BIN)/python examples/demo_data.py $@

ifdef H5AD
demo: $(PACKAGE)
	$(BIN)/karospace-stream export '$(H5AD)' demo/bundle --overwrite $(DEMO_ARGS)
else
demo: demo/pbmc68k_reduced.h5ad
	$(BIN)/karospace-stream export $< demo/bundle --coords obsm:X_umap --genes all --anno all --overwrite $(DEMO_ARGS)
endif
	@echo
	@echo 'Open it:   $(BIN)/karospace-stream serve demo/bundle'
	@echo 'or open    $(CURDIR)/demo/bundle/index.html    in a browser and pick the folder $(CURDIR)/demo/bundle'

chromium:
	@.ci/chromium

# What plays Azure in the tests comes by npm, once for all clones; the other stores come by pip.
servers: .venv/.group-test
	@$(BIN)/python -m tests.stores.azurite

# Three, since tests wait for programs that they start: two leave a tenth of two cores idle.
test: .venv/.group-test $(VIEWER) chromium servers
	$(BIN)/python -m pytest -n 3 --dist worksteal -rs $(ARGS)

pictures: demo .venv/.group-test chromium
	$(BIN)/python -m tests.browser.pictures demo/bundle docs/images

test-big: .venv/.group-test
	$(BIN)/python -m pytest -m big $(ARGS)

bench: .venv/.group-bench
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

lint: .venv/.group-lint
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# What the tests do to the viewer's sources, by itself.
viewer-check: $(VIEWER)
	$(if $(NPM),cd viewer && npm run check,@echo 'no npm here: the checks of the viewer are left out')

check: lint test

docs: .venv/.group-docs
	$(BIN)/sphinx-build -W --keep-going -b html docs docs/_build/html

clean:
	rm -rf .venv demo build dist docs/_build docs/reference/generated viewer/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
