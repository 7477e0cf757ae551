import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

@Suite("R2: the server answers what was asked for (RFC 2347, RFC 2348, RFC 7440)")
struct R02ProposalTests {
  /// The answer to a device that asks for these options.
  private func answer(to asked: Options, _ adjust: (inout ProtocolParameters) -> Void = { _ in }) throws -> Options {
    var bench = ServerBench(adjust)
    let request = Packet.readRequest(ReadRequest(fileName: "boot.img", options: asked))
    let effects = bench.hear(try #require(Message(request)), from: 1, at: .zero)
    guard case .unicast(let message, to: 1, _) = effects.last,
      case .optionAcknowledgment(let options) = message.packet(in: WireContext(parameters: ProtocolParameters()))
    else { throw WireError(.truncated, at: 0) }
    return options
  }

  private let group = TransferOption.multicast(.reply(address: "239.192.0.1", port: 1_758, isActive: true))

  @Test("only options that were asked for, whatever else the server knows")
  func onlyWhatWasAsked() throws {
    try expect(answer(to: [.multicast(.request), .blockSize(1_000)]), equals: [.blockSize(1_000), group])
    try expect(
      answer(to: [.transferSize(0), .multicast(.request), .blockSize(1_000)]),
      equals: [.blockSize(1_000), .transferSize(9_500), group])
    try expect(
      answer(to: [.blockSize(1_000), .timeout(seconds: 7), .multicast(.request), .unknown(name: "x", value: "1")]),
      equals: [.blockSize(1_000), .timeout(seconds: 7), group])
    try expect(
      answer(to: [.blockSize(1_000), .multicast(.request), .promotion(.request)]),
      equals: [.blockSize(1_000), group, .promotion(.offer(threshold: 0, continuity: 1, endedSessions: 0))])
  }

  @Test("nothing that the server does not know")
  func onlyWhatIsKnown() throws {
    try expect(
      answer(to: [.blockSize(1_000), .multicast(.request), .promotion(.request), .wideBlockNumbers]) {
        $0.speaksPromotion = false
      }, equals: [.blockSize(1_000), group])
  }

  @Test("the blocks and windows of the group, which are no larger than asked for")
  func smaller() throws {
    try expect(
      answer(to: [.blockSize(65_464), .windowSize(64), .multicast(.request)]) { $0.windowSize = 16 },
      equals: [.blockSize(1_000), .windowSize(16), group])
  }

  @Test(
    "who takes less belongs to another group, and hears ERROR 8",
    arguments: [
      [.blockSize(999), .windowSize(8), .multicast(.request)], [.windowSize(8), .multicast(.request)],
      [.blockSize(1_000), .multicast(.request)], [.blockSize(1_000), .windowSize(7), .multicast(.request)],
    ] as [Options])
  func anotherGroup(asked: Options) throws {
    var bench = ServerBench { $0.windowSize = 8 }
    let proposal = try #require(Proposal(asked))
    expect(
      bench.hear(.request(proposal), from: 1, at: .zero),
      equals: [.unicast(.error(.optionNegotiation), to: 1, leavesAt: turnaround)])
    expect(bench.server.standing(of: 1), equals: .unknown)
  }

  @Test("the terms of the group that a proposal leads to")
  func terms() throws {
    var parameters = ProtocolParameters()
    parameters.windowSize = 16
    func terms(_ asked: Options) throws -> GroupTerms { GroupTerms(try #require(Proposal(asked)), under: parameters) }
    try expect(
      terms([.multicast(.request)]), equals: GroupTerms(blockSize: 512, windowSize: 1, wideBlockNumbers: false))
    try expect(
      terms([.blockSize(9_000), .windowSize(64), .multicast(.request), .wideBlockNumbers]),
      equals: GroupTerms(blockSize: 1_428, windowSize: 16, wideBlockNumbers: false))
    parameters.wideBlockNumbers = true
    let wide = try terms([.blockSize(1_024), .multicast(.request), .wideBlockNumbers])
    expect(wide, equals: GroupTerms(blockSize: 1_024, windowSize: 1, wideBlockNumbers: true))
    expect(wide.layout(ofSize: 1 << 30)?.blocks, equals: 1_048_577)
    #expect(try terms([.multicast(.request)]).layout(ofSize: 512 * 65_535) == nil, "65 536 blocks (R21)")
    try expect(terms([.multicast(.request)]).layout(ofSize: 512 * 65_535 - 1)?.blocks, equals: 65_535)
  }

  @Test("a request without `multicast` is none of the engine's")
  func plainTransfer() {
    #expect(Proposal([.blockSize(1_428), .transferSize(0)]) == nil)
  }
}

@Suite("ERROR ends what it is about, and nobody answers it (RFC 1350)")
struct ErrorTests {
  private let error = Message.error(.diskFull)

  @Test("a device fails, in any role but a complete one")
  func device() {
    var joining = DeviceBench()
    joining.switchOn(at: .zero)
    for var bench in [joining, .accepted(active: true), .passive(missing: [3]), .smart(missing: [3])] {
      expect(bench.hear(error, at: ms(9)), equals: [.entered(.failed)])
      expect(bench.deadline, equals: .never)
    }
    var complete = DeviceBench.passive(missing: [])
    let before = complete.device
    expect(complete.hear(error, at: ms(9)), equals: [])
    expect(complete.device, equals: before)
    var off = DeviceBench()
    expect(off.hear(error, at: ms(9)), equals: [])
  }

  @Test("one that comes over the group ends nothing")
  func group() {
    var bench = DeviceBench.accepted(active: true)
    expect(bench.hear(error, by: .multicast, at: ms(9)), equals: [])
    expect(bench.role, equals: .active)
  }

  @Test("the active device's ends its session; the check of the others follows")
  func active() {
    var bench = ServerBench()
    for device in DeviceID(1)...2 { bench.hear(.request(.usual), from: device, at: .zero) }
    bench.hear(.acknowledgment(0), from: 1, at: ms(1))
    expect(
      bench.hear(error, from: 1, at: ms(2)),
      equals: [
        .sessionEnded(.abandoned), .multicast(.check(session: 1), leavesAt: ms(2) + turnaround),
      ])
    expect(bench.server.standing(of: 1), equals: .struckOff)
    expect(bench.server.state.phase, equals: .check(awaited: 1))
  }

  @Test("one that the server waits for is waited for no longer, and is elected no more")
  func passive() {
    var bench = ServerBench()
    for device in DeviceID(1)...3 { bench.hear(.request(.usual), from: device, at: .zero) }
    bench.hear(.acknowledgment(10), from: 1, at: ms(1))
    bench.hear(gapReport(missing: 3), from: 2, at: ms(2))
    expect(bench.hear(error, from: 3, at: ms(3)), equals: [.unicast(.elected, to: 2, leavesAt: ms(3) + turnaround)])
    expect(bench.hear(error, from: 2, at: ms(4)), equals: [])
    expect(bench.server.state.phase, equals: .idle)
    expect(bench.deadline, equals: ms(11) + turnaround, "but for the copies of the notice")
  }

  @Test("a smart device's frees its place")
  func smart() {
    var bench = ServerBench {
      $0.promotion.threshold = 5_000
      $0.promotion.maxSmart = 1
    }
    for device in DeviceID(1)...3 { bench.hear(.request(.usual), from: device, at: .zero) }
    bench.hear(.acknowledgment(10), from: 1, at: ms(1))
    for device in DeviceID(2)...3 { bench.hear(gapReport(missing: 2), from: device, at: ms(2)) }
    expect(bench.server.standing(of: 3), equals: .queued)
    expect(
      bench.hear(error, from: 2, at: ms(3)), equals: [.unicast(.smart, to: 3, leavesAt: ms(3) + turnaround), .watch(3)])
  }

  @Test("a stranger's does nothing")
  func stranger() {
    var bench = ServerBench()
    expect(bench.hear(error, from: 1, at: .zero), equals: [])
    expect(bench.server.state.phase, equals: .idle)
  }
}
