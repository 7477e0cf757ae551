"""The tables of two runs, times apart: those that gapsim wrote, and those that `gapcast gather` makes of what the server
and its devices wrote down."""
import csv
import subprocess

from lab import gapcast

# Names; what the live world does not know, the lab's losses; and what depends on which of two things came first within a
# millisecond: the sets of a session are counted at its end, on the clocks of several machines, while devices become
# smart, and a smart device may be complete before or after the first block of a session that others need. Who was
# promoted is in the roles, and what he was sent in the flows.
NOT_COMPARED = {"scenario", "point", "replication", "seed", "cohort", "server_bytes", "loss_uniformity_p", "offered_packets",
                "lost_packets", "left_devices", "failed_devices", "ended", "first_set_devices", "second_set_devices",
                "promoted_devices", "waiting_devices", "sessions_heard", "duplicate_packets"}
NOT_COMPARED_OF_RUNS = NOT_COMPARED - {"second_set_devices", "promoted_devices", "ended"}
TABLES = ["runs.csv", "devices.csv", "sessions.csv", "gaps.csv"]


def rows(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def gather(records, output, *options):
    done = subprocess.run([gapcast.program("gapcast"), "gather", *map(str, records), "-o", str(output), "--quiet", *map(str, options)],
                          capture_output=True, text=True)
    return [f"gapcast gather: {done.stderr.strip()}"] if done.returncode else []


def difference(simulated, run):
    """The first field that differs in each table and column. Only what all simulations agree on is held against the live
    run, for the others differ by their times alone: so a duplicate that arrives while a device leaves is not compared."""
    # A server of MTFTP numbers its devices as it hears them, which is at one instant for those that promote themselves.
    if not gapcast.records() or run.scenario.is_mtftp:
        return []
    gathered = run.work / "gathered"
    found = gather([run.work / "records"], gathered, "--scenario", run.scenario.path)
    for name in TABLES if not found else []:
        expected, live = [rows(folder / name) for folder in simulated], rows(gathered / name)
        if len(expected[0]) != len(live):
            found.append(f"{name}: simulated {len(expected[0])} rows, live {len(live)}")
            continue
        left_out = NOT_COMPARED_OF_RUNS if name == "runs.csv" else NOT_COMPARED
        for column in expected[0][0].keys() - left_out if live else []:
            if column.endswith("_s"):
                continue
            for line, (other, *wanted) in enumerate(zip(live, *expected), 1):
                values = {row[column] for row in wanted}
                # The live world does not know everything: nobody counts what the switch drops.
                if len(values) == 1 and other.get(column) and wanted[0][column] != other[column]:
                    found.append(f"{name}, row {line}, {column}: simulated {wanted[0][column]}, live {other[column]}")
                    break
    return found
