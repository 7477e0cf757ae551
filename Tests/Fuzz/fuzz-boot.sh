#!/bin/sh
# Feeds hostile packets to both ends of gapcast, and lets clients come and die for some hours of their time.
#
#   fuzz-boot.sh [PACKETS [HOURS]]      1000000 and 2 by default; SANITIZE=address builds with the address sanitizer
#
# Exits with 0 if everything holds. The same seed gives the same packets, so what is found can be found again.
set -eu

packets=${1:-1000000}
hours=${2:-2}
here=$(cd "$(dirname "$0")" && pwd)
build() {
  "${SWIFT:-swift}" build -c release --package-path "$here/boot" --scratch-path "$here/../../.build/boot-fuzz" \
    ${SANITIZE:+--sanitize "$SANITIZE"} "$@"
}
build >&2
fuzz=$(build --show-bin-path)/boot-fuzz
# The sanitizer keeps what was freed, to see who still reads it; with less of it the memory is flat soon.
export ASAN_OPTIONS="quarantine_size_mb=4:${ASAN_OPTIONS:-}"
"$fuzz" server "$packets"
"$fuzz" client "$packets"
"$fuzz" churn "$hours"
