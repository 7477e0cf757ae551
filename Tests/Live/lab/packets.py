"""TFTP packets out of captures: those of the lab (pcap) and gapsim's (pcapng)."""
import ipaddress
import struct
from typing import NamedTuple


class Packet(NamedTuple):
    seconds: float
    source: str
    source_port: int
    target: str
    target_port: int
    length: int  # of the UDP payload
    payload: bytes  # its beginning

    @property
    def to_group(self):
        return ipaddress.ip_address(self.target).is_multicast


def read(path):
    """The UDP packets of a capture, in their order."""
    data = memoryview(open(path, "rb").read())
    frames = _pcapng(data) if data[:4] == b"\x0a\x0d\x0d\x0a" else _pcap(data)
    packets = []
    for seconds, frame in frames:
        ip = frame[14:] if frame[12:14] == b"\x08\x00" else b""
        if len(ip) < 28 or ip[9] != 17:
            continue
        udp = ip[4 * (ip[0] & 15):]
        source_port, target_port, length = struct.unpack(">HHH", udp[:6])
        packets.append(Packet(seconds, ".".join(map(str, ip[12:16])), source_port, ".".join(map(str, ip[16:20])),
                              target_port, length - 8, bytes(udp[8:8 + min(length - 8, 150)])))
    return packets


def _pcap(data):
    offset = 24
    while offset + 16 <= len(data):
        seconds, nanoseconds, kept, _ = struct.unpack("<IIII", data[offset:offset + 16])
        yield seconds + nanoseconds / 1e9, data[offset + 16:offset + 16 + kept]
        offset += 16 + kept


def _pcapng(data):
    offset, resolution = 0, 1e-6
    while offset + 12 <= len(data):
        kind, size = struct.unpack("<II", data[offset:offset + 8])
        if kind == 1:  # of the interface; option 9 is the resolution of its times
            option = offset + 16
            while option + 4 <= offset + size - 4:
                code, length = struct.unpack("<HH", data[option:option + 4])
                if code == 9:
                    resolution = 10.0 ** -data[option + 4]
                option += 4 + (length + 3) // 4 * 4
        elif kind == 6:
            high, low, kept = struct.unpack("<III", data[offset + 12:offset + 24])
            yield (high << 32 | low) * resolution, data[offset + 28:offset + 28 + kept]
        offset += size


def words(packet, wide=False):
    """What a packet says, without what differs from run to run: `DATA 7 (1428 B)`, `RRQ missing=6,8568,3,3,0,0`."""
    payload = packet.payload
    (code,) = struct.unpack(">H", payload[:2])
    number = ">I" if wide else ">H"
    header = 2 + struct.calcsize(number)
    match code:
        case 3:
            return f"DATA {struct.unpack(number, payload[2:header])[0]} ({packet.length - header} B)"
        case 4:
            return f"ACK {struct.unpack(number, payload[2:header])[0]}"
        case 5:
            return f"ERROR {struct.unpack('>H', payload[2:4])[0]}"
        case 1 | 6:
            texts = [text.decode("latin-1") for text in payload[2:].split(b"\0")[:-1]]
            options = texts[2:] if code == 1 else texts
            pairs = [f"{name.lower()}={value}" for name, value in zip(options[::2], options[1::2])]
            return " ".join(["RRQ" if code == 1 else "OACK", *pairs])
    return f"packet of code {code}"
