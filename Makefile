# Two commands: `make demo` talks to a shop, `make test` checks everything. Both need Python 3.11+, pip and make.
PYTHON ?= python3
PORT ?= 7860
VENV := .venv
BIN := $(VENV)/bin
DEMO := .demo

.PHONY: demo test lint format bench clean

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Aisle needs Python 3.11 or newer, this is {sys.version.split()[0]}: call make with PYTHON=python3.11 (or newer)")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@touch $@

# The demo shop is imported and built by the same commands that any shop uses.
$(DEMO)/.built: $(VENV)/.installed $(wildcard examples/demo_shop/*.py examples/demo_shop/*.toml)
	rm -rf $(DEMO)
	$(BIN)/python examples/demo_shop/generate.py $(DEMO)/files
	$(BIN)/aisle import $(DEMO)/shop --products $(DEMO)/files/products.csv --reviews $(DEMO)/files/reviews.csv \
		--events $(DEMO)/files/events.csv --documents $(DEMO)/files/documents
	$(BIN)/aisle build $(DEMO)/shop
	@touch $@

demo: $(DEMO)/.built
	$(BIN)/aisle serve $(DEMO)/shop --port $(PORT) --title "Aisle demo" --demo

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench
	for name in startup turn search cf reviews conversation; do \
		echo "== $$name"; $(BIN)/python -m benchmarks.$$name || exit 1; \
	done

clean:
	rm -rf $(VENV) $(DEMO)
