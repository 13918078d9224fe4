# Copyright (c) 2026, the hive.swarm authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

.DEFAULT_GOAL := help
.PHONY: help setup demo clean distclean lab test test-unit test-integration test-one soak soak-faults lint format docs bench build molecule requirements
.NOTPARALLEL:

# Of containers and build machines that set it: Python would compile all of Ansible each time that a test runs a playbook.
unexport PYTHONDONTWRITEBYTECODE

# LEG=floor runs a target's tests on the oldest supported ansible-core and Docker SDK, in .venv-floor; LEG=next on the
# ansible-core that is to be released, in .venv-next.
LEG ?= main
VENV = $(if $(filter main,$(LEG)),.venv,.venv-$(LEG))

help: ## show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

setup: ## make or update the Python environments
	@tools/setup.sh main floor next lint importer

demo: ## a lab of five real engines, a swarm on it, and again with nothing changed
	@tools/setup.sh main
	@tools/demo.sh $(ARGS)

lab: ## start the lab alone (ARGS='-e lab_name=mine' passes options)
	@tools/setup.sh main
	@.venv/bin/ansible-playbook hive.swarm.lab $(ARGS)

clean: ## end the lab and remove what builds and tests left; the environments stay
	@tools/clean.sh
	@if [ -f .venv/stamp ]; then .venv/bin/ansible-playbook hive.swarm.lab_down $(ARGS); fi

distclean: clean ## and remove the environments
	@tools/clean.sh all

test: ## lint, unit tests on all legs, integration tests on real engines
	@tools/setup.sh main floor next lint importer
	@tools/packages.sh
	@.venv/bin/python tools/run.py test lint

test-unit: ## the unit tests (LEG=floor, ARGS='-k name')
	@tools/setup.sh $(LEG)
	@$(VENV)/bin/pytest tests/unit $(ARGS)

test-integration: ## the integration tests (LEG=floor, ARGS='-k name')
	@tools/setup.sh main $(LEG)
	@tools/packages.sh
	@$(VENV)/bin/pytest tests/integration $(ARGS)

soak: soak-faults ## the integration tests with those that make test leaves out for their time (ARGS='-m soak' runs these alone)
	@tools/packages.sh
	@.venv/bin/pytest tests/integration -n 3 --soak $(ARGS)

soak-faults: ## each request of each task with each fault, and a million steps of seeded histories, on fake engines
	@tools/setup.sh main
	@FAULTS_ALL=1 HISTORIES_STEPS=1000000 .venv/bin/pytest tests/unit/faults -n 3 -rP $(ARGS)

test-one: ## one test: make test-one T=tests/unit/test_path.py::test_name
	@test -n "$(T)" || { echo "usage: make test-one T=tests/unit/test_path.py::test_name" >&2; exit 2; }
	@tools/setup.sh $(LEG)
	@$(VENV)/bin/pytest -vv "$(T)" $(ARGS)

lint: ## all static checks (STEPS='ruff sanity' runs some)
	@tools/setup.sh main floor lint importer
	@.venv/bin/python tools/run.py $(or $(STEPS),lint)

format: ## format the Python files with ruff and fix what it can
	@tools/setup.sh lint
	@.venv-lint/bin/ruff check -q --fix-only .
	@.venv-lint/bin/ruff check -q --fix-only --unsafe-fixes --select UP,F401,I .
	@.venv-lint/bin/ruff format .

docs: ## the HTML documentation, in .build/docs/html
	@tools/setup.sh lint
	@tools/docs.sh

bench: ## benchmarks, beside community.docker
	@tools/setup.sh main bench
	@tools/packages.sh lab hosts
	@.venv-bench/bin/python benchmarks/run.py $(ARGS)

molecule: ## scenarios on whole hosts, by ssh (S=engine_from_bare_host runs one)
	@tools/setup.sh molecule
	@tools/molecule.sh $(S)

build: ## the collection's tarball, in .build/dist
	@tools/setup.sh main
	@tools/build.sh .build/dist

requirements: ## pin the newest allowed packages in requirements/*.txt
	@tools/setup.sh main
	@tools/pin.sh
