// ns-3 as its users run it: nodes with the internet stack on a LAN, and sockets that receive UDP multicast.
#include <ns3/core-module.h>
#include <ns3/internet-module.h>
#include <ns3/network-module.h>
#include <ns3/simple-net-device-helper.h>

#include "participant.h"

using namespace ns3;

int main(int count, char **arguments) {
  const Workload work(count, arguments);
  GlobalValue::Bind("SchedulerType", StringValue("ns3::PriorityQueueScheduler"));
  RngSeedManager::SetSeed(work.seed);

  NodeContainer server(1), desks(work.devices), everybody(server, desks);
  // CSMA, ns-3's Ethernet, takes half as long again.
  SimpleNetDeviceHelper lan;
  lan.SetChannelAttribute("Delay", TimeValue(MicroSeconds(latency)));
  const NetDeviceContainer cards = lan.Install(everybody);
  InternetStackHelper stack;
  stack.SetIpv6StackInstall(false);
  stack.Install(everybody);
  Ipv4AddressHelper("10.0.0.0", "255.255.0.0").Assign(cards);
  Ipv4StaticRoutingHelper().SetDefaultMulticastRoute(server.Get(0), cards.Get(0));

  const uint16_t port = 1758;
  std::vector<Gaps> gaps(work.devices);
  for (uint32_t index = 0; index < work.devices; index++) {
    const auto errors = CreateObject<RateErrorModel>();
    errors->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
    errors->SetRate(loss);
    cards.Get(index + 1)->SetAttribute("ReceiveErrorModel", PointerValue(errors));
    const auto socket = Socket::CreateSocket(desks.Get(index), UdpSocketFactory::GetTypeId());
    socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    socket->SetRecvCallback([&gaps = gaps[index]](Ptr<Socket> socket) {
      while (const auto packet = socket->Recv()) {
        uint32_t block;
        packet->CopyData(reinterpret_cast<uint8_t *>(&block), sizeof block);
        gaps.receive(block);
      }
    });
  }

  const auto socket = Socket::CreateSocket(server.Get(0), UdpSocketFactory::GetTypeId());
  socket->Connect(InetSocketAddress(Ipv4Address("239.192.0.1"), port));
  uint32_t block = 0;
  std::vector<uint8_t> data(1432);
  std::function<void()> send = [&] {
    block++;
    std::memcpy(data.data(), &block, sizeof block);
    socket->Send(Create<Packet>(data.data(), data.size()));
    if (block < work.blocks) Simulator::Schedule(MicroSeconds(interval), send);
  };
  Simulator::Schedule(MicroSeconds(interval), send);
  return measure(work, gaps, [] { Simulator::Run(); });
}
