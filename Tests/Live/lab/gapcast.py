"""How the proofs call the programs. `GAPCAST` and `GAPSIM` name others than those that were built here."""
import functools
import os
import shutil
import subprocess
from pathlib import Path

from lab.namespaces import SERVER, skip

TOP = Path(__file__).resolve().parents[3]
GROUP, GROUP_PORT = "239.192.0.1", "1758"
MTFTP_CLIENT_PORT, MTFTP_PORT = "1760", "1759"


def program(name):
    """The program of this name: the environment's, the release build's, the debug build's."""
    candidates = [os.environ.get(name.upper()), TOP / f".build/release/{name}", TOP / f".build/debug/{name}"]
    for path in filter(None, candidates):
        if os.access(path, os.X_OK):
            return str(path)
    skip(f"{name} is not built (make build, make gapcast)")


def serve(root, *options):
    return [program("gapcast"), "serve", str(root), "--listen", f"{SERVER}:69", "--interface", "eth0", "--group", GROUP,
            "--group-port", GROUP_PORT, *map(str, options)]


def fetch(name, output, *options, server=SERVER, port=69):
    return [program("gapcast"), "fetch", f"tftp://{server}:{port}/{name}", "-o", str(output), "--interface", "eth0",
            *map(str, options)]


def serve_scenario(root, scenario, *options):
    """A server of boot.img as a scenario has it. MTFTP's group and ports are told to both ends."""
    mtftp = ["--mtftp", f"boot.img={GROUP}:{MTFTP_CLIENT_PORT},{MTFTP_PORT}"] if scenario.is_mtftp else []
    # The file is served by TFTP too, where that has another group.
    group = ["--group", "239.192.0.254"] if scenario.is_mtftp else []
    return [*serve(root, "--scenario", scenario.path, *mtftp, *options), *group]


def fetch_scenario(output, scenario, *options):
    mtftp = ["--mode", "mtftp", "--group", f"{GROUP}:{MTFTP_CLIENT_PORT}", "--size", str(scenario.file_size)]
    return fetch("boot.img", output, "--scenario", scenario.path, *(mtftp if scenario.is_mtftp else []), *options,
                 port=MTFTP_PORT if scenario.is_mtftp else 69)


def first():
    """What a program of the lab is started with. Who waits for a processor loses datagrams in its socket, which are not
    the trace's, or lets a timeout pass: so they go first where that is allowed."""
    words = ["chrt", "--fifo", "5"]
    allowed = shutil.which("chrt") and os.spawnlp(os.P_WAIT, "chrt", *words, "true") == 0
    return words if allowed else []


@functools.cache
def records():
    """Whether gapcast writes down what happened."""
    return "--results" in subprocess.run([program("gapcast"), "serve", "--help"], capture_output=True, text=True).stdout


def recorded(folder):
    """The options that make it write that into a folder."""
    return ["--results", str(folder)] if records() else []
