"""Measures sessions of many sizes, each in a process of its own, and prints them as CSV.

Four series go through one point, 1000 devices × 10 000 blocks at 1 %: in three of them one of the sizes changes, in the
fourth the blocks change and the loss with them, so that a device loses 100 blocks whatever their number is.
"""

import statistics
import subprocess
import sys

ROUNDS = 5
GAPSIM = ".build/benchmarks/release/gapsim-benchmarks"
SERIES = {
    "devices": [(125 << step, 10_000, 0.01) for step in range(8)],
    "blocks": [(1000, 1250 << step, 0.01) for step in range(8)],
    "loss": [(1000, 10_000, loss) for loss in (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)],
    "blocks_at_100_losses": [
        (1000, blocks, 100 / blocks) for blocks in (1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
    ],
}


def run(*command: object) -> list[str]:
    done = subprocess.run([GAPSIM, *map(str, command)], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"gapsim-benchmarks {' '.join(map(str, command))} ended with {done.returncode}")
    return done.stdout.split()


def main() -> None:
    points = {point: run("span", *point) for point in dict.fromkeys(sum(SERIES.values(), []))}
    samples: dict[tuple, list[list[float]]] = {point: [] for point in points}
    for turn in range(1, ROUNDS + 1):  # all sizes in each round, so that a load on the machine meets them all
        if sys.stderr.isatty():
            print(f"round {turn} of {ROUNDS}", file=sys.stderr)
        for point, span in points.items():
            samples[point].append([float(word) for word in run("session", *point, *span)])
    print("series,devices,blocks,loss,deliveries,losses,seconds,seconds_least,seconds_most,peak_bytes")
    for series, sizes in SERIES.items():
        for devices, blocks, loss in sizes:
            deliveries, losses, seconds, peaks = zip(*samples[devices, blocks, loss])
            print(
                f"{series},{devices},{blocks},{loss:.7g},{deliveries[0]:.0f},{losses[0]:.0f},"
                f"{statistics.median(seconds):.6f},{min(seconds):.6f},{max(seconds):.6f},{statistics.median(peaks):.0f}"
            )


main()
