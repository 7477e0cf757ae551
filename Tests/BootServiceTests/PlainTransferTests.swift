import BlockTransfer
import BootService
import PromotionEngine
import TFTPTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@Suite("Plain TFTP")
struct PlainTransferTests {
  let client = ServerBench.client(1)
  let file = FileID(rawValue: 1)

  @Test("Without options DATA answers the request, and each ACK gets the next block (RFC 1350)")
  func withoutOptions() {
    var bench = ServerBench(files: ["boot.img": .found(file, size: 1024)])
    expect(bench.hear(ServerBench.request(), from: client), equals: [.data(1...1, to: client)])
    expect(bench.hear(.acknowledgment(1), from: client, at: ms(1)), equals: [.data(2...2, to: client)])
    expect(bench.hear(.acknowledgment(2), from: client, at: ms(2)), equals: [.data(3...3, to: client)])
    expect(bench.hear(.acknowledgment(3), from: client, at: ms(3)), equals: [.released(file)])
    expect(bench.events.last, equals: .transferEnded(1, .ended(.complete)))
    expect(bench.hear(.acknowledgment(3), from: client, at: ms(4)), equals: [], "a late copy is no stranger's packet")
    expect(bench.wait(until: s(60)), equals: [])
    expect(bench.server.deadline, equals: .never)
  }

  @Test("An OACK has what was asked for, in its order, and nothing else (RFC 2347)")
  func options() {
    var bench = ServerBench()
    let asked: [TransferOption] = [
      .transferSize(0), .unknown(name: "utimeout", value: "1"), .blockSize(65464), .timeout(seconds: 6),
    ]
    let answer = Packet.optionAcknowledgment([.transferSize(5000), .blockSize(1468), .timeout(seconds: 6)])
    var limited = bench
    limited.server = BootServer(Self.limited(to: 1468))
    expect(limited.hear(ServerBench.request(asked), from: client), equals: [.packet(answer, to: client)])
    let only = Packet.optionAcknowledgment([.transferSize(5000)])
    expect(bench.hear(ServerBench.request([.transferSize(0)]), from: client), equals: [.packet(only, to: client)])
  }

  @Test("UEFI asks for the size, gives up by ERROR 8, and asks again without it")
  func firmwareAsksForTheSizeFirst() {
    var bench = ServerBench()
    let first = ServerBench.request([.transferSize(0), .blockSize(1468), .windowSize(4)])
    let answer = Packet.optionAcknowledgment([.transferSize(5000), .blockSize(1468), .windowSize(4)])
    expect(bench.hear(first, from: client), equals: [.packet(answer, to: client)])
    let end = Packet.error(code: .optionNegotiation, message: "User aborted the transfer")
    expect(bench.hear(end, from: client, at: ms(1)), equals: [.released(file)])
    let second = ServerBench.request([.blockSize(1468), .windowSize(4)])
    let agreed = Packet.optionAcknowledgment([.blockSize(1468), .windowSize(4)])
    expect(bench.hear(second, from: client, at: ms(2)), equals: [.packet(agreed, to: client)])
    expect(bench.hear(.acknowledgment(0), from: client, at: ms(3)), equals: [.data(1...4, to: client)])
    expect(bench.hear(.acknowledgment(4), from: client, at: ms(4)), equals: [.released(file)])
  }

  @Test("A repeated request gets the same answer, and begins nothing twice")
  func repeatedRequest() {
    var bench = ServerBench()
    let request = ServerBench.request([.blockSize(1000)])
    let first = bench.hear(request, from: client)
    expect(bench.hear(request, from: client, at: s(1)), equals: first)
    expect(bench.lookups.count, equals: 1)
    bench.hear(.acknowledgment(0), from: client, at: s(2))
    expect(bench.hear(request, from: client, at: s(2)), equals: [], "a copy that comes late")
    expect(bench.hear(.acknowledgment(1), from: client, at: s(2)), equals: [.data(2...2, to: client)])
    expect(bench.hear(request, from: client, at: s(4)), equals: first, "it has begun anew")
    #expect(bench.events.contains(.transferEnded(1, .replaced)))
  }

  @Test("Another request from the same port replaces the transfer, and the file stays open for it")
  func replaced() {
    var bench = ServerBench()
    bench.hear(ServerBench.request([.blockSize(1000)]), from: client)
    let seen = bench.hear(ServerBench.request([.blockSize(512)]), from: client, at: ms(1))
    expect(seen, equals: [.packet(.optionAcknowledgment([.blockSize(512)]), to: client)])
    expect(bench.hear(.acknowledgment(0), from: client, at: ms(2)), equals: [.data(1...1, to: client)])
  }

