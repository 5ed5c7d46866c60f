# Every target sets up what it needs: a virtual environment in .venv, made with $(PYTHON).
PYTHON ?= python3
BIN := .venv/bin

.PHONY: setup start test lint drift build bench bench-grading exhaustive e2e interop faults floors pyodide site a11y clean

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit("coursekit needs Python 3.11 or newer; try: make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/student: .venv/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

EXTRAS := .venv/test .venv/peers .venv/site .venv/browser
.venv/peers .venv/browser: .venv/test
$(EXTRAS): .venv/%: .venv/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[$*]'
	@touch $@ .venv/student

setup: .venv/test

start: .venv/student
	$(BIN)/coursekit start

test: export OPENBLAS_NUM_THREADS = 1
test: .venv/test
	$(BIN)/python -m pytest -n 2 --dist loadscope
	$(BIN)/python -m pytest -n 2 --dist loadscope --nbval --nbval-cell-timeout 120 solutions

lint: .venv/test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

drift: export OPENBLAS_NUM_THREADS = 1
drift: .venv/test
	$(BIN)/coursekit build --check

build: .venv/test
	$(BIN)/coursekit build

bench: .venv/peers
	$(BIN)/python -m benchmarks.ratios

.bench/%/done: benchmarks/%.txt .venv/python
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --constraint constraints.txt --requirement $< --editable .
	@touch $@

bench-grading: .venv/test .bench/nbgrader/done .bench/otter/done
	$(BIN)/python -m benchmarks.grading

faults: export FAULT_ROUNDS = 10
faults: .venv/test
	$(BIN)/python -m pytest -n 2 tests/test_faults.py

.venv/chromium: .venv/browser
	$(BIN)/python -m book.chromium
	@touch $@

.pyodide/done: .venv/browser
	$(BIN)/python tests/e2e/pyodide.py $(@D)
	@touch $@

e2e: .venv/chromium .pyodide/done
	$(BIN)/python -m pytest tests/e2e

interop: .venv/test .bench/nbgrader/done .bench/otter/done
	$(BIN)/python -m pytest tests/interop_tools.py

.other/floors/done: VERSIONS = 'numpy==2.0.*' 'matplotlib==3.9.*' 'pyparsing<3.3'
.other/pyodide/done: VERSIONS = 'numpy==2.4.6' 'matplotlib==3.10.8'
.other/%/done: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(@D)
	grep -vE '^(numpy|matplotlib|pyparsing)==' constraints.txt > $(@D)/constraints.txt
	$(@D)/bin/python -m pip install --quiet --constraint $(@D)/constraints.txt --editable '.[test]' $(VERSIONS)
	@touch $@

floors pyodide: export OPENBLAS_NUM_THREADS = 1
floors: .other/floors/done
pyodide: .other/pyodide/done
floors pyodide:
	.other/$@/bin/python -m pytest -n 2 --dist loadscope

exhaustive: .venv/test
	$(BIN)/python -m benchmarks.exhaustive

site: .venv/site
	$(BIN)/python -m book

a11y: .venv/chromium site
	$(BIN)/python -m book.accessibility

clean:
	rm -rf .venv .bench .other .pyodide build
