#!/bin/sh
# Mutates scenarios and reads them for SECONDS (60), beginning at SEED (the time).
# Usage: Tests/Fuzz/fuzz-scenario.sh [SECONDS [SEED]]
# What is being read is kept in .build/fuzz-scenario.yaml: after a trap it holds the culprit.
set -eu
cd "$(dirname "$0")/../.."
GAPSIM_FUZZ_SECONDS="${1:-60}" GAPSIM_FUZZ_SEED="${2:-$(date +%s)}" GAPSIM_FUZZ_INPUT=.build/fuzz-scenario.yaml
export GAPSIM_FUZZ_SECONDS GAPSIM_FUZZ_SEED GAPSIM_FUZZ_INPUT
echo "fuzz-scenario: $GAPSIM_FUZZ_SECONDS s from seed $GAPSIM_FUZZ_SEED"
exec swift test --filter ScenarioFuzzTests
