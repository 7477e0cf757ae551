"""The tables of two runs, times apart: those that gapsim wrote, and those that `gapcast gather` makes of what the server
and its devices wrote down."""
import csv
import subprocess

from lab import gapcast

# What a run must have in common with its simulation. Times, and the names of things, are no part of it.
COMPARED = {
    "runs.csv": ["devices", "blocks", "threshold_bytes", "completed_devices", "second_set_devices", "promoted_devices",
                 "active_devices", "sessions", "abandoned_sessions", "multicast_data_packets", "unicast_data_packets",
                 "gap_blocks_max", "longest_chain_max"],
    "devices.csv": ["device", "roles", "sessions_heard", "missing_packets", "gap_bytes", "gaps", "largest_gap_blocks",
                    "chains", "longest_chain_gaps", "multicast_blocks", "unicast_blocks", "duplicate_packets"],
    "sessions.csv": ["session", "active_device", "ended", "data_packets", "repeated_packets", "promoted_devices"],
    "gaps.csv": ["session", "gap_blocks", "count"],
}


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def gather(records, output, *options):
    done = subprocess.run([gapcast.program("gapcast"), "gather", str(records), "-o", str(output), "--quiet", *map(str, options)],
                          capture_output=True, text=True)
    return [f"gapcast gather: {done.stderr.strip()}"] if done.returncode else []


def difference(simulated, run):
    """The first field that differs in each table and column."""
    if not gapcast.records():
        return []
    gathered = run.work / "gathered"
    found = gather(run.work / "records", gathered, "--scenario", run.scenario.path)
    for name, columns in COMPARED.items() if not found else ():
        pairs = list(zip(rows(simulated / name), rows(gathered / name)))
        lengths = len(rows(simulated / name)), len(rows(gathered / name))
        if lengths[0] != lengths[1]:
            found.append(f"{name}: simulated {lengths[0]} rows, live {lengths[1]}")
        for column in columns:
            for line, (one, other) in enumerate(pairs, 1):
                if one[column] != other.get(column):
                    found.append(f"{name}, row {line}, {column}: simulated {one[column]}, live {other.get(column)}")
                    break
    return found
