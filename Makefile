# Greenroom's commands: `make` lists them.

python := .venv/bin/python

.PHONY: help demo test check bench mutations clean

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1: \2/p' Makefile

demo: ## install, fill in a sample programme and start everything at http://localhost:8000
	@sh .make/venv requirements.txt
	@GREENROOM_DEMO=1 exec $(python) manage.py up --demo

test: check ## run the checks, then every test on both databases and in the browser
	@$(python) -m tests.services.run

check: ## check format, style, types, migrations and settings
	@sh .make/venv tests/requirements.txt
	@$(python) -m ruff format --quiet --check .
	@$(python) -m ruff check --quiet .
	@$(python) -m mypy
	@$(python) manage.py makemigrations --settings=tests.settings --check --dry-run
	@$(python) manage.py check --settings=tests.settings

bench: ## measure the API, the poller, the passes, the queue, delivery and media, each beside a baseline
	@sh .make/venv tests/requirements.txt
	@$(python) -m tests.bench.bench_api
	@$(python) -m tests.bench.bench_api --postgres --workers 2
	@$(python) -m tests.bench.bench_passes
	@$(python) -m tests.bench.bench_passes --postgres
	@$(python) -m tests.bench.bench_poll
	@$(python) -m tests.bench.bench_poll --postgres
	@$(python) -m tests.bench.bench_delivery
	@$(python) -m tests.bench.bench_media
	@$(python) -m tests.bench.bench_queue
	@$(python) -m tests.bench.bench_queue --postgres
	@$(python) -m tests.bench.bench_next

mutations: ## damage a clip in 10,000 ways and say what became of each
	@sh .make/venv tests/requirements.txt
	@OPENBLAS_NUM_THREADS=1 $(python) -m tests.generations.media.mutations 10000

clean: ## remove the virtual environment and the caches, not the portal's data in .greenroom
	@rm -rf .venv .test-services .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
