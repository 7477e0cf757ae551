"""Other people's TFTP: how their clients and servers are called."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

from lab import gapcast
from lab.gapcast import MTFTP_CLIENT_PORT, MTFTP_PORT
from lab.namespaces import SERVER

TOP = gapcast.TOP
os.environ["PATH"] = f"{TOP}/.build/peers/usr/sbin:{os.environ['PATH']}"  # see install-peers


def _tftpy():
    """tftpy's client, as a program of Python: the package has one under another name in each version."""
    sys.path.append(str(TOP / ".build/peers/python"))
    try:
        import tftpy  # noqa: F401
    except ImportError:
        return None
    return str(Path(tftpy.__file__).parents[1])


# The files that are fetched, in bytes. 'blocks' ends with a block of 0 bytes.
SIZES = {"empty": 0, "small": 100, "blocks": 1428 * 8, "image": 300_000, "short": 60_000}

# Clients that fetch NAME into OUT by plain TFTP.
CLIENTS = {
    "tftp-hpa": ("tftp", lambda name, out: ["tftp", "-m", "binary", SERVER, "-c", "get", name, out]),
    "atftp": ("atftp", lambda name, out: ["atftp", "--option", "blksize 1428", "--option", "timeout 1", "-g", "-r", name,
                                          "-l", out, SERVER]),
    "curl": ("curl", lambda name, out: ["curl", "-sS", "-o", out, f"tftp://{SERVER}/{name}"]),
    "busybox": ("busybox", lambda name, out: ["busybox", "tftp", "-g", "-b", "1428", "-r", name, "-l", out, SERVER]),
    "tftpy": (None, lambda name, out: [
        sys.executable, "-c", "import sys; sys.path.append(sys.argv[1]); import tftpy; "
        "tftpy.TftpClient(sys.argv[2], 69, {'blksize': 1428, 'tsize': 0}).download(sys.argv[3], sys.argv[4], timeout=1)",
        _tftpy(), SERVER, name, out]),
}

# Servers of the files below ROOT, in the foreground.
SERVERS = {
    "tftpd-hpa": ("in.tftpd", lambda root: ["in.tftpd", "--listen", "--foreground", "--address", f"{SERVER}:69", "--secure",
                                            "--user", "root", root]),
    "atftpd": ("atftpd", lambda root: ["atftpd", "--daemon", "--no-fork", "--user", "root", "--group", "root", "--logfile",
                                       "-", "--verbose=6", "--retry-timeout", "1", "--mcast-addr", "239.192.0.1-20", "--mcast-port", "1758", root]),
    "dnsmasq": ("dnsmasq", lambda root: ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0",
                                         "--enable-tftp", f"--tftp-root={root}", "--user=root", "--log-facility=-"]),
}


def atftp_multicast(name, out):
    """atftp as a client of RFC 2090."""
    return ["atftp", "--option", "multicast", "--option", "blksize 1428", "--option", "timeout 1", "--tftp-timeout", "1",
            "-g", "-r", name, "-l", out, SERVER]


def atftpd_mtftp(root):
    """atftpd with all files of ROOT by MTFTP, as its configuration has them: path, group, port of the clients."""
    configuration = Path(root, "..", "mtftp.conf")
    configuration.write_text("".join(f"{root}/{name} {_mtftp_group(name)} {MTFTP_CLIENT_PORT}\n"
                                     for name in ("image", "short")))
    return [*SERVERS["atftpd"][1](root), "--mtftp", str(configuration), "--mtftp-port", MTFTP_PORT]


def _mtftp_group(name):
    return {"image": "239.192.0.2", "short": "239.192.0.3"}[name]


def atftp_mtftp(name, out):
    return ["atftp", "--mtftp", f"mcast-ip {_mtftp_group(name)}", "--mtftp", f"client-port {MTFTP_CLIENT_PORT}", "--mtftp",
            "listen-delay 1", "--mtftp", "timeout-delay 1", "--mget", "-r", name, "-l", out, SERVER, MTFTP_PORT]


def serve_mtftp(root):
    return gapcast.serve(root, *(word for name in ("image", "short") for word in (
        "--mtftp", f"{name}={_mtftp_group(name)}:{MTFTP_CLIENT_PORT},{MTFTP_PORT}")))


def fetch_mtftp(name, out):
    return gapcast.fetch(name, out, "--mode", "mtftp", "--group", f"{_mtftp_group(name)}:{MTFTP_CLIENT_PORT}", "--size",
                         SIZES[name], port=MTFTP_PORT)


def installed(table, name):
    program = table[name][0]
    if name == "tftpd-hpa" and "tftp-hpa" not in subprocess.getoutput("in.tftpd --version"):
        return False  # atftpd has the name too
    return shutil.which(program) if program else _tftpy()
