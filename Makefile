# Skein's everyday commands. `make train` and `make test` need nothing but a Swift toolchain on Debian.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
export SWIFT_BACKTRACE := enable=no

SKEIN := .build/release/skein
PACKAGES := libzstd-dev zlib1g-dev libssl-dev libhwloc-dev pkg-config
# Tests run in release: debug Swift is far slower in numeric loops.
TEST_FLAGS := -c release -Xswiftc -enable-testing --scratch-path .build-test
EPOCHS :=

.PHONY: setup build train test tsan asan faults allocations startup browser tensorboard cost precision mnist peers \
  peers-test pictures lint neon fashion clean

# Installs the system libraries that are missing; asks for sudo only when not root.
setup:
	@missing=""; \
	for package in $(PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
	  command -v apt-get >/dev/null || { echo "Skein needs these libraries:$$missing (Debian's names); please install them"; exit 1; }; \
	  echo "installing$$missing"; \
	  sudo=""; if [ "$$(id -u)" != 0 ]; then command -v sudo >/dev/null || { echo "please install$$missing as root"; exit 1; }; sudo=sudo; fi; \
	  $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $$missing; \
	fi
	@command -v swift >/dev/null || { echo "Skein needs Swift 6.2 or newer: https://www.swift.org/install"; exit 1; }

# Builds the command line for release.
build: setup
	swift build -c release --product skein

# Trains the digit recogniser on the digits that ship with Skein; EPOCHS=2 makes it shorter.
train: build
	$(SKEIN) train Configs/digits.yaml $(if $(EPOCHS),--set training.epochs=$(EPOCHS))

# The whole test suite.
test: setup
	swift test $(TEST_FLAGS)

# What threads share under the thread sanitizer: scheduler and pool, both phases of a step, evaluation,
# recording, hashing beside the reader. Not the decoding of shard files: its Mutex is one that the
# sanitizer does not see. Not the partition's own test either: it is long, and has no threads.
TSAN_SUITES := SkeinDataTests.HashThreadTests \
  SkeinTrainingTests.WorkerPoolTests SkeinTrainingTests.ItemQueueTests \
  SkeinTrainingTests.ParkerTests SkeinTrainingTests.PlacementTests \
  SkeinTrainingTests.ParallelStepTests \
  SkeinTrainingTests.ReducerTests SkeinTrainingTests.EvaluatorTests SkeinTrainingTests.HistoryTests
tsan: setup
	swift test --sanitize=thread --scratch-path .build-tsan $(TSAN_SUITES:%=--filter '%') \
	  --skip ReducerTests.thePartition

# The C kernels of every level under the address and the undefined-behaviour sanitizer, over all small
# sizes, on arrays with forbidden memory before and behind them. clang comes with the Swift toolchain.
asan: setup
	mkdir -p .build-asan
	clang -O1 -g -Wall -Wextra -Werror -fuse-ld=lld -fsanitize=address,undefined \
	  -fno-sanitize-recover=all -ISources/CKernels/include Sources/CKernels/*.c \
	  Tests/Sanitizers/kernels.c -lm -o .build-asan/kernels
	.build-asan/kernels

# NEON's kernels, in an emulator on an x86 machine: nobody has run them on an Arm machine, and no speed
# can be told from it. All kernels and some training steps, over fixed numbers, give the bits of AVX-512,
# AVX2 and the baseline; and they touch no foreign memory. Sanitizers have no library for Arm here:
# undefined behaviour is a trap, foreign memory a page without access. WALK=15 looks for foreign memory at
# every fifteenth size only: 50 seconds in all instead of more than 3 minutes.
WALK := 1
ARM_PACKAGES := qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross
NEON_FLAGS := -O2 -g -Wall -Wextra -Werror -fuse-ld=lld -ISources/CKernels/include Sources/CKernels/*.c
ARM_CLANG := clang --target=aarch64-linux-gnu -static
neon: setup
	@command -v qemu-aarch64 >/dev/null && command -v aarch64-linux-gnu-gcc >/dev/null && \
	  [ -e /usr/aarch64-linux-gnu/lib/libc.a ] || { \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	    --no-install-recommends $(ARM_PACKAGES); \
	}
	mkdir -p .build-neon
	for name in CFMAPeak CMemory; do \
	  $(ARM_CLANG) -O2 -Wall -Wextra -Werror -c Sources/$$name/$$name.c -ISources/$$name/include -o /dev/null; \
	done
	clang $(NEON_FLAGS) Tests/Arm/*.c -lm -o .build-neon/digests
	$(ARM_CLANG) $(NEON_FLAGS) Tests/Arm/*.c -lm -o .build-neon/digests-arm
	$(ARM_CLANG) $(NEON_FLAGS) -fsanitize=undefined -fsanitize-trap=undefined Tests/Sanitizers/kernels.c \
	  -lm -o .build-neon/walk-arm
	.build-neon/digests > .build-neon/x86
	qemu-aarch64 .build-neon/digests-arm > .build-neon/emulated-arm
	Tests/Arm/compare.sh .build-neon/x86 .build-neon/emulated-arm
	qemu-aarch64 .build-neon/walk-arm $(WALK)
	@echo "NEON was tested in an emulator ($$(qemu-aarch64 --version | head -n 1)), not on an Arm machine"

# Kills training at every file-system call and at random instants, and lets disks fail; each run must
# go on to the same bits. KILLS=20 STRIDE=20 makes it short.
KILLS := 200
STRIDE := 1
faults: build
	@command -v strace >/dev/null && command -v python3 >/dev/null || { \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq strace python3; \
	}
	python3 Tests/Faults/kills.py --skein $(SKEIN) --random $(KILLS) --stride $(STRIDE)

# Counts heap allocations: a training step has none.
allocations: build
	Tests/Allocations/allocations.sh $(SKEIN)

# How long digits takes to its first step: whole processes that end after one step, five times. The
# first form loads, trains and prints digests; the second makes a run folder and a checkpoint as well.
startup: build
	@work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; export TIMEFORMAT='%3R s'; \
	for try in 1 2 3 4 5; do \
	  echo -n "verify, one step: "; \
	  time $(SKEIN) verify Configs/digits.yaml --threads 2 --steps 1 >/dev/null; \
	  echo -n "train, one step of all samples: "; \
	  time $(SKEIN) train Configs/digits.yaml --run "$$work/$$try" --set training.batchSize=4000 \
	    --set training.epochs=1 --set data.test=null --set report.history=false \
	    --set report.tensorBoard=false >/dev/null; \
	done

# Uses the page of a run in headless Chromium, which it installs if there is none; SHOTS=DIR keeps
# screenshots.
SHOTS :=
browser: build
	@command -v chromium >/dev/null && command -v python3 >/dev/null || { \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-dejavu-core python3; \
	}
	python3 Tests/Browser/report_test.py $(SKEIN) $(SHOTS)

# Reads event files back with TensorBoard's own reader, from PyPI.
tensorboard: build
	@command -v python3 >/dev/null || { \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq python3; \
	}
	@test -x .build-python/bin/python || python3 -m venv .build-python || { \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq python3-venv && python3 -m venv --clear .build-python; \
	}
	.build-python/bin/pip install -q --disable-pip-version-check -r Tests/TensorBoard/requirements.txt
	.build-python/bin/python Tests/TensorBoard/events_test.py $(SKEIN)

# What recording adds to the time of training, on Fashion-MNIST, which `make fashion` imports.
cost: build
	python3 Tests/RecordingCost/cost.py $(SKEIN) Configs/fashion-mnist.yaml

# What `training.bf16` does to the accuracy of the shipped jobs, over several seeds: `make fashion` imports
# the last one's dataset. MNIST's is in no package.
SEEDS := 20
precision: build
	python3 Tests/Precision/accuracy.py $(SKEIN) $(SEEDS) Configs/lines.yaml Configs/digits.yaml
	python3 Tests/Precision/accuracy.py $(SKEIN) 4 Configs/fashion-mnist.yaml

# The pictures of README.md, from real runs.
pictures: build
	rm -rf Runs/pictures && mkdir -p Runs .pictures
	$(SKEIN) train Configs/digits.yaml --run Runs/pictures
	$(SKEIN) plot network Runs/pictures --sample 4 --out .pictures/network.svg
	$(SKEIN) plot hidden Runs/pictures --out .pictures/hidden.svg
	$(SKEIN) plot curves Runs/pictures --out .pictures/curves.svg

# Skein beside PyTorch, today's JAX and JAX 0.4.31, which it installs into .build-peers (some GB), on
# five workloads; takes about half an hour. PEERS='--rounds 1 --rows mid' makes it short.
PEERS :=
peers: build
	@command -v g++ >/dev/null && python3 -c 'import ensurepip' 2>/dev/null || { \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq g++ python3 python3-venv; \
	}
	python3 Tests/Peers/peers.py --skein $(SKEIN) $(PEERS)

# The comparison's own tests, which need no peer and take a second.
peers-test:
	@command -v python3 >/dev/null || { \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq python3; \
	}
	python3 -B Tests/Peers/harness_test.py

# Layout, and no line of more than 100 columns: the formatter leaves comments and texts as they are.
lint:
	swift format lint --strict -r Sources Tests Package.swift
	@long=$$(LC_ALL=C.UTF-8 grep -rnE '^.{101}' --include='*.swift' --exclude='*.pb.swift' \
	  Sources Tests Package.swift) || exit 0; \
	echo "$$long"; echo "lines of more than 100 columns"; exit 1

# 60,000 + 10,000 images of clothes, from Debian's package, as Datasets/fashion-mnist.
fashion: build
	@if [ ! -d /usr/share/datasets/fashion-mnist ]; then \
	  sudo=""; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	  $$sudo apt-get update -qq && $$sudo apt-get install -y -qq dataset-fashion-mnist; \
	fi
	$(SKEIN) data import /usr/share/datasets/fashion-mnist Datasets/fashion-mnist --name fashion-mnist \
	  --classes 'T-shirt/top,Trouser,Pullover,Dress,Coat,Sandal,Shirt,Sneaker,Bag,Ankle boot' --force
	$(SKEIN) train Configs/fashion-mnist.yaml

# Accuracy and time on unseen digits with five seeds; MNIST=FOLDER has the original files.
MNIST :=
mnist: build
	@test -n "$(MNIST)" || { echo "make mnist MNIST=FOLDER: the folder of MNIST's original files"; exit 2; }
	python3 Tests/MNIST/mnist.py $(SKEIN) $(MNIST) 5

clean:
	rm -rf .build .build-test .build-tsan .build-asan .build-neon .build-python .build-peers
