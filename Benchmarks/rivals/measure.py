"""Runs gapsim and its rivals in turn, each in a process of its own, and prints a table of their rates.

Every participant prints deliveries, losses and seconds of processor time of one session. Who does not lose 1 % of what is
delivered, as chance would have it, does other work: then nothing is printed but that.
"""

import math
import os
import platform
import statistics
import subprocess
import sys
from dataclasses import dataclass

ROUNDS = 5
LOSS = 0.01
SIZES = [(devices, blocks) for blocks in (10_000, 100_000) for devices in (500, 1000)]
GAPSIM = ".build/benchmarks/release/gapsim-benchmarks"
BUILT = ".build/rivals"
# What the logging that is compiled into Debian's ns-3 costs it, as issue 3 of gapsim states it.
LOGGING = 1.3
# csg-htsim is in no registry: its deliveries per second on such a machine, as the same issue states them.
HTSIM = 1.9e7


@dataclass(frozen=True)
class Rival:
    name: str
    command: list[str]
    # The most blocks that it is given. A rival does the same for every delivery, so that more of them change no rate.
    blocks: int
    # How many times its rate is aimed at, in which way of delivery; none is, where it stands for something else.
    aim: int | None
    packet_by_packet: bool = False
    logs: bool = False


RIVALS = [
    Rival("ns-3, bare devices", [f"{BUILT}/ns3-bare"], 10_000, 500, logs=True),
    Rival("ns-3, SimpleNetDevice", [f"{BUILT}/ns3-devices"], 10_000, None, logs=True),
    Rival("ns-3, UDP", [f"{BUILT}/ns3-udp"], 1000, 5000, logs=True),
    Rival("SimPy", [sys.executable, "Benchmarks/rivals/simpy_events.py"], 2000, 2500),
    Rival("event list like csg-htsim's", [f"{BUILT}/event-list"], 10_000, None, packet_by_packet=True),
]


def output(*command: object) -> str:
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]} ended with {done.returncode}")
    return done.stdout


def rate(*command: object) -> float:
    """Deliveries per second of one participant, whose losses are looked at."""
    deliveries, losses, seconds = map(float, output(*command).split()[:3])
    deviation = (losses - LOSS * deliveries) / math.sqrt(deliveries * LOSS * (1 - LOSS))
    if abs(deviation) > 5:
        sys.exit(
            f"{' '.join(map(str, command))} does other work: it loses {losses / deliveries:.4%} of what it delivers, "
            f"{abs(deviation):.0f} standard deviations from {LOSS:.0%}"
        )
    return deliveries / seconds


def measure() -> dict[tuple, list[float]]:
    """The rates, round by round, by (who, devices, blocks)."""
    spans = {size: output(GAPSIM, "span", *size, LOSS).split() for size in SIZES}
    rates: dict[tuple, list[float]] = {}
    for rival in RIVALS:  # whoever is broken says so at once, and what is read from disk is in memory
        rate(*rival.command, 500, 100, 1)
    for turn in range(1, ROUNDS + 1):
        if sys.stderr.isatty():
            print(f"round {turn} of {ROUNDS}", file=sys.stderr)
        for size in SIZES:
            for way in ([], ["--packet-by-packet"]):
                measured = rate(GAPSIM, "session", *size, LOSS, *spans[size], *way)
                rates.setdefault((bool(way), *size), []).append(measured)
        for rival in RIVALS:
            for devices, blocks in {(devices, min(blocks, rival.blocks)) for devices, blocks in SIZES}:
                rates.setdefault((rival.name, devices, blocks), []).append(rate(*rival.command, devices, blocks, turn))
    return rates


def count(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def millions(rate: float) -> str:
    digits = 0 if rate >= 1e8 else 1 if rate >= 1e7 else 2
    return f"{rate / 1e6:.{digits}f} M/s"


def times(ratio: float) -> str:
    """Three digits."""
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.1f}" if ratio < 100 else count(int(float(f"{ratio:.3g}")))


def verdict(ratio: float, aim: int | None, discount: float = 1) -> str:
    if aim is None:
        return "–"
    reached = "yes" if ratio / discount >= aim else "not less the logging" if ratio >= aim else "no"
    return f"{aim} ×: {reached}"


def rows(rates: dict[tuple, list[float]]):
    for devices, blocks in SIZES:
        for rival in RIVALS:
            fewer = min(blocks, rival.blocks)
            ours = rates[rival.packet_by_packet, devices, blocks]
            theirs = rates[rival.name, devices, fewer]
            # As in `make bench`: the median of the rounds' ratios, which a load on the machine moves least.
            ratio = statistics.median(mine / other for mine, other in zip(ours, theirs))
            yield (
                f"{devices} × {count(blocks)}",
                "packet by packet" if rival.packet_by_packet else "default",
                statistics.median(ours),
                rival.name + ("" if fewer == blocks else f", rate taken at {count(fewer)} blocks"),
                statistics.median(theirs),
                ratio,
                times(ratio / LOGGING) if rival.logs else "–",
                verdict(ratio, rival.aim, LOGGING if rival.logs else 1),
            )
        ours = statistics.median(rates[True, devices, blocks])
        yield (
            f"{devices} × {count(blocks)}",
            "packet by packet",
            ours,
            "csg-htsim, not run here: its published rate",
            HTSIM,
            ours / HTSIM,
            "–",
            verdict(ours / HTSIM, 1),
        )


def machine() -> str:
    with open("/proc/cpuinfo") as file:
        models = (line.split(":")[1].strip() for line in file if line.startswith("model name"))
        model = next(models, "unknown processor")
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB"


def main() -> None:
    import simpy

    before = os.getloadavg()[0]
    rates = measure()
    ns3 = output("dpkg-query", "--show", "--showformat", "${Version}", "libns3-dev")
    compiler = output("g++", "-dumpfullversion").strip()
    print(f"{machine()}, load {before:.1f} before, {os.getloadavg()[0]:.1f} after; medians of {ROUNDS} rounds, in turn.")
    print(f"ns-3 {ns3} (Debian's: logging compiled in, which costs it a factor of about {LOGGING}), g++ {compiler};")
    print(f"SimPy {simpy.__version__} on Python {platform.python_version()}. Rates are deliveries in a second of processor time.\n")
    print("| session | gapsim | its rate | rival | its rate | ratio | ratio less ns-3's logging | aim |")
    print("| --- | --- | ---: | --- | ---: | ---: | ---: | --- |")
    for session, way, ours, rival, theirs, ratio, discounted, aim in rows(rates):
        cells = (session, way, millions(ours), rival, millions(theirs), times(ratio), discounted, aim)
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
