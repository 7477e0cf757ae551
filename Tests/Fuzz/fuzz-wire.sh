#!/bin/sh
# Feeds hostile bytes to the wire decoder with libFuzzer and the address sanitizer.
#
#   fuzz-wire.sh [SECONDS]      60 by default
#
# Exits with 0 if nothing was found. What was found is printed in base64 by libFuzzer: make a test of it.
set -eu

seconds=${1:-60}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/corpus" "$work/artifacts"

swiftc -O -g -swift-version 6 -sanitize=fuzzer,address -use-ld=lld -parse-as-library -module-name WireFuzz \
  "$here"/../../Sources/TFTPWire/*.swift "$here/WireFuzzTarget.swift" -o "$work/fuzz-wire"

# The first byte of a seed or an input chooses the width of block numbers: even 16 bits, odd 32.
seed() { printf "$2" >"$work/corpus/$1"; }
seed request '\0\0\001boot.img\0octet\0blksize\0001428\0tsize\0000\0timeout\0001\0windowsize\0001\0multicast\0\0promotion\0\0blocknumbers\00032\0'
seed report '\0\0\001boot.img\0netascii\0promotion\00012,16000,5,4,2,3\0'
seed offer '\0\0\006blksize\0001428\0tsize\0001\0multicast\000239.192.0.1,1758,1\0promotion\00065536,1,0\0x-a\0b\0'
seed check '\0\0\006promotion\0check,3\0multicast\0,,1\0'
seed smart '\0\0\006promotion\0smart\0'
seed wait '\0\0\006promotion\0wait\0'
seed data '\0\0\003\0\001abc'
seed data32 '\001\0\003\0\0\0\001abc'
seed ack32 '\001\0\004\0\0\0\001'
seed error '\0\0\005\0\001File not found\0'
cat >"$work/dictionary" <<'DICTIONARY'
"\x00blksize\x00"
"\x00tsize\x00"
"\x00timeout\x00"
"\x00windowsize\x00"
"\x00multicast\x00"
"\x00promotion\x00"
"\x00blocknumbers\x0032\x00"
"check,"
"smart"
"wait"
"octet\x00"
"netascii\x00"
"65464"
"4294967295"
"4294967296"
"18446744073709551615"
"18446744073709551616"
DICTIONARY

# With a backtrace a crash under the sanitizer can hang for minutes.
status=0
SWIFT_BACKTRACE=enable=no "$work/fuzz-wire" -max_total_time="$seconds" -max_len=1024 -timeout=5 -seed=1 \
  -dict="$work/dictionary" -artifact_prefix="$work/artifacts/" -print_final_stats=1 "$work/corpus" \
  >"$work/log" 2>&1 || status=$?
if [ "$status" -ne 0 ]; then
  cat "$work/log"
  echo "fuzz-wire: found something (libFuzzer's status $status)" >&2
  exit 1
fi
tail -n 12 "$work/log"
echo "fuzz-wire: nothing found in $seconds s"
