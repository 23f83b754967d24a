# Everything a developer or an operator types; `make help` lists it.
.DEFAULT_GOAL := help
.ONESHELL:
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
unexport PYTHONDONTWRITEBYTECODE # each of our many processes would compile everything anew

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PY := .venv/bin/python
HOST ?= 127.0.0.1
PORT ?= 8000
APP ?=

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/runtime node_modules/.package-lock.json ## Start everything with the demo company; PORT=8000 HOST=127.0.0.1
	@$(PY) manage.py run --host $(HOST) --port $(PORT)

test: develop ## Run the suite on a database of its own; ARGS="tests/orders -k ship"
	@.ci/packages
	.venv/bin/pytest $(or $(ARGS),-n 2)

check: develop ## All that CI runs: format, rules, types, layers, templates, migrations, tests
	@say() { printf '\n== %s\n' "$$*"; "$$@"; }
	say .venv/bin/ruff format --check
	say .venv/bin/ruff check
	say .venv/bin/mypy
	say .venv/bin/lint-imports
	say .venv/bin/djlint templates --check --lint
	say $(PY) manage.py makemigrations --check --dry-run
	say $(MAKE) --no-print-directory test

# In a database, mailbox and folder of their own, whatever servers the environment names.
OWN := unset $${!DATABASE_@} $${!REDIS_@} $${!EMAIL_@} MEDIA_ROOT O2C_DEMO

cycle: .venv/runtime node_modules/.package-lock.json ## One run from order to cash on real files; ORDERS=… STATEMENT=…
	@rm -rf var/cycle
	$(OWN)
	export O2C_VAR=$(CURDIR)/var/cycle
	$(PY) manage.py migrate -v 0
	$(PY) manage.py cycle $(if $(ORDERS),--orders '$(ORDERS)') $(if $(STATEMENT),--statement '$(STATEMENT)')

bench: .venv/runtime node_modules/.package-lock.json ## Measure and write var/bench/latest.json; SIZE=small
	@rm -rf var/bench/run
	$(OWN)
	export O2C_VAR=$(CURDIR)/var/bench/run O2C_DOORBELL=0 O2C_STATEMENT_TIMEOUT_MS=0
	$(PY) manage.py migrate -v 0
	$(PY) manage.py bench $(if $(SIZE),--size '$(SIZE)')

screenshots: develop ## Picture every kind of page into var/screens/
	@$(PY) -m tests.screenshots

doors: develop ## Write anew which role may open which address, to be read as a diff
	@$(PY) -m tests.architecture.doors

format: develop ## Put Python and templates into shape
	@.venv/bin/ruff check --fix --quiet || true
	.venv/bin/ruff format
	.venv/bin/djlint templates --reformat --quiet || true

migrations: develop ## Write the migrations that the models need; APP=… NAME=…
	@$(PY) manage.py makemigrations $(APP) $(if $(NAME),--name '$(NAME)')

requirements: develop ## Pin newer libraries, with hashes; ARGS=--upgrade
	@for file in requirements requirements-dev requirements-node; do
	    CUSTOM_COMPILE_COMMAND='make requirements' PIP_CONFIG_FILE=/dev/null env -u PIP_FIND_LINKS \
	        .venv/bin/pip-compile $(ARGS) --quiet --generate-hashes --strip-extras --allow-unsafe \
	        --no-emit-index-url --no-emit-find-links --no-emit-trusted-host $$file.in -o $$file.txt
	done

server: ## Start the server set-up with docker compose, with secrets of its own in var/secrets/
	@mkdir -p -m 700 var/secrets
	for name in secret_key application_password owner_password; do
	    [ -s var/secrets/$$name ] ||
	        $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48))' > var/secrets/$$name
	done
	docker compose up --build --detach

clean: ## Remove what make built; var/ with your data stays
	@rm -rf .venv node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

develop: .venv/development node_modules/.package-lock.json

.venv/bin/pip:
	@echo "Creating .venv"
	$(PYTHON) -m venv .venv

.venv/runtime: requirements.txt | .venv/bin/pip
	@echo "Installing the libraries of requirements.txt"
	.venv/bin/pip install --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

.venv/development: requirements-dev.txt .venv/runtime
	@echo "Installing the tools of requirements-dev.txt"
	.venv/bin/pip install --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

node_modules/.package-lock.json: package.json package-lock.json | .venv/bin/pip
	@echo "Installing the browser libraries of package-lock.json"
	if ! command -v npm > /dev/null; then
	    .venv/bin/pip install --disable-pip-version-check --require-hashes -r requirements-node.txt
	    PATH="$$PWD/.venv/bin:$$PATH"
	fi
	npm ci --no-audit --no-fund
	touch $@

.PHONY: help run test check cycle bench screenshots doors format migrations requirements server clean develop