  @Test("Two clients of one host, and one port on two hosts, are four transfers")
  func byEndpoint() {
    var bench = ServerBench()
    let clients =
      [ServerBench.client(1, port: 1), .init(host: ServerBench.client(1).host, port: 2)]
      + [ServerBench.client(2, port: 1), ServerBench.client(2, port: 2)]
    for client in clients {
      expect(bench.hear(ServerBench.request(), from: client), equals: [.data(1...1, to: client)])
    }
    for client in clients {
      expect(bench.hear(.acknowledgment(1), from: client, at: ms(1)), equals: [.data(2...2, to: client)])
    }
  }

  @Test("A client that is silent is repeated to, so often as `retries` says, and then forgotten")
  func silence() {
    var bench = ServerBench { $0.parameters.retries = 3 }
    let answer = bench.hear(ServerBench.request([.blockSize(1000)]), from: client)
    let repeated = bench.wait(until: s(60))
    expect(repeated, equals: answer + answer + answer + [.released(file)])
    expect(bench.events.last, equals: .transferEnded(1, .ended(.silent)))
    expect(bench.server.deadline, equals: .never)
  }

  @Test("A client with a long timeout is not given up before it has repeated")
  func longTimeout() {
    var bench = ServerBench()
    bench.hear(ServerBench.request([.timeout(seconds: 6)]), from: client)
    bench.wait(until: s(14))
    expect(bench.hear(.acknowledgment(0), from: client, at: s(14)), equals: [.data(1...1, to: client)])
  }

  @Test(
    "What cannot be served is refused with its code",
    arguments: [
      ("missing", ErrorCode.fileNotFound), ("secret", .accessViolation),
    ])
  func refused(name: String, code: ErrorCode) {
    var bench = ServerBench(files: ["secret": .notAllowed])
    let seen = bench.hear(ServerBench.request(file: name), from: client)
    expect(seen, equals: [.packet(.error(code: code, message: code.words), to: client)])
    expect(bench.events, equals: [.refused(client, fileName: name, code, reason: code.words)])
    expect(bench.server.deadline, equals: .never)
  }

  @Test("netascii is refused, and the file is closed")
  func netascii() {
    var bench = ServerBench()
    let request = Packet.readRequest(ReadRequest(fileName: "boot.img", mode: .netascii))
    let seen = bench.hear(request, from: client)
    expect(
      seen,
      equals: [.packet(.error(code: .undefined, message: "only mode octet is served"), to: client), .released(file)])
  }

  @Test("Block numbers of 16 bits begin again after 65 535")
  func wrap() {
    var bench = ServerBench(files: ["boot.img": .found(file, size: 512 * 70_000)]) {
      $0.mostWindowBytes = 512 * 32_767
    }
    bench.hear(ServerBench.request([.windowSize(32_767)]), from: client)
    bench.hear(.acknowledgment(0), from: client, at: ms(1))
    bench.hear(.acknowledgment(32_767), from: client, at: ms(2))
    let wrapped = bench.hear(.acknowledgment(65_534), from: client, at: ms(3))
    expect(wrapped, equals: [.data(65_535...70_001, to: client)])
    expect(bench.hear(.acknowledgment(70_001 - 65_536), from: client, at: ms(4)), equals: [.released(file)])
  }

  @Test("When the server stops, its clients are told why; when a file changes, those that get it")
  func ended() {
    let other = FileID(rawValue: 2)
    var bench = ServerBench(files: ["boot.img": .found(file, size: 5000), "other": .found(other, size: 5000)])
    let second = ServerBench.client(2)
    bench.hear(ServerBench.request(), from: client)
    bench.hear(ServerBench.request(file: "other"), from: second)
    var effects: [BootServerEffect] = []
    bench.server.fileChanged(file, at: ms(1), into: &effects)
    let changed = Packet.error(code: .undefined, message: "the file has changed")
    expect(bench.seen(effects), equals: [.packet(changed, to: client), .released(file)])
    effects = []
    bench.server.stop(saying: "the server stops", at: ms(2), into: &effects)
    let stopped = Packet.error(code: .undefined, message: "the server stops")
    expect(bench.seen(effects), equals: [.packet(stopped, to: second), .released(other)])
    #expect(bench.hear(.acknowledgment(1), from: second, at: ms(3)).first != .data(2...2, to: second))
  }

  @Test("More transfers than allowed are refused, but one that nobody has gone on with ends for a new one")
  func full() {
    var bench = ServerBench { $0.mostTransfers = 2 }
    for host in 1...2 as ClosedRange<UInt8> { bench.hear(ServerBench.request(), from: ServerBench.client(host)) }
    let third = ServerBench.client(3)
    let busy = Packet.error(code: .undefined, message: "the server is busy")
    expect(bench.hear(ServerBench.request(), from: third).last, equals: .data(1...1, to: third))
    for client in [ServerBench.client(2), third] { bench.hear(.acknowledgment(1), from: client) }
    let fourth = ServerBench.client(4)
    expect(bench.hear(ServerBench.request(), from: fourth), equals: [.packet(busy, to: fourth)])
  }

  private static func limited(to bytes: UInt32) -> BootServerSettings {
    var settings = BootServerSettings()
    settings.limits.largestBlock = bytes
    return settings
  }
}
