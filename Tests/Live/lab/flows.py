"""What the server and its devices say to each other, block for block and times apart: a flow for each direction.

A flow is `to the group`, `to device 3` or `from device 3`, with the words of its packets in their order. What is lost on
its way up is in no flow: a capture of gapsim at the server has only what arrives.
"""
from lab import packets


def of_capture(path, device_at, lost_up=None):
    """The flows of a capture. `device_at` gives the number of the device at an address, or None; `lost_up` has what
    each device loses on its way up, where the capture does not leave that out already."""
    flows, seen = {}, {}
    for packet in packets.read(path):
        sender, receiver = device_at(packet.source), device_at(packet.target)
        if sender:
            seen[sender] = seen.get(sender, 0) + 1
            if lost_up and seen[sender] in lost_up[sender - 1]:
                continue
            name = f"from device {sender}"
        elif packet.to_group:
            name = "to the group"
        elif receiver:
            name = f"to device {receiver}"
        else:
            continue
        flows.setdefault(name, []).append(packets.words(packet))
    return flows


def difference(expected, got):
    """The first packet at which each flow parts; empty where both say the same."""
    found = []
    for name in sorted(expected.keys() | got.keys()):
        one, other = expected.get(name, []), got.get(name, [])
        for index in range(max(len(one), len(other))):
            pair = [flow[index] if index < len(flow) else "nothing" for flow in (one, other)]
            if pair[0] != pair[1]:
                before = f", after {one[index - 1]}" if index else ""
                found.append(f"{name}, packet {index + 1}{before}: simulated {pair[0]}; live {pair[1]}")
                break
    return found


def summary(flows):
    """The flows in figures."""
    def count(name, text):
        return sum(line.startswith(text) for flow in flows if flow.startswith(name) for line in flows[flow])
    return (f"{count('to the group', 'DATA')} DATA to the group, {count('to device', 'DATA')} to one device, "
            f"{count('from device', 'ACK')} ACKs, {count('from device', 'RRQ promotion=')} gap reports")
