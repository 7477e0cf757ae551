"""A scenario, run live: `gapcast serve`, and a `gapcast fetch` on each device, with the scenario's losses."""
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lab import flows, gapcast, losses
from lab.namespaces import Lab, skip


class LiveRun:
    """One run, in WORK: captures, logs, WORK/records/server and WORK/records/device-N."""

    def __init__(self, scenario, work, lost_down, lost_up):
        self.scenario, self.work = scenario, Path(work)
        self.lost_down, self.lost_up = lost_down, lost_up
        self.root = self.work / "root"
        self.root.mkdir(parents=True)
        self.image = self.root / "boot.img"
        self.image.write_bytes(random.Random(scenario.name).randbytes(scenario.file_size))
        for folder in (self.work, *self.work.parents):  # the server drops its privileges, and writes its records then
            if folder.is_relative_to(tempfile.gettempdir()) and folder != Path(tempfile.gettempdir()):
                folder.chmod(0o755)
        (self.work / "records").mkdir(mode=0o777)
        (self.work / "records").chmod(0o777)

    def run(self):
        """What is wrong with the run itself; nothing of it is compared yet."""
        priority = gapcast.first()
        with Lab(self.scenario.devices) as lab:
            losses.lose(lab, self.lost_down, self.lost_up)
            capture = lab.capture(self.work / "live.pcap")
            server = lab.start_server(*priority, *gapcast.serve_scenario(
                self.root, self.scenario, *gapcast.recorded(self.work / "records/server")),
                log=self.work / "server.log")
            codes = self._act(lab, priority)
            time.sleep(1)
            if server.poll() is not None:
                return [f"the server ended with {server.returncode} before it was told to"]
            server.send_signal(signal.SIGTERM)
            code = server.wait(10)
            capture.stop()
            self.overflowed = lab.overflowed()
        return [f"the server ended with {code}"] * (code != 0) + [
            line for number, code in codes.items() for line in self._device(number, code)]

    def _act(self, lab, priority):
        """Switches the devices on and off at the scenario's times, and waits for them."""
        begin, running = time.monotonic(), {}
        for instant, number, what in self.scenario.acts:
            time.sleep(max(0, begin + instant - time.monotonic()))
            if what == "leaves":
                running[number].send_signal(signal.SIGKILL)
                continue
            command = gapcast.fetch_scenario(self.work / f"image-{number}", self.scenario,
                                             *gapcast.recorded(self.work / f"records/device-{number}"))
            running[number] = lab.start(lab.devices[number - 1], *priority, *command, log=self.work / f"device-{number}.log")
        codes = {}
        for number, process in running.items():
            try:
                codes[number] = process.wait(max(1, begin + 90 - time.monotonic()))
            except subprocess.TimeoutExpired:
                codes[number] = "no end"
        return codes

    def _device(self, number, code):
        out = self.work / f"image-{number}"
        if number in self.scenario.leaves:
            return [f"device {number}, which was killed, has a file"] * out.exists()
        if code != 0:
            words = (self.work / f"device-{number}.log").read_text(errors="replace").splitlines()[-3:]
            return [f"device {number} ended with {code}: {' / '.join(words)}"]
        return [f"device {number} has another file"] * (out.read_bytes() != self.image.read_bytes())

    def flows(self):
        return flows.of_capture(self.work / "live.pcap", self.scenario.live_device_at, self.lost_up)


def undisturbed(scenario, work, draw):
    """A run in which no datagram found a full socket. `draw` gives the losses, down and up."""
    for attempt in range(3):
        run = LiveRun(scenario, Path(work, f"attempt-{attempt}"), *draw())
        wrong = run.run()
        if wrong or run.overflowed == 0:
            return run, wrong
        print(f"{scenario.name}: {run.overflowed} datagrams found a full socket, so it runs again", file=sys.stderr)
    skip(f"{scenario.name}: this machine is too busy")
