# For developers; `python3 run.py setup` and `python3 run.py test` need no make.
PY = .venv/bin/python
BIN = .venv/bin

.PHONY: check fix bench lock docs dev

dev:            ## the developers' environment
	$(PY) -c "import pytest" 2>/dev/null || python3 run.py test --version

check: dev      ## lint, types, architecture, migrations, translations, generated docs; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(PY) manage.py check
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py texts --check
	$(PY) manage.py lifecycle --check

fix: dev        ## what tools can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(PY) manage.py texts
	$(PY) manage.py lifecycle

bench: dev      ## speed against peers, as ratios in one run
	$(PY) -m bench

lock:           ## the dependency locks (needs uv)
	uv pip compile $(LOCK) pyproject.toml -o requirements/base.txt
	uv pip compile $(LOCK) pyproject.toml --extra prod -c requirements/base.txt -o requirements/prod.txt
	uv pip compile $(LOCK) pyproject.toml --group dev -c requirements/base.txt -o requirements/dev.txt

LOCK = -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate

docs: dev       ## generated pages and the pictures
	$(PY) manage.py lifecycle
	$(PY) -m docs.draw
