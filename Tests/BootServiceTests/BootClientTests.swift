import BlockTransfer
import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import BootService

@Suite("What a client asks for, and what it makes of the answer")
struct BootClientTests {
  let content = (0..<40).map { UInt8($0) }

  @Test("It asks for everything, and takes a plain transfer without a word about multicast")
  func transfer() throws {
    var bench = ClientBench()
    bench.begin()
    expect(bench.sent.first?.to, equals: ClientBench.server)
    expect(
      bench.takeRequest(),
      equals: [
        .blockSize(16), .transferSize(0), .timeout(seconds: 1), .windowSize(1), .multicast(.request),
        .promotion(.request),
      ])
    bench.receive(.optionAcknowledgment([.blockSize(16), .transferSize(40)]))
    expect(bench.client.terms, equals: ClientTerms(way: .tftp, size: 40, blockSize: 16))
    for block in BlockNumber(1)...3 { bench.receive(block: block, of: content) }
    expect(bench.takeSent().map(\.packet), equals: (BlockNumber(0)...3).map { .acknowledgment($0) })
    expect(bench.outcome, equals: .complete)
    expect(bench.written, equals: content)
    #expect(bench.events.contains(.completed(size: 40)))
  }

  @Test("DATA 1 answers it by a server of RFC 1350: 512 bytes, one block at a time")
  func withoutOptions() {
    let content = [UInt8](repeating: 7, count: 600)
    var bench = ClientBench()
    bench.begin()
    for block in BlockNumber(1)...2 { bench.receive(block: block, of: content, blockSize: 512) }
    expect(bench.written, equals: content)
    expect(bench.outcome, equals: .complete)
  }

  @Test(
    "ERROR 8, or 4 of an old server, makes it ask for less, twice",
    arguments: [ErrorCode.optionNegotiation, .illegalOperation])
  func asksForLess(code: ErrorCode) {
    var bench = ClientBench()
    bench.begin()
    _ = bench.takeSent()
    bench.receive(error: code)
    expect(bench.takeRequest(), equals: [.blockSize(16), .transferSize(0)])
    bench.receive(error: code)
    expect(bench.takeRequest(), equals: [])
    bench.receive(error: code)
    expect(bench.outcome, equals: .failed(.refused(code, message: "no")))
  }

  @Test("A server that no longer knows a transfer of which nothing came is asked again, retries times")
  func asksAnew() {
    var bench = ClientBench(.tftp) { $0.retries = 2 }
    bench.begin()
    for _ in 0..<2 {
      _ = bench.takeSent()
      bench.receive(.optionAcknowledgment([.blockSize(16), .transferSize(40)]))
      bench.receive(error: .unknownTransfer)
      #expect(bench.outcome == nil)
      expect(bench.takeSent().last?.to, equals: ClientBench.server)
    }
    bench.receive(.optionAcknowledgment([.blockSize(16), .transferSize(40)]))
    bench.receive(error: .unknownTransfer)
    expect(bench.outcome, equals: .failed(.refused(.unknownTransfer, message: "no")))

    var begun = ClientBench(.tftp)
    begun.begin()
    begun.receive(.optionAcknowledgment([.blockSize(16), .transferSize(40)]))
    begun.receive(block: 1, of: content)
    begun.receive(error: .unknownTransfer)
    expect(begun.outcome, equals: .failed(.refused(.unknownTransfer, message: "no")))
  }

  @Test("ERROR ends it with the server's words", arguments: [ErrorCode.fileNotFound, .accessViolation, .undefined])
  func refused(code: ErrorCode) {
    var bench = ClientBench()
    bench.begin()
    bench.receive(error: code, "not today")
    expect(bench.outcome, equals: .failed(.refused(code, message: "not today")))
    expect(bench.events.suffix(2), equals: [.entered(.failed), .ended(.failed(.refused(code, message: "not today")))])
  }

  @Test("Who wants promotion or multicast alone fails without it", arguments: [ClientMode.promotion, .rfc2090])
  func nothingElse(mode: ClientMode) {
    var bench = ClientBench(mode)
    bench.begin()
    let way: TransferWay = mode == .promotion ? .promotion : .rfc2090
    _ = bench.takeSent()
    bench.receive(.optionAcknowledgment([.blockSize(16), .transferSize(40)]))
    expect(bench.outcome, equals: .failed(.notGranted(way)))
    expect(bench.sent.map(\.to), equals: [ClientBench.peer])
    guard case .error(.optionNegotiation, _) = bench.sent.first?.packet else { Issue.record("no ERROR 8"); return }
  }

