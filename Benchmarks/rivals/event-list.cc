// An event list in the manner of csg-htsim, not csg-htsim itself: an ordered multimap of sources whose virtual
// doNextEvent() is called, a pipe to each device, an event per delivery. Written for this comparison.
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <random>

#include "participant.h"

struct EventSource {
  virtual ~EventSource() = default;
  virtual void doNextEvent() = 0;
};

class EventList {
 public:
  uint64_t now = 0;

  void schedule(EventSource &source, uint64_t time) { pending.emplace(time, &source); }

  bool doNextEvent() {
    if (pending.empty()) return false;
    const auto [time, source] = *pending.begin();
    pending.erase(pending.begin());
    now = time;
    source->doNextEvent();
    return true;
  }

 private:
  std::multimap<uint64_t, EventSource *> pending;
};

struct PacketSink {
  virtual ~PacketSink() = default;
  virtual void receive(uint32_t block) = 0;
};

/// What is sent comes out at the other end a latency later, in the order of sending.
class Pipe final : public EventSource, public PacketSink {
 public:
  Pipe(EventList &events, PacketSink &end) : events(events), end(end) {}

  void receive(uint32_t block) override {
    if (underWay.empty()) events.schedule(*this, events.now + latency);
    underWay.push_back({events.now + latency, block});
  }

  void doNextEvent() override {
    const uint32_t block = underWay.front().block;
    underWay.pop_front();
    if (!underWay.empty()) events.schedule(*this, underWay.front().arrival);
    end.receive(block);
  }

 private:
  struct Packet {
    uint64_t arrival;
    uint32_t block;
  };
  EventList &events;
  PacketSink &end;
  std::deque<Packet> underWay;
};

class Device final : public PacketSink {
 public:
  Device(Gaps &gaps, std::mt19937 &chance) : gaps(gaps), chance(chance) {}

  void receive(uint32_t block) override {
    if (chance() >= loss * 0x1p32) gaps.receive(block);
  }

 private:
  Gaps &gaps;
  std::mt19937 &chance;
};

class Server final : public EventSource {
 public:
  Server(EventList &events, uint32_t blocks, std::vector<std::unique_ptr<Pipe>> &pipes)
      : events(events), blocks(blocks), pipes(pipes) {}

  void doNextEvent() override {
    block++;
    for (auto &pipe : pipes) pipe->receive(block);
    if (block < blocks) events.schedule(*this, events.now + interval);
  }

 private:
  EventList &events;
  uint32_t blocks, block = 0;
  std::vector<std::unique_ptr<Pipe>> &pipes;
};

int main(int count, char **arguments) {
  const Workload work(count, arguments);
  EventList events;
  std::mt19937 chance(work.seed);
  std::vector<Gaps> gaps(work.devices);
  std::vector<std::unique_ptr<Device>> devices;
  std::vector<std::unique_ptr<Pipe>> pipes;
  for (Gaps &list : gaps) {
    devices.push_back(std::make_unique<Device>(list, chance));
    pipes.push_back(std::make_unique<Pipe>(events, *devices.back()));
  }
  Server server(events, work.blocks, pipes);
  events.schedule(server, interval);
  return measure(work, gaps, [&] {
    while (events.doNextEvent()) {
    }
  });
}
