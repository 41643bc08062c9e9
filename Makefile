# Everything that a developer or a first-time user runs. `make help` lists it.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
CODE := rag indexers rerankers api eval tests packaging
EVAL_DATA := $(or $(TRIDENT_EVAL_DATA),../shared/data)
BROWSER = $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
APT := DEBIAN_FRONTEND=noninteractive timeout 300 apt-get -qq
THREE_FILES = --corpus $(1)/corpus.jsonl --queries $(1)/queries.jsonl --qrels $(1)/qrels.tsv
QUALITY := --rows quick --unit chunk,document --tensor-storage float,bit --candidates 100

.DEFAULT_GOAL := help
.PHONY: help install browser demo test check format bench quality clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(INSTALLED) ## make .venv with everything in it

$(INSTALLED): pyproject.toml requirements.txt constraints.txt $(wildcard packaging/*/*)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --requirement requirements.txt
	touch $@

browser: ## install Chromium where that is possible: without it the tests of the page are skipped
	@test -n "$(BROWSER)" \
		|| { [ "$$(id -u)" = 0 ] && { $(APT) update && $(APT) install -y chromium; } >/dev/null 2>&1; } \
		|| echo "No Chromium could be installed: the tests of the page will be skipped."

demo: install ## index the Python language reference and ask it three questions
	$(BIN)/trident demo --folder .demo

test: install browser ## run all tests
	$(BIN)/pytest --numprocesses 2 --dist loadgroup

check: install browser ## formatting, lint, types, layers, tests with their coverage
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --numprocesses 2 --dist loadgroup --cov

format: install ## format and mend what ruff can
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

bench: install ## every benchmark, as JSON in .bench/
	mkdir -p .bench
	$(BIN)/trident bench maxsim --json > .bench/maxsim.json
	$(BIN)/trident bench encode --json > .bench/encode.json
	$(BIN)/trident bench index --json > .bench/index.json
	$(BIN)/trident bench rerank --json > .bench/rerank.json
	$(BIN)/trident bench search --json > .bench/search.json
	$(BIN)/trident bench serve --json > .bench/serve.json
	$(BIN)/trident bench serve --chaos --json > .bench/chaos.json
	$(if $(wildcard $(EVAL_DATA)),$(MAKE) quality)

quality: install ## how well it finds and checks, on the sets in EVAL_DATA; goes on where it was
	mkdir -p .bench
	$(BIN)/trident eval mldr --lang en --data $(EVAL_DATA)/mldr-layout-squad --out .bench/mldr $(QUALITY) \
		--score-subset unseen=$(EVAL_DATA)/squad-train-pairs/meta.json
	$(BIN)/trident eval retrieval $(call THREE_FILES,$(EVAL_DATA)/covidqa-long-en) --out .bench/covidqa $(QUALITY)
	$(BIN)/trident eval retrieval $(call THREE_FILES,$(EVAL_DATA)/xquad-long-multi) --out .bench/xquad $(QUALITY)
	$(BIN)/trident eval grounding --data $(EVAL_DATA)/grounding-begin/binary.jsonl --json > .bench/grounding.json

clean: ## remove what the other targets made
	rm -rf $(VENV) .demo .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
