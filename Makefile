# Only names live here; what each does is in scripts/. ARGS="..." is handed on to the script.
.DEFAULT_GOAL := help
.PHONY: help run test check bench safety soak format openapi sanitize clean

help: ## show these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## install what is missing, build, serve on 127.0.0.1:8080; ARGS="--listen 0.0.0.0:9000" goes to serve
	@scripts/run.sh $(ARGS)

test: ## every test, on a real PostgreSQL and with real clients; ARGS="--filter JSON" goes to swift test
	@scripts/test.sh $(ARGS)

check: ## format, house rules, debug and release builds, the API's description; ARGS="format rules" does only those
	@scripts/check.sh $(ARGS)

bench: ## measure beside the peers; ARGS goes to Benchmarks/run.py
	@scripts/bench.sh $(ARGS)

safety: ## disasters on a real plane, measured against the promised bounds; ARGS="--quick" or "seeded" goes to the script
	@scripts/safety.sh $(ARGS)

soak: ## ten minutes of guarded runs on noisy sources, of which none may stop; ARGS="--minutes 60" goes to the script
	@scripts/soak.sh $(ARGS)

format: ## rewrite the Swift files in the house format
	@swift format --in-place --parallel --recursive .

openapi: ## write api/openapi.json, the description of the API, as the program prints it
	@scripts/openapi.sh write

sanitize: ## unit tests under ThreadSanitizer and AddressSanitizer; ARGS="thread" does only one
	@scripts/sanitize.sh $(ARGS)

clean: ## remove what was built and installed here; the data in .faultplane stays
	@rm -rf .build .venv
