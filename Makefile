# Each target is one thin call; PORT, HOST, FILROUGE_DATA, DATABASE_URL, SAMPLE, STRICT and SHOTS pass through.
# (make hands on by itself what its command line or the environment sets; "export" would hand on empty ones too.)

.PHONY: help run test bench lint format messages

help:
	@echo 'make run       start Filrouge on http://localhost:8000 (PORT=, HOST=, FILROUGE_DATA=, DATABASE_URL=, SAMPLE=no)'
	@echo 'make test      run every check (STRICT=1: a half that cannot run fails; SHOTS=folder keeps screenshots)'
	@echo 'make bench     measure, and write docs/bench.md'
	@echo 'make lint      style, types and layers only'
	@echo 'make format    put the code in the house style'
	@echo 'make messages  bring the translations up to date'

run:
	@bin/setup run && exec .venv/bin/filrouge up

test:
	@bin/setup dev && exec .venv/bin/python -m tests.run

bench:
	@bin/setup bench && exec .venv/bin/python -m bench

lint:
	@bin/setup dev && exec .venv/bin/python -m tests.run lint

format:
	@bin/setup dev && .venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

messages:
	@bin/setup dev && exec .venv/bin/python bin/messages
