# Everything a fresh machine needs is Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest
# uv takes a third of pip's time; pip does what uv cannot, such as asking a mirror that only pip knows.
# What is imported is compiled then: compiling all that is installed takes half a minute
INSTALL := install() { $(BIN)/uv pip install --quiet --python $(BIN)/python "$$@" || $(PIP) install "$$@"; }; install
# more than two cores, since some of the time is waiting; few, since each imports all tests and makes what it shares
WORKERS := -n 4 --dist loadfile --no-loadscope-reorder
# tests that hold up the others, at the end of the log
SLOWEST := --durations 20 --durations-min 10
PAPER ?= A4
# of a proof: another one each day
SEED ?= $(shell date -u +%Y%m%d)

# make test ROOM=…: a folder of tests, or a file at its top
ROOMS := $(sort $(patsubst tests/%/,%,$(dir $(wildcard tests/*/test_*.py tests/*/*/test_*.py))) \
	$(patsubst tests/test_%.py,%,$(wildcard tests/test_*.py)))
ifneq ($(ROOM),$(filter $(ROOM),$(ROOMS)))
$(error no tests of '$(ROOM)'; rooms are: $(ROOMS))
endif

# or every worker and every command that a test starts would compile the product again
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo print pictures test prove lint picture figures reference messages forgeries profiles house bench lock clean

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

demo: $(VENV)/.run ## install, then run the whole main job against the embedded sandbox
	$(BIN)/sunlit build --demo

print: $(VENV)/.dev ## print the demo's pages to PDF with Chromium, into .sunlit/print/; PAPER=Letter
	test -f output/index.html || $(BIN)/sunlit build --demo
	$(BIN)/python -m tools.paper output .sunlit/print/$(PAPER) $(PAPER)

pictures: $(VENV)/.dev ## take the pictures of the README from the demo with Chromium, into docs/pictures/
	test -f output/index.html || $(BIN)/sunlit build --demo
	$(BIN)/python -m tools.screenshots output docs/pictures

test: $(VENV)/.dev ## run every test; ROOM=angor runs those of one folder or file of tests/
	$(PYTEST) $(if $(ROOM),$(or $(wildcard tests/$(ROOM)),tests/test_$(ROOM).py),$(WORKERS) $(SLOWEST))

prove: $(VENV)/.dev ## run every case of the long proofs; a second call goes on where the first one was interrupted
	$(PYTEST) $(WORKERS) -m proof --prove $(SEED)

lint: $(VENV)/.dev ## formatting, style, types, architecture, workflow
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	.ci/workflows

picture: $(VENV)/.dev ## draw docs/architecture.svg from the imports of the code
	$(BIN)/python -m tools.picture

figures: $(VENV)/.dev ## write docs/figures.md from the definitions of figures
	$(BIN)/python -m tools.figures

reference: $(VENV)/.dev ## write docs/configuration.md from the models of config.yaml, and what templates get into docs/themes.md
	$(BIN)/python -m tools.reference
	$(BIN)/python -m tools.commands
	$(BIN)/python -m tests.support.view_model

messages: $(VENV)/.dev ## gather the messages of code and templates into the catalogues of generator/languages
	$(BIN)/python -m tools.messages

forgeries: $(VENV)/.dev ## forge all that a site says and write what finds it out into docs/forgeries.md
	$(BIN)/python -m tests.verify.forgery_table

profiles: $(VENV)/.dev ## write what becomes of a run over each public kind of indexer into docs/indexers.md
	$(BIN)/python -m tests.support.indexer_profiles

house: $(VENV)/.dev ## print how long modules and functions are, and which names mean two things
	$(BIN)/python -m tools.house

bench: $(VENV)/.dev ## measure against peers and floors, as ratios within one run
	$(BIN)/python -m benchmarks $(BENCH)

lock: ## renew the lock files
	$(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --extra sandbox --extra serve --group build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --extra sandbox --extra serve --extra dask --group build --group dev -c requirements.lock pyproject.toml \
		-o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --fork-strategy fewest --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --group kernel -o requirements-kernel.lock
	cd tests/node && npm install --package-lock-only --no-audit --no-fund --silent && node strip-lock.mjs

clean: ## remove everything that was made here, but never the snapshot log
	rm -rf $(VENV) .sunlit .output.next .output.prev build dist *.egg-info .mypy_cache .ruff_cache \
		.pytest_cache .hypothesis .import_linter_cache tests/node/node_modules
	find output -mindepth 1 ! -name .gitkeep -delete

$(VENV)/.run: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.lock > $(VENV)/uv.lock
	-$(PIP) install --require-hashes -r $(VENV)/uv.lock
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	$(INSTALL) --no-deps --require-hashes -r requirements-dev.lock # whole by itself, without what pyproject.toml overrides
	-$(INSTALL) --require-hashes -r requirements-kernel.lock # not every platform has a wheel
	touch $@
