"""One file to many receivers by three tools, as fast as each can."""
import subprocess
import time
from pathlib import Path

from lab import gapcast, losses
from lab.namespaces import SERVER

ETHERNET = 14  # bytes of a frame's header, which the card counts


def sent_bytes(host):
    """Bytes that left the card of a host: frames, once each, however many hear them."""
    return int(host.run("cat", "/sys/class/net/eth0/statistics/tx_bytes"))


class Transfer:
    """One transfer, timed from the start of the sender's or the fetches' processes until the receivers have the file."""

    def __init__(self, lab, work, size, loss, seed):
        self.lab, self.work, self.size = lab, work, size
        if loss:
            packets = 4 * (size // 1000) + 1000
            devices = range(len(lab.devices))
            losses.lose(lab, [losses.bernoulli(loss, packets, f"{seed}/{device}") for device in devices],
                        [[] for _ in devices])
        for number in range(len(lab.devices)):
            Path(work, str(number)).mkdir()
        self.priority = gapcast.first()

    def start(self, host, *words, log):
        return self.lab.start(host, *self.priority, *words, log=f"{self.work}/{log}.log")

    def begin(self):
        self.sent, self.began = sent_bytes(self.lab.server), time.time()

    def figures(self, ended):
        """Megabits per second of the file, bytes sent / bytes of the file."""
        return 8e-6 * self.size / (ended - self.began), (sent_bytes(self.lab.server) - self.sent) / self.size

    def last_change(self):
        """When the last receiver's file was touched last: what a tool says to its peers afterwards is not its work."""
        return max(self.received(number).stat().st_ctime for number in range(len(self.lab.devices)))

    def all_there(self):
        """When every receiver has a file under its final name, at which it is whole."""
        missing = list(range(len(self.lab.devices)))
        while missing:
            missing = [number for number in missing if not self.received(number).exists()]
            if time.time() > self.began + 120:
                raise OSError(f"receiver {missing[0] + 1} has no file after two minutes: {self.log(missing[0])}")
            time.sleep(0.002)
        return time.time()

    def log(self, number):
        return Path(self.work, f"{number}.log").read_text(errors="replace")[-500:]

    def received(self, number):
        return Path(self.work, str(number), "file")

    def udpcast(self):
        receivers = [self.start(device, "udp-receiver", "--nokbd", "--no-progress", "--interface", "eth0", "--rcvbuf", "4m",
                                "--file", self.received(number), log=number)
                     for number, device in enumerate(self.lab.devices)]
        time.sleep(0.5)
        self.begin()
        self.lab.start(self.lab.server, "udp-sender", "--nokbd", "--no-progress", "--interface", "eth0", "--min-receivers",
                       len(receivers), "--file", f"{self.work}/file", log=f"{self.work}/sender.log").wait(120)
        for receiver in receivers:
            receiver.wait(30)
        return self.figures(self.last_change())

    def uftp(self):
        for number, device in enumerate(self.lab.devices):
            self.start(device, "uftpd", "-d", "-q", "-I", "eth0", "-B", 4 << 20, "-D", self.received(number).parent,
                       log=number)
        time.sleep(0.5)
        self.begin()
        # A rate of -1 is none: as fast as it can.
        self.lab.start(self.lab.server, "uftp", "-I", "eth0", "-R", "-1", "-B", 4 << 20, f"{self.work}/file",
                       log=f"{self.work}/sender.log").wait(120)
        return self.figures(self.last_change())

    def gapcast(self, *options):
        """`options` are those of both ends; what is tuned for the number of receivers is in the scenario."""
        root = Path(self.work, "root")
        root.mkdir()
        Path(self.work, "file").rename(root / "file")
        Path(self.work, "file").symlink_to(root / "file")
        self.lab.start_server(*self.priority, *gapcast.serve(root, *options), log=f"{self.work}/sender.log")
        self.begin()
        fetches = [self.start(device, *gapcast.fetch("file", self.received(number), *options), log=number)
                   for number, device in enumerate(self.lab.devices)]
        figures = self.figures(self.all_there())
        for number, fetch in enumerate(fetches):
            if fetch.wait(30) != 0:
                raise OSError(f"gapcast fetch of receiver {number + 1} failed: {self.log(number)}")
        return figures
