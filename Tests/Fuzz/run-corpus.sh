#!/bin/bash
# Runs every command over every file and directory that fuzzing and attacks have found, and over what no repository can hold
# (FIFOs, devices, links, files without end). No input ends the program by a signal, and none makes it wait.
# Usage: Tests/Fuzz/run-corpus.sh [GAPSIM]
#
# corpus/scenarios: files for validate, run and sweep. A file NAME.trace or NAME.txt is there for a scenario beside it.
# corpus/measurements: files for fit, each alone and as the sender's capture of a good one.
# corpus/results: directories for report, plot, compare, diff and log, with manifests that are right about them: what is
# wrong in them would be found by nobody who looks at digests alone.
set -u
cd "$(dirname "$0")/../.."
gapsim=$(realpath "${1:-.build/release/gapsim}")
corpus=$(realpath Tests/Fuzz/corpus)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# A backtrace takes longer than the run.
export SWIFT_BACKTRACE=enable=no
runs=0 failures=0

# Runs the program with 20 seconds and 4 GB; by a signal, or by the time, it must not end.
try() {
  runs=$((runs + 1))
  (ulimit -v 4000000; exec timeout --kill-after=1 20 "$gapsim" "$@") > said 2>&1 < /dev/null
  local status=$?
  if [ $status -ge 124 ]; then
    failures=$((failures + 1))
    echo "run-corpus: status $status: gapsim $*" >&2
    tail -n 3 said >&2
  elif grep -q "$(printf '\033')" said; then
    failures=$((failures + 1))
    echo "run-corpus: a control character is printed: gapsim $*" >&2
  fi
}

# Every command that reads results, over one directory; what it costs to run a scenario in full is no matter here.
read_results() {
  try report "$1" -o page.html
  try plot "$1" -o pictures
  try compare "$1" "$1"
  try compare good "$1"
  try diff good "$1" --set limits.events=1000
  try log "$1" --set limits.events=1000
  rm -rf page.html pictures
}

cp -r "$corpus/results/good" .
for results in "$corpus"/results/*/; do read_results "${results%/}"; done

for scenario in "$corpus"/scenarios/*.yaml; do
  [ -e "$scenario" ] || continue
  limits="--set limits.events=20000 --set replications=2"
  try validate "$scenario"
  try run "$scenario" $limits -o run --quiet
  [ ! -d run ] || try report run -o page.html
  try sweep "$scenario" $limits --vary seed=1,2 -o sweep --quiet --no-plots
  try tune "$scenario" --set limits.events=20000 --max-replications 10 --candidates 3 -o tune --quiet --no-plots
  rm -rf run* sweep* tune* page.html
done

for file in "$corpus"/measurements/*; do
  try fit "$file" -o measured.yaml --force
  try fit "$file" --packets 100 --json
  try fit "$corpus/measurements/good.pcap" --sent "$file"
  try fit "$file" --sent "$corpus/measurements/good.pcap"
done

# What is no file, in the place of each file that is read.
for file in manifest.json runs.csv devices.csv; do
  for kind in fifo zero link loop folder endless; do
    rm -rf odd
    cp -r good odd
    rm odd/$file
    case $kind in
      fifo) mkfifo odd/$file ;;
      zero) ln -s /dev/zero odd/$file ;;
      link) ln -s ../good/$file odd/$file ;;
      loop) ln -s $file odd/$file ;;
      folder) mkdir odd/$file ;;
      endless) truncate -s 900G odd/$file ;;
    esac
    read_results odd
  done
done
mkfifo fifo
truncate -s 900G endless
cp "$corpus/measurements/good.pcap" endless.pcap
truncate -s 900G endless.pcap
try fit endless.pcap
# A pipe is read where a scenario or a log is wanted, and then somebody must write to it.
fill() { [ "$1" != fifo ] || (echo x: | timeout 5 tee fifo > /dev/null 2>&1 &); }
for operand in /dev/zero fifo endless /dev/full . /; do
  fill "$operand"; try diff "$operand" good
  fill "$operand"; try validate "$operand"
  fill "$operand"; try run "$operand" -o run
  try report "$operand" -o page.html
  try compare good "$operand"
  try fit "$operand"
  try fit "$corpus/measurements/good.pcap" --sent "$operand"
done

echo "run-corpus: $runs runs, $failures of them ended badly"
[ $failures = 0 ]
