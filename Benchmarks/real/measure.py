"""Holds udpcast against 'slices' and uftp against 'nack': what each sends for one file, in the lab and in gapsim.

Two shares are compared. DATA packets / blocks is the strategy alone: how much is sent again. Bytes on the wire / file
has the headers and the control packets in it. The bytes are those of gapsim's server_bytes (N1): a packet takes its IP
length + 38 for preamble, Ethernet header, FCS and gap, and no less than 84.
"""
import argparse
import csv
import math
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAIRS = {"udpcast": ("slices", 1456), "uftp": ("nack", 1300)}  # tool: (strategy, bytes of a block)
ALLOWED = 2  # per cent
COLUMNS = ["tool", "strategy", "share", "tool_mean", "tool_ci95", "gapsim_mean", "gapsim_ci95", "difference_percent",
           "difference_ci95", "within_2_percent"]
# 97.5 % quantiles of Student's t with 1, 2 … 30 degrees of freedom.
STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
           2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042]
SIZES = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9, "B": 1}


def size(text):
    for unit, factor in SIZES.items():
        if text.endswith(unit) and int(text.removesuffix(unit)) > 0:
            return int(text.removesuffix(unit)) * factor
    raise ValueError


def rate(text):
    return int(text.removesuffix("Mbit/s"))


def share(text):
    value = float(text.removesuffix("%")) / 100
    if not 0 <= value <= 0.5:
        raise ValueError
    return value


def between(low, high):
    def whole(text):
        if not low <= int(text) <= high:
            raise ValueError
        return int(text)
    whole.__name__ = f"number, {low} to {high}"
    return whole


def drops(seed, receiver, loss, packets):
    """nftables' rules of a receiver that loses each packet of a group with the probability `loss`, as the seed says:
    which of them those are is drawn beforehand, because the kernel's own random numbers have no seed. What goes to one
    host is spared: a receiver of udpcast whose connection is not confirmed never gets the file."""
    draw = random.Random(f"{seed}/{receiver}")
    lost = [f"{number} : drop" for number in range(packets) if draw.random() < loss]
    rule = f"ip daddr 224.0.0.0/4 numgen inc mod {packets} vmap {{ {', '.join(lost)} }}\n" if lost else ""
    return f"table ip lab {{\nchain in {{\ntype filter hook prerouting priority 0\n{rule}}}\n}}\n"


def transfer(tool, options, seed):
    """Sends a random file once: seconds, DATA packets / blocks, bytes on the wire / file. None when the machine was too
    busy: receivers lost datagrams that the seed did not take."""
    with tempfile.TemporaryDirectory(prefix="gapsim-real-") as work:
        Path(work, "file").write_bytes(random.Random(f"{seed}/file").randbytes(options.file_size))
        blocks = math.ceil(options.file_size / PAIRS[tool][1])
        for receiver in range(1, options.receivers + 1):
            # More than are sent, so that the pattern does not come round.
            Path(work, f"loss-{receiver}").write_text(drops(seed, receiver, options.loss, 8 * blocks + 1000))
        lab = subprocess.Popen([*os.environ["ENTER"].split(), HERE / "lab", tool, work, str(options.receivers),
                                str(options.rate)], stdout=subprocess.PIPE, text=True)
        try:
            lines = lab.communicate()[0].splitlines()
        finally:
            lab.kill()  # and with it all that is in its namespaces
        if lab.returncode != 0:
            logs = [f"{log.name}: {log.read_text(errors='replace')[-300:]}" for log in Path(work).glob("log-*")]
            sys.exit("\n".join([f"{tool} failed with seed {seed} (exit code {lab.returncode})", *logs]))
    seen = {name: int(value) for name, value in (line.split() for line in lines)}
    if seen["overflowed"] > 0:
        print(f"  left out: {seen['overflowed']} datagrams found a full socket; this machine is busy", file=sys.stderr)
        return None
    wire = seen["sent_bytes"] + 38 * seen["sent_packets"] + 46 * seen["short_packets"] - seen["short_bytes"]
    return seen["microseconds"] / 1e6, seen["data_packets"] / blocks, wire / options.file_size


