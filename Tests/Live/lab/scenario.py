"""What the lab takes from a scenario of gapsim. These scenarios have one cohort, and lists for its devices."""
import re
from pathlib import Path

import yaml

from lab import losses

PACKETS = 20_000  # more than any device of these scenarios meets
UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "min": 60}


def seconds(text):
    number, unit = re.fullmatch(r"([\d.]+) *(\w+)", str(text)).groups()
    return float(number) * UNITS[unit]


def share(text):
    return float(text.removesuffix("%")) / 100


class Scenario:
    def __init__(self, path):
        self.path = Path(path).resolve()
        text = yaml.safe_load(self.path.read_text())
        (cohort,) = text["cohorts"]
        self.name = text["name"]
        self.is_mtftp = text["protocol"].get("mode") == "pxe-mtftp"
        self.file_size = int(text["file"]["size"].removesuffix(" B"))
        self.joins = [seconds(each) for each in cohort["join"]]
        self.devices = len(self.joins)
        self.leaves = {each["device"]: seconds(each["at"]) for each in cohort.get("leaves", [])}
        self.loss, self.upstream_loss = cohort.get("loss", {}), cohort.get("upstream_loss", {})
        self.acts = sorted([(at, number, "joins") for number, at in enumerate(self.joins, 1)]
                           + [(at, number, "leaves") for number, at in self.leaves.items()])

    @property
    def lost_down(self):
        return self._traces(self.loss)

    @property
    def lost_up(self):
        return self._traces(self.upstream_loss)

    def _traces(self, model):
        return [losses.numbers(each) for each in model.get("trace", [[]] * self.devices)]

    def draw(self, seed):
        """What is lost down and up when the models are those of chance."""
        return [[self._drawn(model, f"{seed}/{way}/{device}") for device in range(self.devices)]
                for way, model in (("down", self.loss), ("up", self.upstream_loss))]

    def _drawn(self, model, seed):
        if "bernoulli" in model:
            return losses.bernoulli(share(model["bernoulli"]), PACKETS, seed)
        chain = model["gilbert_elliott"]
        return losses.gilbert_elliott(share(chain["loss"]), int(chain["burst"].removesuffix(" packets")), PACKETS, seed)

    @staticmethod
    def live_device_at(address):
        """The number of the device at an address of the lab."""
        network, _, last = address.rpartition(".")
        return int(last) - 1 if network == "10.0.0" and last != "1" else None

    @staticmethod
    def simulated_device_at(address):
        """The number of the device at an address in gapsim's captures, where the server is 192.168.0.1."""
        network, _, last = address.rpartition(".")
        return int(last) if network == "10.0.0" else None
