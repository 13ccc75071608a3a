# Two commands do everything: `make demo` runs a month, `make test` proves the whole; `make quick` is for between.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= demo
ORDER ?=
SCALE ?= 1
SEED ?= 1
FIGURES ?= build/campaign

.PHONY: demo test shuffled quick bench campaign clean

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

demo: $(VENV)/installed
	$(BIN)/ontzorgen demo --out $(DEMO)

test: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ORDER)

# The same in another order each time; the seed stands in the first lines and can be given again:
# `make test ORDER="-p randomly --randomly-dont-reset-seed --randomly-seed=1"`.
shuffled:
	$(MAKE) test ORDER="-p randomly --randomly-dont-reset-seed"

# Under a minute: everything that makes no books, and one whole month with the disasters on SQLite.
quick: $(VENV)/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadfile -q -m "not slow"

bench: $(VENV)/installed
	$(BIN)/python tests/bench/month.py

# An hour of killing, racing, altering and breaking; `make campaign SCALE=0.01` for a taste.
campaign: $(VENV)/installed
	$(BIN)/python tests/campaigns/run.py --scale $(SCALE) --seed $(SEED) --json $(FIGURES)

clean:
	rm -rf $(VENV) demo build *.egg-info
