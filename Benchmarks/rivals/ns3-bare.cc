// ns-3 at its fastest: its event loop, packets and error models, and devices that are no more than a function to call.
#include <ns3/core-module.h>
#include <ns3/network-module.h>

#include "participant.h"

using namespace ns3;

int main(int count, char **arguments) {
  const Workload work(count, arguments);
  // The quickest here: the map comes close, the heap takes half as long again, the calendar some ten times as long.
  GlobalValue::Bind("SchedulerType", StringValue("ns3::PriorityQueueScheduler"));
  RngSeedManager::SetSeed(work.seed);

  // The number of a block is not read from the packet: all packets under way are of one block.
  uint32_t block = 0;
  struct Device {
    Gaps &gaps;
    const uint32_t &block;
    Ptr<RateErrorModel> errors;

    void Receive(Ptr<Packet> packet) {
      if (!errors->IsCorrupt(packet)) gaps.receive(block);
    }
  };
  std::vector<Gaps> gaps(work.devices);
  std::vector<Device> devices;
  for (Gaps &list : gaps) {
    devices.push_back({list, block, CreateObject<RateErrorModel>()});
    devices.back().errors->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    devices.back().errors->SetRate(loss);
  }

  std::function<void()> send = [&] {
    block++;
    const auto packet = Create<Packet>(1432);
    for (Device &device : devices) {
      Simulator::Schedule(MicroSeconds(latency), &Device::Receive, &device, packet);
    }
    if (block < work.blocks) Simulator::Schedule(MicroSeconds(interval), send);
  };
  Simulator::Schedule(MicroSeconds(interval), send);
  return measure(work, gaps, [] { Simulator::Run(); });
}