  @Test("A client of RFC 2090 does not ask for promotion")
  func plainMulticast() {
    var bench = ClientBench(.rfc2090)
    bench.begin()
    #expect(bench.takeRequest()?.promotion == nil)
    bench.receive(.optionAcknowledgment(.grant(size: 40, threshold: nil)))
    expect(bench.client.terms?.way, equals: .rfc2090)
  }

  @Test("A transfer without a group asks for no group")
  func plainMode() {
    var bench = ClientBench(.tftp)
    bench.begin()
    expect(bench.takeRequest(), equals: [.blockSize(16), .transferSize(0), .timeout(seconds: 1), .windowSize(1)])
  }

  @Test(
    "An answer that grants more than was asked for ends it with ERROR 8",
    arguments: [
      [.blockSize(17)], [.windowSize(2)], [.timeout(seconds: 2)], [.wideBlockNumbers],
      [.unknown(name: "rollover", value: "0")], [.multicast(.request)], [.promotion(.smart)],
      [.multicast(.reply(address: nil, port: nil, isActive: true))],
      [.multicast(.reply(address: "192.0.2.9", port: 1758, isActive: true))],
      [.multicast(.reply(address: "239.1.2", port: 1758, isActive: true))],
      [.multicast(.reply(address: "239.192.0.1", port: nil, isActive: true))],
    ] as [[TransferOption]])
  func badAnswers(options: [TransferOption]) {
    var bench = ClientBench()
    bench.begin()
    _ = bench.takeSent()
    bench.receive(.optionAcknowledgment(Options(options + [.transferSize(40)])))
    guard case .failed(.badAnswer) = bench.outcome else { Issue.record("\(String(describing: bench.outcome))"); return }
    expect(bench.sent.count, equals: 1)
    guard case .error(.optionNegotiation, _) = bench.sent.first?.packet else { Issue.record("no ERROR 8"); return }
  }

  @Test("A request without an answer is repeated, and then given up", arguments: [ClientMode.auto, .tftp])
  func noAnswer(mode: ClientMode) {
    var bench = ClientBench(mode)
    bench.begin()
    for _ in 0..<5 { bench.wait() }
    expect(bench.takeSent().count, equals: 6)
    #expect(bench.outcome == nil)
    bench.wait()
    expect(bench.outcome, equals: .failed(.noAnswer))
    expect(bench.now, equals: .seconds(6))
  }

  @Test("The first answer fixes the server's port; what comes from another one gets ERROR 5, once a second")
  func peers() {
    var bench = ClientBench()
    bench.begin()
    bench.receive(.optionAcknowledgment([.blockSize(16), .transferSize(40)]))
    _ = bench.takeSent()
    let other = Endpoint(host: ClientBench.server.host, port: 41_000)
    for _ in 0..<3 { bench.receive(block: 1, of: content, from: other) }
    expect(bench.sent.map(\.to), equals: [other])
    guard case .error(.unknownTransfer, _) = bench.takeSent().first?.packet else { Issue.record("no ERROR 5"); return }
    bench.receive(.error(code: .undefined, message: ""), from: other)
    bench.receive(block: 1, of: content, from: Endpoint(host: HostAddress(192, 0, 2, 7), port: 40_000))
    #expect(bench.sent.isEmpty)
    #expect(bench.outcome == nil)
    bench.now = .milliseconds(999)
    bench.receive(block: 1, of: content, from: other)
    #expect(bench.sent.isEmpty)
    bench.receive(block: 1, of: content)
    expect(bench.takeSent().map(\.packet), equals: [.acknowledgment(1)])
    expect(bench.client.counts.strangers, equals: 5)
  }

  @Test("A request that can't be written fails at once")
  func badName() {
    var client = BootClient(
      ClientSettings(server: ClientBench.server, fileName: String(repeating: "x", count: 600)))
    var effects: [ClientEffect] = []
    client.begin(at: .zero, into: &effects)
    guard case .failed(.badRequest) = client.outcome else { Issue.record("it was sent"); return }
  }

  @Test("Ended from this side, it tells the server")
  func cancelled() {
    var bench = ClientBench()
    bench.begin()
    bench.receive(.optionAcknowledgment(.grant(size: 40)))
    _ = bench.takeSent()
    bench.cancel()
    expect(bench.takeSent().map(\.packet), equals: [.error(code: .undefined, message: "enough")])
    expect(bench.leaves, equals: [ClientBench.group])
    expect(bench.outcome, equals: .failed(.stopped))
    expect(bench.client.deadline, equals: .never)
  }
}
