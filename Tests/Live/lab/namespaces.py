"""A laboratory in network namespaces: a switch, one server, some devices, and a cable to each of them.

    server 10.0.0.1 ── switch ── device 1 10.0.0.2, device 2 10.0.0.3 …

The switch floods the group to every port (no IGMP snooping, which would want a querier), so that a device hears what it
has joined from that instant on. No offload glues datagrams together: what is counted and lost is one datagram of at
most 1500 bytes.
"""
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

os.environ["PATH"] += ":/usr/sbin:/sbin"
ENTERED = "GAPCAST_LAB"
SERVER = "10.0.0.1"


APART = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]  # kill: what is inside ends too


def skip(reason):
    """What cannot be shown here is no failure; but it is said."""
    print(f"skipped: {reason}", file=sys.stderr)
    sys.exit(0)


def enter():
    """Starts this program again in namespaces of its own. The kernel ends and unmounts all that is in them with it."""
    if os.environ.get(ENTERED):
        # Names of namespaces live in memory that only this lab sees.
        for command in (["mount", "-t", "tmpfs", "lab", "/run"], ["mkdir", "/run/netns"]):
            subprocess.run(command, check=True)
        return
    for program in ("nft", "ip", "ethtool", "unshare"):
        if not shutil.which(program):
            skip(f"{program} is not installed (Debian: nftables, iproute2, ethtool, util-linux)")
    # Who is not root is root of a namespace of users, where the machine lets people make one.
    command = APART + ([] if os.geteuid() == 0 else ["--map-root-user"])
    os.environ[ENTERED] = "1"
    if subprocess.run([*command, sys.executable, "-B", __file__], stderr=subprocess.DEVNULL).returncode != 0:
        skip("network namespaces with bridge, veth and nftables cannot be made here")
    os.execvp(command[0], [*command, sys.executable, "-B", *sys.argv])


def elsewhere(*arguments):
    """Runs this program once more, in namespaces apart from all others; its exit code. To be called after 'enter'."""
    return subprocess.run([*APART, sys.executable, "-B", sys.argv[0], *map(str, arguments)]).returncode


def sh(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise OSError(f"{' '.join(map(str, command))}: {done.stderr.strip()}")
    return done.stdout


class Host:
    """A namespace with one network card, `eth0`, on a switch."""

    def __init__(self, name, address, switch="switch"):
        self.name, self.address = name, address
        sh("ip", "netns", "add", name)
        sh("ip", "link", "add", f"to-{name}", "type", "veth", "peer", "name", "eth0", "netns", name)
        sh("ip", "link", "set", f"to-{name}", "master", switch, "up")
        for command in ("link set lo up", f"addr add {address}/24 brd + dev eth0", "link set eth0 up",
                        "route add 224.0.0.0/4 dev eth0"):
            sh("ip", "-n", name, *command.split())
        self.run("ethtool", "-K", "eth0", "gro", "off", "gso", "off", "tso", "off", "tx-udp-segmentation", "off")

    def close(self):
        sh("ip", "link", "del", f"to-{self.name}")  # a namespace goes later, and its card with it
        sh("ip", "netns", "del", self.name)

    def command(self, *words):
        return ["ip", "netns", "exec", self.name, *map(str, words)]

    def run(self, *words, **options):
        return subprocess.run(self.command(*words), check=True, capture_output=True, text=True, **options).stdout

    def start(self, *words, log=os.devnull, **options):
        """A process of this host. Its words go to the file `log`, and its signals come to it alone."""
        with open(log, "ab") as file:
            return subprocess.Popen(self.command(*words), stdin=subprocess.DEVNULL, stdout=file, stderr=file, **options)

    def pipe(self, *words):
        """A process whose standard output is read by the caller."""
        return subprocess.Popen(self.command(*words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)

    def rules(self, text):
        """Loads nftables' rules, in a table of this host alone."""
        self.run("nft", "-f", "-", input=f"table ip lab {{\n{text}\n}}\n")

    def overflowed(self):
        """Datagrams that found the socket's buffer full: lost by a busy machine, and not by the lab."""
        return int([line for line in self.run("cat", "/proc/net/snmp").splitlines() if line.startswith("Udp:")][1]
                   .split()[5])


class Lab:
    """One server and its devices. `with Lab(8) as lab:` takes everything away at the end."""

    def __init__(self, devices):
        sh("ip", "link", "add", "switch", "type", "bridge", "mcast_snooping", "0")
        # A switch asks no firewall about each packet; the kernel's bridge does where containers are run.
        for asks in Path("/proc/sys/net/bridge").glob("bridge-nf-call-ip*tables"):
            asks.write_text("0")
        sh("ip", "link", "set", "switch", "up")
        self.server = Host("server", SERVER)
        self.devices = [Host(f"device-{number}", f"10.0.0.{number + 1}") for number in range(1, devices + 1)]
        self.processes = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
        for host in [self.server, *self.devices]:
            host.close()
        sh("ip", "link", "del", "switch")

    def start(self, host, *words, **options):
        """A process that ends with the lab at the latest."""
        process = host.start(*words, **options)
        self.processes.append(process)
        return process

    def start_server(self, *words, port=69, **options):
        """A process of the server's host. Returns when it has bound its port, or has ended."""
        process = self.start(self.server, *words, **options)
        bound = f":{port:04X} "
        for _ in range(200):
            # The file has the sockets of the namespace that the process is in, which is another one for an instant.
            sockets = Path(f"/proc/{process.pid}/net/udp")
            if process.poll() is not None or "0100000A" + bound in (text := sockets.read_text()) or "00000000" + bound in text:
                break
            time.sleep(0.05)
        return process

    def capture(self, path):
        """Captures what passes the server's card, as files of pcap."""
        return Capture(self, path)

    def overflowed(self):
        return sum(host.overflowed() for host in [self.server, *self.devices])


class Capture:
    """The packets at the server's card: what it sends, and what comes to it, lost or not."""

    def __init__(self, lab, path):
        self.process = lab.server.pipe(sys.executable, Path(__file__).parent / "capture.py", path)
        lab.processes.append(self.process)
        self.process.stdout.readline()

    def stop(self):
        time.sleep(0.05)
        self.process.terminate()
        missed = int(self.process.stdout.read())
        if missed:
            raise OSError(f"the capture missed {missed} packets: this machine is busy")


if __name__ == "__main__":  # 'enter' asks whether a lab can be made here
    enter()
    with Lab(1) as lab:
        lab.server.rules("chain in { type filter hook input priority 0; numgen inc mod 2 vmap { 0 : drop }; }")
