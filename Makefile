# Every command is a task of tools/dev.py, which also runs without make: `uv run tools/dev.py TASK`.
PYTHON ?= python3

.PHONY: help demo test coverage lint format schema timelines mutation test-spark test-signing test-crash fuzz bench bench-short lock build clean
help:   ; @$(PYTHON) tools/dev.py --help
demo:   ; @$(PYTHON) tools/dev.py demo
test:   ; @$(PYTHON) tools/dev.py test
coverage: ; @$(PYTHON) tools/dev.py coverage
lint:   ; @$(PYTHON) tools/dev.py lint
format: ; @$(PYTHON) tools/dev.py format
schema: ; @$(PYTHON) tools/dev.py schema
timelines: ; @$(PYTHON) tools/dev.py timelines
mutation: ; @$(PYTHON) tools/dev.py mutation
test-spark: ; @$(PYTHON) tools/dev.py test-spark
test-signing: ; @$(PYTHON) tools/dev.py test-signing
test-crash: ; @$(PYTHON) tools/dev.py test-crash
fuzz:   ; @$(PYTHON) tools/dev.py fuzz
bench:  ; @$(PYTHON) tools/dev.py bench
bench-short: ; @$(PYTHON) tools/dev.py bench-short
lock:   ; @$(PYTHON) tools/dev.py lock
build:  ; @$(PYTHON) tools/dev.py build
clean:  ; @$(PYTHON) tools/dev.py clean
