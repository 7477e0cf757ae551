"""What the lab takes from a scenario of gapsim. These scenarios have one cohort, and lists for its devices."""
import re
from pathlib import Path

import yaml

from lab import losses

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1, "min": 60}


def seconds(text):
    number, unit = re.fullmatch(r"([\d.]+) *(\w+)", str(text)).groups()
    return float(number) * UNITS[unit]


class Scenario:
    def __init__(self, path):
        self.path = Path(path).resolve()
        text = yaml.safe_load(self.path.read_text())
        (cohort,) = text["cohorts"]
        self.name = text["name"]
        self.file_size = int(text["file"]["size"].removesuffix(" B"))
        self.joins = [seconds(each) for each in cohort["join"]]
        self.devices = len(self.joins)
        self.leaves = {each["device"]: seconds(each["at"]) for each in cohort.get("leaves", [])}
        self.plain = cohort.get("promotion", True) is False
        self.lost_down, self.lost_up = (
            [losses.numbers(each) for each in cohort.get(key, {}).get("trace", [[]] * self.devices)]
            for key in ("loss", "upstream_loss"))
        self.acts = sorted([(at, number, "joins") for number, at in enumerate(self.joins, 1)]
                           + [(at, number, "leaves") for number, at in self.leaves.items()])

    def options(self, number):
        return []

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
