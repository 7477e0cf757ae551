"""Other people's TFTP: how their clients and servers are called."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

from lab import gapcast
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
                                       "-", "--verbose=6", "--mcast-addr", "239.192.0.1-20", "--mcast-port", "1758", root]),
    "dnsmasq": ("dnsmasq", lambda root: ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0",
                                         "--enable-tftp", f"--tftp-root={root}", "--user=root", "--log-facility=-"]),
}


def atftp_multicast(name, out):
    """atftp as a client of RFC 2090."""
    return ["atftp", "--option", "multicast", "--option", "blksize 1428", "--option", "timeout 1", "--tftp-timeout", "1",
            "-g", "-r", name, "-l", out, SERVER]


def installed(table, name):
    program = table[name][0]
    if name == "tftpd-hpa" and "tftp-hpa" not in subprocess.getoutput("in.tftpd --version"):
        return False  # atftpd has the name too
    return shutil.which(program) if program else _tftpy()
