// ns-3's net devices on one channel, without a protocol stack.
#include <ns3/core-module.h>
#include <ns3/network-module.h>

#include "participant.h"

using namespace ns3;

int main(int count, char **arguments) {
  const Workload work(count, arguments);
  GlobalValue::Bind("SchedulerType", StringValue("ns3::PriorityQueueScheduler"));
  RngSeedManager::SetSeed(work.seed);

  const auto channel = CreateObject<SimpleChannel>();
  channel->SetAttribute("Delay", TimeValue(MicroSeconds(latency)));
  const auto attach = [&] {
    const auto node = CreateObject<Node>();
    const auto device = CreateObject<SimpleNetDevice>();
    device->SetAddress(Mac48Address::Allocate());
    device->SetChannel(channel);
    node->AddDevice(device);
    return device;
  };

  // The number of a block is not read from the packet: all packets under way are of one block.
  uint32_t block = 0;
  std::vector<Gaps> gaps(work.devices);
  for (Gaps &list : gaps) {
    const auto device = attach();
    const auto errors = CreateObject<RateErrorModel>();
    errors->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    errors->SetRate(loss);
    device->SetReceiveErrorModel(errors);
    device->SetReceiveCallback([&](Ptr<NetDevice>, Ptr<const Packet>, uint16_t, const Address &) {
      list.receive(block);
      return true;
    });
  }

  const auto server = attach();
  const Address group = Mac48Address("01:00:5e:40:00:01");
  std::function<void()> send = [&] {
    block++;
    server->Send(Create<Packet>(1432), group, 0x0800);
    if (block < work.blocks) Simulator::Schedule(MicroSeconds(interval), send);
  };
  Simulator::Schedule(MicroSeconds(interval), send);
  return measure(work, gaps, [] { Simulator::Run(); });
}
