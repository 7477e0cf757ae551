"""SimPy, an event per delivery: usage: simpy-events.py DEVICES BLOCKS SEED."""

import random
import sys
import time

import simpy

LOSS = 0.01
LATENCY, INTERVAL = 100, 200  # microseconds

devices, blocks, seed = map(int, sys.argv[1:])
chance = random.Random(seed).random
environment = simpy.Environment()
expected = [1] * devices
gaps = [[] for _ in range(devices)]
block = 0


def deliver(event):
    """The leanest form: a callback on a timeout, and no process that would have to be resumed."""
    if chance() < LOSS:
        return
    device = event._value
    if block != expected[device]:
        gaps[device].append((expected[device], block - 1))
    expected[device] = block + 1


def server():
    global block
    timeout = environment.timeout
    for block in range(1, blocks + 1):
        for device in range(devices):
            timeout(LATENCY, device).callbacks.append(deliver)
        yield timeout(INTERVAL)


environment.process(server())
start = time.process_time()
environment.run()
seconds = time.process_time() - start
losses = sum(blocks + 1 - first for first in expected) + sum(last - first + 1 for ends in gaps for first, last in ends)
print(devices * blocks, losses, seconds)
