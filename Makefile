# Needs only make and a Python from 3.10 to 3.13; everything else goes into .venv.
#   make demo      compile the example project and run it
#   make quick     run the tests for each save, in under a minute
#   make test      run all tests
#   make fuzz      run the property tests with new seeds; EXAMPLES=3000 sets the number of examples
#   make pythons   run the demo, the golden stores and all commands on the other supported Pythons
#   make check     run pre-commit hooks, type checkers and the architecture contracts
#   make bench     measure the performance targets
#   make new-rule CODE=CN123 NAME=some-pattern
#                  write the class, page and cases of a new rule

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

SUPPORTED := import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python3.10 python; do \
	if "$$python" -c "$(SUPPORTED)" >/dev/null 2>&1; then echo "$$python"; break; fi; done)

VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help demo quick test fuzz pythons check bench new-rule clean

help:
	@sed -n 's/^#   //p' Makefile

demo: $(VENV)/example.installed
	$(BIN)/python -m cngen build
	$(BIN)/python -m example_project.train model=mlp data=breast_cancer

quick: $(VENV)/dev.installed
	$(BIN)/python -m pytest -n 2 -q -m "not (slow or hydra or engine or hypothesis)"

test: $(VENV)/dev.installed
	$(BIN)/python -m pytest -n 2

# What fails is kept in .hypothesis and is tried first by the next `make fuzz`.
EXAMPLES ?= 3000
fuzz: $(VENV)/dev.installed
	CNGEN_FUZZ=1 CNGEN_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -n 2 -m hypothesis

# Each Python but the one of `make test`, in an environment of its own that has only what the example needs.
# (PYENV_VERSION is for pyenv, whose `python3.10` is there for all projects and runs for none.)
MAIN = $(shell "$(PYTHON)" -c "import sys; print('%d.%d' % sys.version_info[:2])")
OTHERS = $(filter-out $(MAIN),3.10 3.11 3.12 3.13)
BESIDE = $(VENV)/python

pythons: $(OTHERS:%=python-%)

python-%:
	@if PYENV_VERSION=$* python$* -c "$(SUPPORTED)" >/dev/null 2>&1; \
	then $(MAKE) --no-print-directory demo-and-smoke-$*; \
	else echo "python$* isn't on the PATH: skipped"; fi

demo-and-smoke-%: $(BESIDE)%.installed
	$(BESIDE)$*/bin/python -m cngen build --exit-non-zero-on-change
	$(BESIDE)$*/bin/python -m example_project.train model=mlp data=breast_cancer hydra.run.dir=$(BESIDE)$*/demo
	$(BESIDE)$*/bin/python -m pytest -q -p no:cacheprovider tests/whole/test_pythons.py

.PRECIOUS: $(BESIDE)%.installed
$(BESIDE)%.installed: pyproject.toml
	@mkdir -p $(VENV)
	PYENV_VERSION=$* python$* -m venv $(BESIDE)$*
	$(BESIDE)$*/bin/python -m pip install --quiet --disable-pip-version-check --no-cache-dir --editable '.[example]' pytest
	@touch $@

check: $(VENV)/dev.installed
	PRE_COMMIT_HOME=$(VENV)/pre-commit $(BIN)/pre-commit run --all-files
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python
	PYTHONPATH=. $(BIN)/lint-imports

bench: $(VENV)/dev.installed
	$(BIN)/python benchmarks/bench.py

new-rule: $(VENV)/dev.installed
	@$(BIN)/python tools/new_rule.py $(CODE) $(NAME)

clean:
	rm -rf $(VENV) dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# The stamps make an install happen again exactly when pyproject.toml changes. `dev` contains
# `example`, so an environment made for the tests runs the demo too.
$(VENV)/dev.installed: pyproject.toml | $(BIN)/python
	$(PIP_INSTALL) --editable '.[dev]'
	@touch $@ $(VENV)/example.installed

$(VENV)/example.installed: pyproject.toml | $(BIN)/python
	$(PIP_INSTALL) --editable '.[example]'
	@touch $@

$(BIN)/python:
	@test -n "$(PYTHON)" || { \
		echo "no Python from 3.10 to 3.13 (with venv and pip) found; run: make PYTHON=/path/to/python" >&2; \
		exit 1; }
	@"$(PYTHON)" -c "$(SUPPORTED)" || { \
		echo "$(PYTHON) is not a Python from 3.10 to 3.13 with venv and pip" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
