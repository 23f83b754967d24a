# Everything a developer or an operator types. `make help` lists it.
.DEFAULT_GOAL := help
PY := .venv/bin/python

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

test: ## Run the whole suite
	.venv/bin/pytest

migrations: ## Write new migrations (APP=…)
	$(PY) manage.py makemigrations $(APP) -n initial

.PHONY: help test migrations
