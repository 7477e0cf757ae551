// What the rivals written in C++ share: the workload's sizes, what each device keeps, and the line that is printed.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

/// Devices and blocks of one session, as the command line says them: PROGRAM DEVICES BLOCKS SEED.
struct Workload {
  uint32_t devices, blocks, seed;

  Workload(int count, char **arguments) {
    if (count != 4) {
      std::fprintf(stderr, "usage: %s DEVICES BLOCKS SEED\n", arguments[0]);
      std::exit(64);
    }
    devices = std::strtoul(arguments[1], nullptr, 10);
    blocks = std::strtoul(arguments[2], nullptr, 10);
    seed = std::strtoul(arguments[3], nullptr, 10);
  }
};

/// The share of its packets that a device loses.
constexpr double loss = 0.01;
/// From the server to a device, and from one block to the next, in microseconds: a block has arrived everywhere before the
/// next is sent, as in gapsim's session, so that no more than one event for each device is pending.
constexpr int latency = 100, interval = 200;

/// The blocks that a device misses. Blocks arrive in order, so a gap shows when the block after it arrives.
class Gaps {
 public:
  void receive(uint32_t block) {
    if (block != expected) gaps.push_back({expected, block - 1});
    expected = block + 1;
  }

  uint64_t missing(uint32_t blocks) const {
    uint64_t sum = blocks + 1 - expected;
    for (const Gap &gap : gaps) sum += gap.last - gap.first + 1;
    return sum;
  }

 private:
  struct Gap {
    uint32_t first, last;
  };
  std::vector<Gap> gaps;
  uint32_t expected = 1;
};

inline double processorSeconds() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

/// Runs the session, and prints deliveries, losses and the seconds of processor time that it took.
/// What stands before it, the building of the network, is not counted.
template <typename Run>
int measure(const Workload &work, const std::vector<Gaps> &devices, Run run) {
  const double start = processorSeconds();
  run();
  const double seconds = processorSeconds() - start;
  uint64_t losses = 0;
  for (const Gaps &device : devices) losses += device.missing(work.blocks);
  std::printf("%llu %llu %.9f\n", (unsigned long long)work.devices * work.blocks, (unsigned long long)losses, seconds);
  return 0;
}
