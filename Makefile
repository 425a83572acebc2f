PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
GMPHUB := .venv/bin/gmphub
ARGS ?=

.PHONY: help setup demo test test-deep lint format pins

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: ## make .venv with everything pinned (the other commands do it themselves)
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed and no python3 was found: install it, or set PYTHON=/path/to/python3.11" >&2; exit 3; fi
	@"$(PYTHON)" bootstrap.py

demo: setup ## match realistic demand to realistic facilities; ONCE=1 stops after printing, ARGS="…" passes options on
	@$(GMPHUB) demo $(if $(ONCE),--once) $(ARGS)

test: setup lint ## types, style, import contracts and every test (about a quarter of an hour on 2 cores)
	@.venv/bin/pytest -q -n 2 --dist loadgroup -m "not deep" $(ARGS)

test-deep: setup ## the full counts, in named parts that resume where they stopped; PART=name runs one
	@.venv/bin/python -m tests.deep $(PART)

lint: setup ## ruff, mypy (strict) and the import contracts
	@.venv/bin/ruff check -q . && .venv/bin/ruff format -q --check . && .venv/bin/mypy --no-error-summary && { found=$$(.venv/bin/lint-imports --no-cache) || { echo "$$found"; exit 1; }; }

format: setup ## lay the code out
	@.venv/bin/ruff check -q --fix . && .venv/bin/ruff format -q .

pins: setup ## remake constraints.txt from pyproject.toml (needs uv on the PATH)
	@uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra dev pyproject.toml -q -o constraints.txt && sed -i '1i # Every package, exact and with its hashes; made from pyproject.toml by: make pins' constraints.txt
