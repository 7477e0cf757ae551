#!/usr/bin/env python3
"""Sends forged read requests to the server: forged.py SOURCES PER_SECOND SECONDS. The addresses are those of 10.9.0.0/16
from 10.9.0.1 on, the ports any; a third asks for plain TFTP, a third for RFC 2090, a third for promotion."""
import itertools
import socket
import struct
import sys
import time

OPTIONS = [b"blksize\0001428\0tsize\0000\0", b"blksize\0001428\0multicast\0\0",
           b"blksize\0001428\0tsize\0000\0timeout\0001\0windowsize\00016\0multicast\0\0promotion\0\0"]


def request(number, name=b"file", source=None, target="10.0.0.1"):
    payload = b"\0\1" + name + b"\0octet\0" + OPTIONS[number % 3]
    udp = struct.pack(">HHHH", 1024 + number * 7 % 60000, 69, 8 + len(payload), 0)  # 0: no checksum
    source = socket.inet_aton(source) if source else bytes([10, 9, number // 250 % 256, number % 250 + 1])
    return struct.pack(">BBHHHBBH4s4s", 69, 0, 20 + len(udp) + len(payload), number & 0xFFFF, 0, 64, 17, 0, source,
                       socket.inet_aton(target)) + udp + payload  # the kernel fills the header's checksum in


def main():
    sources, per_second, seconds = map(int, sys.argv[1:])
    raw = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)
    now = time.monotonic()
    due, end, sent, size = now, now + seconds, 0, 0
    for number in itertools.cycle(range(sources)):
        packet = request(number)
        raw.sendto(packet, ("10.0.0.1", 0))
        sent, size = sent + 1, size + len(packet)
        # Who had no processor for a while does not catch up: that would be another flood.
        now = time.monotonic()
        due = max(due, now - 0.005) + 1 / per_second
        if due > now + 0.002:
            time.sleep(due - now)
        if now > end:
            break
    print(sent, size, flush=True)


if __name__ == "__main__":
    main()
