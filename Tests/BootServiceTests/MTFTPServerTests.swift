import BootService
import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

@Suite("MTFTP beside TFTP")
struct MTFTPServerTests {
  let file = FileID(rawValue: 1)
  let group = Endpoint(host: HostAddress(239, 192, 8, 1), port: 1760)
  let service = LocalEnd.mtftp(port: 1759)
  /// A client that opens from another port than the clients' port.
  let client = ServerBench.client(1, port: 3000)

  private func bench(size: UInt64 = 1200) -> ServerBench {
    ServerBench(files: ["boot.img": .found(file, size: size), "other": .found(FileID(rawValue: 2), size: 5)]) {
      $0.mtftp = [MTFTPFile(fileName: "boot.img", group: group)]
    }
  }

  private static let open = ServerBench.request()

  @Test(
    "An open gets block 1 by unicast at the port that it came from, then the group gets it; ACKs get the rest (PXE 2.1)"
  )
  func session() {
    var bench = bench()
    expect(
      bench.hear(Self.open, from: client, on: service),
      equals: [.data(1...1, to: client, from: service), .data(1...1, to: group, from: service)])
    for block in 1...2 as ClosedRange<UInt32> {
      #expect(
        bench.hear(.acknowledgment(block), from: client, on: service, at: ms(Int64(block))) == [
          .data(block + 1...block + 1, to: group, from: service)
        ])
    }
    expect(bench.hear(.acknowledgment(3), from: client, on: service, at: ms(3)), equals: [])
    #expect(bench.events.contains(.sessionEnded(1, session: 1, .complete)))
    expect(bench.wait(until: s(100)), equals: [.released(file)])
    expect(bench.events.last, equals: .groupClosed(1))
  }

  @Test("Another open during a session gets no answer; a leading / makes no difference")
  func passive() {
    var bench = bench()
    bench.hear(Self.open, from: client, on: service)
    let other = ServerBench.client(2)
    expect(bench.hear(ServerBench.request(file: "/boot.img"), from: other, on: service, at: ms(1)), equals: [])
  }

  @Test("A device that never opened asks for a block that it misses, and gets it by unicast (R14, R19)")
  func smart() {
    var bench = bench()
    bench.hear(Self.open, from: client, on: service)
    bench.hear(.acknowledgment(3), from: client, on: service, at: ms(1))
    let smart = ServerBench.client(9, port: 1760)
    expect(
      bench.hear(.acknowledgment(1), from: smart, on: service, at: ms(2)),
      equals: [.data(2...2, to: smart, from: service)])
  }

  @Test("The same file goes by plain TFTP at the same time, to the same client")
  func besideTFTP() {
    var bench = bench()
    bench.hear(Self.open, from: client, on: service)
    expect(bench.hear(Self.open, from: client), equals: [.data(1...1, to: client)])
    expect(bench.hear(.acknowledgment(1), from: client, at: ms(1)), equals: [.data(2...2, to: client)])
    expect(
      bench.hear(.acknowledgment(1), from: client, on: service, at: ms(2)),
      equals: [.data(2...2, to: group, from: service)])
  }

  @Test("What is not served by MTFTP is refused, and so is a file of too many blocks")
  func refused() {
    var bench = bench()
    let unknown = Packet.error(code: .fileNotFound, message: "not served by MTFTP")
    expect(
      bench.hear(ServerBench.request(file: "other"), from: client, on: service),
      equals: [.packet(unknown, to: client, from: service)])
    var large = self.bench(size: 512 * 70_000)
    let tooLarge = Packet.error(code: .undefined, message: "the file needs larger blocks")
    expect(
      large.hear(Self.open, from: client, on: service),
      equals: [.packet(tooLarge, to: client, from: service), .released(file)])
  }

  @Test("When the file has changed, the next open begins with the new one")
  func changed() {
    var bench = bench()
    bench.hear(Self.open, from: client, on: service)
    bench.files["boot.img"] = .found(FileID(rawValue: 7), size: 100)
    let error = Packet.error(code: .undefined, message: "the file has changed")
    let seen = bench.hear(Self.open, from: client, on: service, at: ms(1))
    expect(
      seen,
      equals: [
        .packet(error, to: client, from: service), .released(file), .data(1...1, to: client, from: service),
        .data(1...1, to: group, from: service),
      ])
  }

  @Test("A group of MTFTP keeps its address from the others")
  func address() {
    let first = HostAddress(239, 192, 8, 1)
    var bench = ServerBench {
      $0.groups = GroupAddresses(first...HostAddress(239, 192, 8, 2), port: 1758)
      $0.mtftp = [MTFTPFile(fileName: "boot.img", group: group)]
    }
    let answer = Packet.optionAcknowledgment([
      .multicast(.reply(address: "239.192.8.2", port: 1758, isActive: true))
    ])
    expect(bench.hear(ServerBench.request([.multicast(.request)]), from: client), equals: [.packet(answer, to: client)])
  }
}