def measured(tool, options):
    runs = []
    for seed in range(options.seed, options.seed + options.repeats):
        for _ in range(3):
            run = transfer(tool, options, seed)
            if run:
                break
        else:
            print(f"skipped: {tool}'s receivers lost datagrams to other work three times; nothing was held against the "
                  "real ones", file=sys.stderr)
            sys.exit(0)
        runs.append(run)
        print("  {} with seed {}: {:.2f} s, {:.4f} of the blocks, {:.4f} of the file".format(tool, seed, *run),
              file=sys.stderr)
    return runs


def simulated(tool, options):
    strategy, block = PAIRS[tool]
    settings = {"file.size": f"{options.file_size} B", "server.rate": f"{options.rate} Mbit/s",
                "protocol.start.devices": options.receivers, "cohorts[0].count": options.receivers,
                "cohorts[0].loss": f"{{bernoulli: {100 * options.loss:g} %}}"}
    with tempfile.TemporaryDirectory(prefix="gapsim-real-") as work:
        command = [options.gapsim, "run", HERE / f"{strategy}.yaml", "--quiet", "--no-devices", "-o", f"{work}/out"]
        for key, value in settings.items():
            command += ["--set", f"{key}={value}"]
        subprocess.run(command, check=True)
        with open(f"{work}/out/runs.csv", newline="") as file:
            rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    if any(row["failed_devices"] != "0" for row in rows):
        sys.exit(f"{strategy}: a device failed, which is not to be compared")
    blocks = math.ceil(options.file_size / block)
    return [(float(row["makespan_s"]), int(row["multicast_data_packets"]) / blocks,
             int(row["server_bytes"]) / options.file_size) for row in rows]


def mean(values):
    """The mean and half of its 95 % interval (Student)."""
    freedom = len(values) - 1
    quantile = STUDENT[min(freedom, len(STUDENT)) - 1]
    return statistics.mean(values), quantile * statistics.stdev(values) / math.sqrt(len(values))


def main():
    parser = argparse.ArgumentParser(prog="Benchmarks/real/run", description=__doc__.split("\n\n")[0])
    parser.add_argument("--file-size", type=size, default=size("20MiB"), metavar="SIZE", help="such as 20MiB (default)")
    parser.add_argument("--receivers", type=between(1, 200), default=3, metavar="N", help="1 to 200 (default 3)")
    parser.add_argument("--rate", type=rate, default=200, metavar="RATE", help="such as 200Mbit/s (default)")
    parser.add_argument("--loss", type=share, default=0.01, metavar="SHARE", help="of each receiver: 1%% (default)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the first repeat (default 1)")
    parser.add_argument("--repeats", type=between(2, 1000), default=5, metavar="N", help="2 or more (default 5)")
    parser.add_argument("--gapsim", default=HERE.parents[1] / ".build/release/gapsim", metavar="FILE")
    parser.add_argument("-o", "--output", metavar="FILE", help="the table as CSV")
    options = parser.parse_args()
    if not os.access(options.gapsim, os.X_OK):
        parser.error(f"there is no program {options.gapsim}; 'make build' builds it, --gapsim names another")

    rows, agree = [], True
    print("| tool | strategy | share | the tool's | gapsim's | difference | within 2 % |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for tool, (strategy, _) in PAIRS.items():
        real, ours = measured(tool, options), simulated(tool, options)
        for column, what in [(1, "DATA packets / blocks"), (2, "bytes on the wire / file")]:
            (a, da), (b, db) = (mean([run[column] for run in runs]) for runs in (real, ours))
            difference, half = 100 * (b / a - 1), 100 * b / a * math.hypot(da / a, db / b)
            # The whole interval has to lie within: too few repeats do not pass.
            fits = abs(difference) + half <= ALLOWED
            agree = agree and fits
            print(f"| {tool} | {strategy} | {what} | {a:.4f} ± {da:.4f} | {b:.4f} ± {db:.4f} | "
                  f"{difference:+.2f} % ± {half:.2f} % | {'yes' if fits else 'NO'} |", flush=True)
            rows.append([tool, strategy, what, *(f"{x:.4f}" for x in (a, da, b, db, difference, half)), int(fits)])
        seconds = [statistics.mean(run[0] for run in runs) for runs in (real, ours)]
        print("  {}: {:.2f} s with what it waits at begin and end; {}: {:.2f} s".format(tool, seconds[0], strategy,
              seconds[1]), file=sys.stderr)
    if options.output:
        with open(options.output, "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([COLUMNS, *rows])
    return 0 if agree else 1


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the lab ends with it
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
