import BootService
import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

@Suite("Devices that do not hear their group")
struct DeafDeviceTests {
  let group = Endpoint(host: HostAddress(239, 192, 0, 1), port: 1758)
  let client = ServerBench.client(1)

  private static let request = ServerBench.request([.blockSize(500), .transferSize(0), .multicast(.request)])

  private func bench() -> ServerBench { ServerBench { $0.parameters.blockSize = 500 } }

  @Test("iPXE asks for block 1 again and again, and is served by unicast, by the terms that it has")
  func active() {
    var bench = bench()
    bench.hear(Self.request, from: client)
    expect(bench.hear(.acknowledgment(0), from: client, at: ms(1)), equals: [.data(1...1, to: group)])
    expect(bench.hear(.acknowledgment(0), from: client, at: ms(501)), equals: [.data(1...1, to: group)])
    expect(bench.hear(.acknowledgment(0), from: client, at: ms(1501)), equals: [.data(1...1, to: group)])
    expect(bench.hear(.acknowledgment(0), from: client, at: ms(3501)), equals: [.data(1...1, to: client)])
    expect(bench.hear(.acknowledgment(1), from: client, at: ms(3502)), equals: [.data(2...2, to: client)])
    #expect(bench.events.contains(.left(1, of: 1, .servedAlone)))
    #expect(bench.events.contains(.sessionEnded(1, session: 1, .abandoned)))
  }

  @Test("A passive one too, once the group has been sent DATA; the group goes on")
  func passive() {
    var bench = bench()
    let other = ServerBench.client(2)
    bench.hear(Self.request, from: other)
    bench.hear(Self.request, from: client, at: ms(1))
    bench.hear(.acknowledgment(0), from: client, at: ms(1000))
    bench.hear(.acknowledgment(0), from: other, at: ms(1001))
    for time in [2000, 3000] as [Int64] {
      let seen = bench.hear(.acknowledgment(0), from: client, at: ms(time))
      #expect(!seen.contains(.data(1...1, to: client)))
    }
    expect(bench.hear(.acknowledgment(0), from: client, at: ms(4000)), equals: [.data(1...1, to: client)])
    expect(bench.hear(.acknowledgment(1), from: other, at: ms(4001)), equals: [.data(2...2, to: group)])
  }

  @Test("edk2 acknowledges every OACK by ACK(0), and is not taken for deaf")
  func acknowledgesOACK() {
    var bench = bench()
    let other = ServerBench.client(2)
    bench.hear(Self.request, from: other)
    bench.hear(.acknowledgment(0), from: other, at: ms(1))
    bench.hear(Self.request, from: client, at: ms(2))
    var time = ms(3)
    for _ in 0..<20 {
      for packet in bench.hear(.acknowledgment(0), from: client, at: time) {
        #expect(packet != .data(1...1, to: client))
      }
      // Each OACK is acknowledged at once, and each of these ACKs is answered by an OACK, once a second.
      time += s(1) + ms(1)
      bench.hear(Self.request, from: client, at: time)
      time += ms(1)
      bench.hear(.acknowledgment(1), from: other, at: time)
    }
  }

  @Test("An active device that gets on is not deaf, whatever it lost before")
  func recovers() {
    var bench = bench()
    bench.hear(Self.request, from: client)
    for round in 0..<3 as Range<Int64> {
      bench.hear(.acknowledgment(0), from: client, at: s(2 * round) + ms(500))
      bench.hear(.acknowledgment(0), from: client, at: s(2 * round) + ms(1500))
      expect(
        bench.hear(.acknowledgment(1), from: client, at: s(2 * round) + ms(1600)), equals: [.data(2...2, to: group)])
    }
  }
}
