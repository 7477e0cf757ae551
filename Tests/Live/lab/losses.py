"""Which packets get lost. A trace has their numbers, counted from 1 for each device and direction over the UDP packets
in the order in which they would arrive (docs/protocol.md, N5 and N6): the numbering of gapsim's `trace`.
"""
import random
import re

MOST = 1 << 24  # numgen begins again after so many packets


def numbers(trace):
    """The numbers of a list as scenarios have it: [3, "20-25"]."""
    found = set()
    for part in trace:
        first, last = re.fullmatch(r"(\d+)(?:-(\d+))?", str(part)).groups()
        found.update(range(int(first), int(last or first) + 1))
    return sorted(found)


def bernoulli(share, packets, seed):
    """Each packet is lost with the same probability."""
    draw = random.Random(seed)
    return [number for number in range(1, packets + 1) if draw.random() < share]


def gilbert_elliott(loss, burst, packets, seed):
    """Everything is lost in bursts of a mean length, nothing between them. It begins in its stationary state; the chain
    steps after each packet."""
    draw = random.Random(seed)
    to_good = 1 / burst
    to_bad = to_good * loss / (1 - loss)
    bad = draw.random() < loss
    lost = []
    for number in range(1, packets + 1):
        if bad:
            lost.append(number)
        bad = draw.random() >= to_good if bad else draw.random() < to_bad
    return lost


def _rule(condition, lost):
    drops = ", ".join(f"{number - 1} : drop" for number in lost)
    return f"{condition} meta l4proto udp numgen inc mod {MOST} vmap {{ {drops} }}" if lost else ""


def lose(lab, down, up):
    """Loads the traces: a list for each device and direction. Both are lost at their end of the way, where the kernel
    would hand them to a socket: there the group's packets are those that the device listens to, and a sender is not
    told of a loss."""
    for device, lost in zip(lab.devices, down):
        device.rules(f"chain down {{\ntype filter hook input priority 0\n"
                     f"{_rule(f'ip saddr {lab.server.address}', lost)}\n}}")
    rules = "\n".join(_rule(f"ip saddr {device.address}", lost) for device, lost in zip(lab.devices, up))
    lab.server.rules(f"chain up {{\ntype filter hook input priority 0\n{rules}\n}}")
