# make run    建环境、装库、在演示城市上启动看板
# make test   建环境、装库、装测试用的系统程序，检查并跑测试
# 其余见 make help。不用 make 的写法（Windows）见 README.md。

SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check
PORT ?= 8501
PROJECT ?= .
TRIAL_SCALE ?= full
# Full trials measure, and run one after the other.
PARALLEL := -n auto --dist loadgroup --no-loadscope-reorder
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)

.PHONY: help run test check programs trials bench demo-data format clean
.DEFAULT_GOAL := help

help:
	@echo "make run         启动看板（PORT=8501  PROJECT=项目文件夹，如 examples/nanjiang_2023）"
	@echo "make test        代码检查、类型检查、测试（含真实浏览器）"
	@echo "make trials      完整规模的试验；TRIAL_SCALE=reduced 为缩小规模，15 分钟以内"
	@echo "make bench       引擎规模试验（参数写在 ARGS，如 ARGS='--rows 100000'）"
	@echo "make demo-data   重新生成演示城市的数据"
	@echo "make format      按统一格式整理代码"
	@echo "make clean       删除虚拟环境和缓存"

run: $(VENV)/.run
	@$(PY) -m scoring demo --project "$(PROJECT)"
	@echo "看板地址：http://localhost:$(PORT)    停止：Ctrl+C"
	@SCORING_PROJECT="$(PROJECT)" $(PY) -m streamlit run app.py --server.port $(PORT)

# Compiled modules are kept: without them every worker and every server of the tests compiles all of them anew.
test: programs check
	PYTHONDONTWRITEBYTECODE= $(PY) -m pytest $(PARALLEL)

check: $(VENV)/.dev
	$(PY) -m ruff check .
	$(PY) -m mypy

trials: programs $(VENV)/.dev
	TRIAL_SCALE=$(TRIAL_SCALE) $(PY) -m pytest -m trial $(if $(filter reduced,$(TRIAL_SCALE)),$(PARALLEL)) || { \
		code=$$?; test $$code -eq 5 && echo "还没有标记为 trial 的试验。" || exit $$code; }

bench: $(VENV)/.dev
	$(PY) -m benchmarks.engine_scale $(ARGS)

demo-data: $(VENV)/.run
	$(PY) data/sample/generate.py

format: $(VENV)/.dev
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

programs:
	@sh tests/browser/programs.sh

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are older than the lists only when something has to be installed.

$(PY):
	@test -n "$(PYTHON)" || { \
		echo "没有找到 Python 3.11 或更高版本。请先安装，或写明位置：make run PYTHON=/路径/python3"; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) 的版本低于 3.11（或不能运行）。"; exit 1; }
	@echo "正在建立虚拟环境 $(VENV)…"
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); \
		echo "虚拟环境建立失败。Debian、Ubuntu 请先安装：apt-get install python3-venv"; exit 1; }

$(VENV)/.run: requirements.txt | $(PY)
	@echo "正在安装运行所需的库…"
	@$(PIP) install --quiet -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements.txt requirements-dev.txt | $(PY)
	@echo "正在安装测试所需的库…"
	@$(PIP) install --quiet -r requirements-dev.txt
	@touch $(VENV)/.run $@
