# Every target does the set-up that it needs; `make demo` and `make test` are all a newcomer needs.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
WORKERS ?= 2
SCALE ?= 1k
BENCH ?=
CASES ?= 20000
SPARQL_HARNESS ?= ../shared/conformance
SHACL_SUITE ?= ../shared/conformance/suites/shacl-tests/tests

# The tests start the service some hundred times: what Python has compiled is kept.
unexport PYTHONDONTWRITEBYTECODE

#: Bundled from packages of npm; without it the pages are complete, their editor a plain text area.
BUNDLE := service/govgraph/pages/built/editor.js

.PHONY: assets demo test agreement check conformance conformance-csvw conformance-shacl conformance-sparql setup lock \
  clean format bench bench-query bench-build bench-catalogue bench-serving bench-pages screenshots

demo: setup ## build the shipped data and serve it
	@$(BIN)/govgraph demo --home .work/demo --port $(PORT)

test: setup ## every test that needs no paid or remote service
	.ci/virtuoso
	$(BIN)/pytest -n $(WORKERS)

agreement: setup ## both engines on random queries, anew each time: CASES=20000, SEED=…
	$(BIN)/python tests/columnar/agreement.py $(CASES) $(SEED)

check: setup ## format, lint, types, import floors
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

conformance: conformance-csvw conformance-shacl conformance-sparql ## the official suites; they need ../shared

conformance-csvw: setup ## the W3C's tests of CSV on the Web
	$(BIN)/python tests/conformance/csvw_suite.py ../shared/conformance/suites/csvw-tests/tests

conformance-shacl: setup ## W3C's SHACL test suite, from SHACL_SUITE
	@$(BIN)/python tests/validation/conformance.py $(SHACL_SUITE)

conformance-sparql: setup ## W3C's SPARQL tests over HTTP, on an endpoint of its own
	@$(BIN)/python tests/conformance/sparql_suite.py $(SPARQL_HARNESS)

setup: $(STAMP) ## the environment, and the assets if npm is here
	@if ! command -v npm >/dev/null; then echo "No npm here: the query editor is a plain text area."; \
	elif ! $(MAKE) --silent --no-print-directory assets; then echo "npm failed: the query editor is a plain text area."; fi

assets: $(BUNDLE) ## scripts that are made of npm's packages, pinned in web/package-lock.json

$(BUNDLE): web/package.json web/package-lock.json $(wildcard web/editor/*.js)
	npm ci --prefix web --ignore-scripts --no-audit --no-fund --loglevel=error
	npm run --prefix web --silent build

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

bench: ## all benches, each even if answers in another disagree: SCALE=1k
	@$(MAKE) -j1 --keep-going --no-print-directory bench-query bench-build bench-catalogue bench-serving bench-pages

bench-query: setup ## thirteen queries beside other engines: SCALE=1k or 20k, BENCH=options (docs/bench.md)
	$(BIN)/python -m bench --scale $(SCALE) $(BENCH)

bench-build: setup ## builds and their parts beside other tools: SCALE=1k or 100,10k, BENCH=options (docs/bench-build.md)
	$(BIN)/python -m bench.building --scale $(SCALE) $(BENCH)

bench-catalogue: setup ## the named queries on the shipped data, beside Oxigraph, with evidence, over HTTP
	$(BIN)/python -m bench.catalogue $(BENCH)

bench-serving: setup ## latency and requests a second beside `oxigraph serve` on the same store
	$(BIN)/python -m bench.serving $(BENCH)

bench-pages: setup ## every page in zh and en, in process and over HTTP; BENCH="--home …" for a nation (docs/bench-pages.md)
	$(BIN)/python -m bench.pages $(BENCH)

screenshots: setup ## docs/pictures, the gallery that the READMEs show; it needs Chromium
	$(BIN)/python docs/make_pictures.py

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## refresh the pinned versions
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header --upgrade -o requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) web/node_modules service/govgraph/pages/built .work dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
