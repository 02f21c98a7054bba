# On a bare machine with Python 3.11 or newer: `make brief` and `make test` need nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out
DATA ?= ../shared/data
export PYTHONHASHSEED := 0

.PHONY: install brief test lint types contracts check evaluate hostile train manifest lock audit sbom clean screenshots bench-desk soak-desk changes-check bench fuzz

install: $(VENV)/.installed

# Every package is pinned with its hashes; the project itself is installed without asking an index for anything.
$(VENV)/.installed: constraints.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.11") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r constraints.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# `make brief` reads the sample company; `make brief URL=https://www.example.com/` a real one.
brief: install
ifdef URL
	$(BIN)/dossier brief "$(URL)" $(if $(OUT:out=),--out "$(OUT)")
else
	$(BIN)/dossier demo --home $(OUT)/home --out $(OUT)/sample
	@echo "The brief is $(CURDIR)/$(OUT)/sample/brief.html"
	@echo "Check it: $(BIN)/dossier verify $(OUT)/sample/brief.json --home $(OUT)/home"
endif

test: install
	$(BIN)/python -m pytest

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

contracts: install
	$(BIN)/lint-imports

check: lint types contracts test

.PHONY: screenshots bench-desk soak-desk
# Pictures of the desk for the documentation, of made-up companies; needs a Chromium on the PATH.
screenshots: install
	$(BIN)/python -m tests.desk.screenshots docs/screenshots

# Milliseconds and size of every page of the desk: `make bench-desk STORE=folder`.
bench-desk: install
	$(BIN)/python -m pipelines.desk.bench "$(STORE)"

# The gate: fails where a figure is below its floor in corpora/floors.json.
evaluate: install
	$(BIN)/dossier evaluate --data $(DATA)

# What hostile input costs, row by row; `make hostile ROWS="ssrf bombs"` measures only those.
hostile: install
	DOSSIER_SHARED_DATA=$(abspath $(DATA)) $(BIN)/python -m benchmarks.hostile $(ROWS)
# Three dated snapshots of a captured site with planted changes: fails where `dossier changes` misses one.
changes-check: install
	$(BIN)/python -m benchmarks.snapshots --data $(DATA)/warc/rapid7_2019.warc.gz

train: install
	$(BIN)/dossier train signals --data $(DATA)/gold
	$(BIN)/dossier train holders --data $(DATA)/gold
	$(BIN)/dossier train relations --data $(DATA)/gold
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r constraints-train.txt
	$(BIN)/dossier train readers --data $(DATA)/gold
	$(BIN)/python -m pipelines.train_maintext $(DATA)/maintext corpora/weights/maintext.json
	$(BIN)/python -m pipelines.train_pages $(DATA)/companypages corpora/weights

# Measures us beside the naive pipeline and the peers, which have an environment of their own: `make bench ROWS=first,start`.
bench: install $(VENV)-bench/.installed
	$(BIN)/python -m benchmarks --data $(DATA) --rows "$(ROWS)" $(if $(FULL),--full)

$(VENV)-bench/.installed: constraints-bench.txt
	test -x $(VENV)-bench/bin/python || $(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/python -m pip install --quiet --require-hashes --no-deps -r constraints-bench.txt
	touch $@

# Writes constraints*.txt anew; the only target that chooses versions.
lock:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet uv
	$(VENV)-lock/bin/uv pip compile pyproject.toml --extra dev --generate-hashes --universal --python-version 3.11 \
	  --no-header --no-annotate --upgrade --output-file constraints.txt
	$(VENV)-lock/bin/uv pip compile pyproject.toml --extra train --generate-hashes --universal --python-version 3.11 \
	  --no-header --no-annotate --constraint constraints.txt --output-file constraints-train.txt
	$(VENV)-lock/bin/uv pip compile pyproject.toml --extra bench --generate-hashes --universal --python-version 3.11 \
	  --no-header --no-annotate --constraint constraints.txt --output-file constraints-bench.txt
	rm -rf $(VENV)-lock

# Tries each entry of strangers' bytes (readers, headers, addresses, robots.txt, feeds, own files, answers, exports) with
# far more inputs than the tests do: `make fuzz EXAMPLES=100000`.
fuzz: install
	DOSSIER_FUZZ_EXAMPLES=$(or $(EXAMPLES),5000) $(BIN)/python -m pytest -q tests/hostile tests/unit/draft -m hypothesis
	DOSSIER_FUZZ_EXAMPLES=$(or $(EXAMPLES),1000) $(BIN)/python -m pytest -q tests/hostile/test_hostile_registers.py

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

# Our own code, then the pinned packages by a service of known vulnerabilities; `make audit SERVICE=osv` asks another one.
# Where the service cannot be asked, the target says so and fails: nobody looked, which is not the same as nothing found.
SERVICE ?= pypi
audit: install
	$(BIN)/bandit -q -c pyproject.toml -r research pipelines benchmarks
	$(BIN)/python -m benchmarks.audit --service $(SERVICE) constraints.txt constraints-train.txt constraints-bench.txt

# A bill of materials (CycloneDX) of what `make install` installs.
sbom: install
	mkdir -p $(OUT)
	$(BIN)/cyclonedx-py requirements constraints.txt --pyproject pyproject.toml --output-reproducible --of JSON -o $(OUT)/sbom.json
	@echo "The bill of materials is $(CURDIR)/$(OUT)/sbom.json"

# Writes the hashes of corpora/manifest.toml anew.
manifest: install
	$(BIN)/python -m pipelines.manifest

# Four analysts and a refresh on one desk for five minutes; `make test` has them for some seconds.
soak-desk: install
	DOSSIER_SOAK_SECONDS=300 $(BIN)/python -m pytest -q tests/desk/test_review_storm.py
