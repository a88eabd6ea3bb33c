# Everything a user or a developer does. Each target makes .venv when it is missing or out of date.
# PYTHON: the interpreter to build .venv with (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo test test-neural check fix gate golden bench train train-tiny clean

help:
	@echo "make demo    用样本页做一期简报 brief the sample page into $(OUT)/<date>/"
	@echo "make test    运行全部测试 run all tests              make test-neural  需要 torch 的测试 those that need torch"
	@echo "make check   格式、类型检查 formatting, lint, types     make fix  自动修正 mend them"
	@echo "make gate    质量下限 quality floors (needs the data)    make bench  速度与内存 speed and memory"
	@echo "make golden  重写基准输出 rewrite the golden files       make clean  删除生成物 remove what was made"

# What a user needs, and what a developer needs on top of it. The stamps are older than pyproject.toml
# exactly when something has to be installed again.
$(VENV)/.user: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "需要 Python 3.11 或更新版本，当前：$$($(PYTHON) -V)。请用 make PYTHON=python3.12 … / Python 3.11+ is needed"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || \
	  { echo "无法建立虚拟环境：Debian/Ubuntu 请先 apt install python3-venv / cannot make a virtual environment"; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[pdf,docx,pdf-out,sources,schedule]'
	@touch $@

$(VENV)/.dev: $(VENV)/.user
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[pdf,docx,pdf-out,sources,schedule,ocr,dev]'
	@touch $@

$(VENV)/.all: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[pdf,docx,pdf-out,sources,schedule,ocr,dev,train,bench]'
	@touch $@

# Exit code 3: a library for one of the formats is missing, told on the way; the others are there.
demo: $(VENV)/.user
	$(BIN)/briefing make samples/liaocheng-daily-page.txt --outlet 聊城日报 --out $(OUT) --format md,html,pdf,docx,json || [ $$? -eq 3 ]

# Larger models of every family (tests/unit/models) and the neural training chain: these need torch.
$(VENV)/.neural: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[pdf,docx,dev,neural,server,fetch]'
	@touch $@

test-neural: $(VENV)/.neural
	$(BIN)/python -m pytest tests/unit/models tests/unit/summarise tests/unit/training

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n $(WORKERS)

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# BRIEFING_DATA names the folder with the measuring data (docs/quality.md); without it the parts that
# need it are listed as not measured and the target fails.
gate: $(VENV)/.all
	$(BIN)/python tests/quality/gate.py

bench: $(VENV)/.all
	$(BIN)/python tests/bench/bench.py

golden: $(VENV)/.dev
	-$(BIN)/python -m pytest tests/golden --golden-update -q
	$(BIN)/python -m pytest tests/golden -q

# The neural training chain, corpus to export, on made data in under three minutes.
train-tiny: $(VENV)/.neural
	$(BIN)/python models/training/neural/run_tiny.py

clean:
	rm -rf $(VENV) $(OUT) build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis *.egg-info
