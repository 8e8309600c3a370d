# Kuid's verbs. `make` alone prints them; each line's comment is its help.

.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

SOCKET ?= /tmp/shell.sock
DOTNET := dotnet
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1

.PHONY: help setup native tools build run test soak check lint size bench clients clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup:
	@./packages.sh build

tools:
	@contract/install.sh

native: setup
	@$(MAKE) -s -C daemon-c all OUT=$(CURDIR)/daemon-c/build

build: native ## build everything into bin/
	@rm -rf bin/lib.new bin/lib.old
	@$(DOTNET) publish Kuid.Jobd -c Release -o bin/lib.new --nologo -v quiet
	@$(DOTNET) publish clients/cli -c Release -o bin/lib.new/cli --nologo -v quiet
	@[ ! -d bin/lib ] || mv bin/lib bin/lib.old
	@mv bin/lib.new bin/lib && rm -rf bin/lib.old
	@for program in kuid-jobd kuid-sysreqd; do \
		cp daemon-c/build/$$program bin/$$program.new && mv bin/$$program.new bin/$$program || exit; \
	done
	@ln -sfn lib/cli/kuid bin/kuid
	@mkdir -p bin/share/man/man1 && cp clients/cli/kuid.1 bin/share/man/man1/kuid.1.new && mv bin/share/man/man1/kuid.1.new bin/share/man/man1/kuid.1
	@echo "built bin/kuid-jobd, bin/kuid-sysreqd and bin/kuid"

run: build ## build, start the daemon on /tmp/shell.sock (SOCKET=...) and run a first job
	@./packages.sh run
	@exec ./first-run.sh $(SOCKET)

test: build tools ## run every test; the last line counts them
	@./packages.sh test
	@tests/run.sh

soak: build ## run the tests that take long: 20 minutes of load with faults, each failing call; KUID_SOAK_SECONDS=1200
	@./packages.sh test
	@KUID_SOAK_SECONDS=$${KUID_SOAK_SECONDS:-1200} tests/run.sh 'Length=Soak'

check: build ## build with warnings as errors, verify the formatting, lint the contract, run the tests, print the sizes
	@$(DOTNET) format Kuid.slnx --verify-no-changes
	@$(MAKE) lint test size

lint: tools ## lint openapi.yaml and say what has changed in it since the last tag; 3 is: no linters here
	@contract/lint.sh || [ $$? -eq 3 ]
	@contract/changes.sh

size: build ## print the sizes of what is installed; kuid-sysreqd has a limit
	@size daemon-c/build/kuid-jobd daemon-c/build/kuid-keeper daemon-c/build/libkuidspawn.so
	@du -sh bin | awk '{ print "bin/ in all: " $$1 }'
	@$(MAKE) -s -C daemon-c size OUT=$(CURDIR)/daemon-c/build

bench: build ## measure, beside the original and with a choice: make bench [SOCKPROC=/path/to/sockproc] [ROUNDS=5] [CASE='true-8 exec']
	@./packages.sh bench
	@$(MAKE) -s -C bench
	@$(DOTNET) msbuild bench/Kuid.Bench -restore -p:Configuration=Release -nologo -v:quiet
	@exec bench/Kuid.Bench/bin/Release/net10.0/kuid-bench \
		$(if $(SOCKPROC),--sockproc '$(SOCKPROC)') $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(CASE),--case $(CASE))

clients: tools ## generate from openapi.yaml what the clients have of it, and compile clients/lua
	@./packages.sh test
	@contract/generate.sh
	@for module in clients/lua/kuid/*.lua; do luajit -bl $$module > /dev/null || exit; done

clean: ## remove what the build made
	@git clean -fdXq
