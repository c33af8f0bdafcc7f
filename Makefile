# Two commands: `make demo` talks to a shop, `make test` checks everything. Both need Python 3.11+, pip and make.
PYTHON ?= python3
PORT ?= 7860
VENV := .venv
BIN := $(VENV)/bin
DEMO := .demo
# Python keeps what it compiled, else every process of the tests would compile all that it imports. All that is
# installed would take a minute or two, and most of it is never imported.
export PYTHONDONTWRITEBYTECODE =
INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --no-compile

.PHONY: demo install install-locked lock audit test lint format bench clean

define venv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Aisle needs Python 3.11 or newer, this is {sys.version.split()[0]}: call make with PYTHON=python3.11 (or newer)")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing what Aisle needs into $(VENV): about 2.5 GB, some minutes"
endef

$(VENV)/.installed: pyproject.toml constraints.txt
	$(venv)
	$(INSTALL) -c constraints.txt -e .
	@touch $@

# With what Aisle itself needs, in one go.
$(VENV)/.dev: pyproject.toml constraints.txt
	$(venv)
	$(INSTALL) -c constraints.txt -e '.[dev]'
	@touch $(VENV)/.installed $@

$(VENV)/.bench: $(VENV)/.dev
	$(INSTALL) -c constraints.txt -e '.[bench]'
	@touch $@

# Made by the same commands that any shop uses; benchmarks use the same shop.
$(DEMO)/shop/.built: $(VENV)/.installed benchmarks/demo.py $(wildcard examples/demo_shop/*.py examples/demo_shop/*.toml)
	$(BIN)/python -m benchmarks.demo
	@touch $@

install: $(VENV)/.installed

# The same versions with every file checked against its SHA-256. Torch stands apart: one version of it has
# other files for each kind of machine (CPU, CUDA), so it is held by its version alone.
install-locked:
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(INSTALL) --require-hashes --no-deps -r requirements.lock
	$(INSTALL) -c constraints.txt -e '.[dev]'
	@touch $(VENV)/.installed $(VENV)/.dev

# After a change of constraints.txt.
lock: $(VENV)/.installed
	$(INSTALL) uv
	$(BIN)/uv pip compile constraints.txt --no-deps --generate-hashes --no-emit-package torch \
		--no-header --no-annotate --quiet --output-file requirements.lock >/dev/null

audit: $(VENV)/.dev
	.ci/audit $(BIN)/python

# After an update of the code, what the shop was built with may have changed: only that is built anew.
demo: $(DEMO)/shop/.built
	$(BIN)/aisle build $(DEMO)/shop
	$(BIN)/aisle serve $(DEMO)/shop --port $(PORT) --demo

# One thread for each of the two workers; files in the order of tests/conftest.py, not the one of most tests first.
test: $(VENV)/.dev
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench
	for name in startup turn search "cf --dataset beauty" reviews conversation; do \
		echo "== $$name"; $(BIN)/python -m benchmarks.$$name || exit 1; \
	done

clean:
	rm -rf $(VENV) $(DEMO) .audit
