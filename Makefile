# gapsim: `make run` for the main job, `make test` for the tests. Both install what is missing and ask for nothing.

SWIFT ?= swift
PREFIX ?= /usr/local
GAPSIM = .build/release/gapsim
GAPCAST = .build/gapcast
# Swift's runtime, libstdc++ and libgcc become parts of the program, which then needs libc alone. A fixed address saves a
# millisecond at each start. Debugging information is left out, for it takes time to make.
STATIC = $(CURDIR)/.build/static
RELEASE = -c release --static-swift-stdlib -debug-info-format none \
  -Xswiftc -use-ld=lld -Xswiftc -L$(STATIC) -Xlinker -lgcc_eh -Xlinker -no-pie
# Each module at once, in one step and without debugging information, which takes less time. In folders of their own, so
# that `swift build`, `make debug` and `make test` do not compile everything anew after each other. Tests are found by the
# index.
CHECKED = -debug-info-format none \
  -Xswiftc -whole-module-optimization -Xswiftc -num-threads -Xswiftc 1 -Xswiftc -disable-batch-mode \
  -Xswiftc -no-emit-module-separately-wmo
SCENARIO ?= Scenarios/lab-boot.yaml
NAME = $(basename $(notdir $(SCENARIO)))

.PHONY: help run plots sweep tune check baselines test debug build gapcast manual install deb dependencies lint format \
  reference pictures docs bench bench-rivals bench-growth bench-real clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 18

run: build ## Run Scenarios/lab-boot.yaml (or SCENARIO=…) into Results/
	$(GAPSIM) run $(SCENARIO) -o Results/$(NAME)

plots: run ## Run the scenario, draw its pictures and write its report
	$(GAPSIM) plot Results/$(NAME)
	$(GAPSIM) report Results/$(NAME)

sweep: build ## Sweep Scenarios/threshold-over-loss.yaml into Results/, or go on with it
	$(GAPSIM) sweep Scenarios/threshold-over-loss.yaml --resume

tune: build ## Find the best threshold of the scenario
	$(GAPSIM) tune $(SCENARIO)

check: build ## Run the scenarios of Results/baselines again; any difference counts
	$(GAPSIM) compare Results/baselines --run --exact

baselines: build ## Accept what the baselines come to now, and say what moved
	$(GAPSIM) compare Results/baselines --run --accept

test: dependencies ## Build and run every test
	GAPSIM_OPTIMIZE_TESTS=1 $(SWIFT) test --scratch-path .build/tests $(CHECKED)

debug: dependencies ## Build the program into .build/checked without the optimiser and with every check on
	$(SWIFT) build --scratch-path .build/checked $(CHECKED) --product gapsim

build: dependencies $(STATIC)/libstdc++.a ## Build the program, which then needs nothing but libc where it runs
	$(SWIFT) build $(RELEASE) --product gapsim

# The linker takes the shared library where it finds both.
$(STATIC)/libstdc++.a:
	mkdir -p $(@D)
	ln -sf "$$($$(command -v cc || command -v clang) -print-file-name=libstdc++.a)" $@

# An initramfs has no libc, so gapcast's is a part of it. What was compiled is linked once more for that: the option would
# have SwiftPM compile everything anew each time that one program is built after the other. Its resolver finds no names,
# but addresses, and its runtime needs /proc. The index of its unwind tables is left out, 0.6 MB: nothing in it throws
# through C++.
gapcast: dependencies $(STATIC)/libstdc++.a ## Build .build/gapcast, which needs nothing where it runs: boot server and client
	$(SWIFT) build $(RELEASE) --product gapcast
	$(SWIFT)c -static-executable -use-ld=lld -L$(STATIC) -Xlinker --gc-sections -Xlinker --no-eh-frame-hdr \
	  -Xlinker --defsym -Xlinker main=gapcast_main @.build/release/gapcast.product/Objects.LinkFileList -o $(GAPCAST)

manual: build gapcast ## Write man pages and completions into .build/manual
	$(SWIFT) build $(RELEASE) --product generate-manual
	Packaging/write-manual .build/release/generate-manual .build/manual $(GAPSIM) $(GAPCAST)

install: manual ## Install programs, man pages, completions and scenarios under PREFIX (/usr/local; DESTDIR goes before it)
	Packaging/install $(GAPSIM) $(GAPCAST) .build/manual "$(DESTDIR)$(PREFIX)"

deb: manual ## Make a Debian package of the programs in .build/, which installs without Swift
	Packaging/make-deb $(GAPSIM) $(GAPCAST) .build/manual .build

dependencies:
	@.ci/install-dependencies

lint: ## Check the format
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

format: ## Format the code
	$(SWIFT) format --in-place --recursive Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

reference: build ## Write the generated pages and the schema anew
	$(GAPSIM) schema > Scenarios/gapsim.schema.json
	$(GAPSIM) schema --markdown > docs/scenario-reference.md
	$(GAPSIM) columns > docs/csv-reference.md
	$(GAPSIM) columns --json > python/src/gapsim/columns.json

pictures: build ## Draw the pictures of the README anew
	docs/pictures/draw

docs: dependencies ## Build the DocC archives of the public modules
	for module in Timebase RandomStreams EventSimulation BlockTransfer TFTPWire PromotionEngine BootService Network PromotionRun; do \
	  $(SWIFT) package generate-documentation --target $$module || exit 1; done

bench: dependencies ## Measure the speed, beside a floor written in C
	Benchmarks/run

bench-rivals: dependencies ## Measure the speed beside ns-3 and SimPy, which it installs
	Benchmarks/rivals/run

bench-growth: dependencies ## Measure how time and memory grow, and draw docs/growth-*.svg
	Benchmarks/growth/run

bench-real: build ## Hold slices and nack against udpcast and uftp, in network namespaces
	Benchmarks/real/run

clean: ## Remove what was built
	rm -rf .build
