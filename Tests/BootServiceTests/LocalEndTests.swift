import BlockTransfer
import BootService
import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

@Suite("A host with several addresses")
struct LocalEndTests {
  let client = ServerBench.client(1)
  let first = LocalEnd(.tftp, host: HostAddress(192, 0, 2, 200), interface: 2)
  let second = LocalEnd(.tftp, host: HostAddress(198, 51, 100, 200), interface: 3)

  @Test("A client is answered from the address that it asked, and what it sends to another one belongs to nothing")
  func plain() {
    var bench = ServerBench()
    let window = Seen.data(1...1, to: client, from: second)
    expect(bench.hear(ServerBench.request(), from: client, on: second), equals: [window])
    let stray = Packet.error(code: .unknownTransfer, message: "unknown transfer")
    expect(
      bench.hear(.acknowledgment(1), from: client, on: first, at: ms(1)),
      equals: [.packet(stray, to: client, from: first)])
    expect(
      bench.hear(.acknowledgment(1), from: client, on: second, at: ms(2)),
      equals: [.data(2...2, to: client, from: second)])
  }

  @Test("Each address has groups of its own, sent from it")
  func groups() {
    var bench = ServerBench { $0.parameters.blockSize = 500 }
    let request = ServerBench.request([.blockSize(500), .multicast(.request)])
    for (number, end) in [first, second].enumerated() {
      let device = ServerBench.client(UInt8(10 + number))
      let group = Endpoint(host: HostAddress(239, 192, 0, UInt8(number + 1)), port: 1758)
      let reply = TransferOption.multicast(.reply(address: "\(group.host)", port: 1758, isActive: true))
      expect(
        bench.hear(request, from: device, on: end),
        equals: [.packet(.optionAcknowledgment([.blockSize(500), reply]), to: device, from: end)])
      expect(
        bench.hear(.acknowledgment(0), from: device, on: end, at: ms(1)), equals: [.data(1...1, to: group, from: end)])
    }
  }

  @Test("Two networks have MTFTP's group of a file each")
  func mtftp() {
    let group = Endpoint(host: HostAddress(239, 192, 8, 1), port: 1760)
    let entry = MTFTPFile(fileName: "boot.img", group: group)
    var bench = ServerBench { $0.mtftp = [entry] }
    for (number, host) in [first.host, second.host].enumerated() {
      let end = LocalEnd(.mtftp(port: entry.serverPort), host: host)
      let device = ServerBench.client(UInt8(10 + number), port: 1760)
      expect(
        bench.hear(ServerBench.request(), from: device, on: end),
        equals: [.data(1...1, to: device, from: end), .data(1...1, to: group, from: end)])
    }
    let ends = bench.events.filter { if case .groupClosed = $0 { true } else { false } }
    #expect(ends.isEmpty)
  }

  @Test(
    "A request to everybody is no request (RFC 1123)", arguments: [HostAddress.broadcast, HostAddress(224, 0, 0, 1)])
  func broadcast(host: HostAddress) {
    var bench = ServerBench()
    expect(bench.hear(ServerBench.request(), from: client, on: LocalEnd(.tftp, host: host)), equals: [])
    #expect(bench.lookups.isEmpty && bench.events.isEmpty)
  }
}
