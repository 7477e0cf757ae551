import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

/// Who does not report: a device that does not speak of promotion, and one that does, at a server that does not.
enum Plain: String, CaseIterable, Sendable {
  case device = "an old device"
  case server = "an old server"

  var request: Message { self == .device ? .request(.plain) : .request(.usual) }

  /// What the server sends a device that joins; an offer that an old device did not ask for means nothing to it.
  func acceptance(isActive: Bool) -> Message {
    guard case .acceptance(var accepted) = PromotionEngineTests.acceptance(isActive: isActive, ended: 2) else {
      return .wait
    }
    if self == .server { accepted.refusePromotion() }
    return .acceptance(accepted)
  }

  /// A device that joined at 0 and was accepted at 1 ms.
  func accepted(active: Bool, _ adjust: (inout ProtocolParameters) -> Void = { _ in }) -> DeviceBench {
    var bench = DeviceBench {
      $0.speaksPromotion = self != .device
      $0.promotion.threshold = 1 << 40
      adjust(&$0)
    }
    bench.switchOn(at: .zero)
    bench.hear(acceptance(isActive: active), at: ms(1))
    return bench
  }

  /// A passive device that has then missed these blocks of ten alone.
  func passive(missing: [BlockNumber], _ adjust: (inout ProtocolParameters) -> Void = { _ in }) -> DeviceBench {
    var bench = accepted(active: false, adjust)
    for block in 1...tenBlocks.blocks where !missing.contains(block) { bench.group(block, at: ms(2)) }
    return bench
  }
}

@Suite("R14: where one end does not speak of promotion, the device")
struct R14PlainDeviceTests {
  @Test("asks without the option, or with it, again and again alike (R3)", arguments: Plain.allCases)
  func joins(plain: Plain) {
    var bench = DeviceBench { $0.speaksPromotion = plain != .device }
    expect(bench.switchOn(at: ms(7)), equals: [.send(plain.request, leavesAt: ms(7))])
    expect(bench.fire(at: ms(1_007)), equals: [.send(plain.request, leavesAt: ms(1_007))])
  }

  @Test(
    "neither hears of the end of a session nor may be asked, promoted or told to wait", arguments: Plain.allCases,
    [Message.check(session: 9), .smart, .wait])
  func takesNoWord(plain: Plain, word: Message) {
    for var bench in [plain.passive(missing: [3, 5]), plain.accepted(active: true)] {
      let before = bench.device.state
      expect(bench.hear(word, at: ms(3)), equals: [])
      expect(bench.hear(word, by: .multicast, at: ms(3)), equals: [])
      expect(bench.device.state, equals: before)
    }
  }

  @Test("drives when it is elected, from its first missing block on", arguments: Plain.allCases)
  func elected(plain: Plain) {
    var bench = plain.passive(missing: [3, 5])
    expect(bench.hear(.elected, at: ms(4)), equals: [.entered(.active), ack(2, ms(4) + turnaround)])
  }

  @Test("says ACK(n) when it is elected and misses nothing, and says nothing before", arguments: Plain.allCases)
  func missesNothing(plain: Plain) {
    var bench = plain.passive(missing: [])
    expect(bench.role, equals: .complete)
    expect(bench.run(until: s(6)), equals: [])
    expect(bench.hear(.elected, at: s(6)), equals: [ack(10, s(6) + turnaround)])
    expect(bench.deadline, equals: .never)
  }

  /// The group was silent from 2 ms on. Six requests, 6.5 s apart; 6.5 s after the last it gives up.
  @Test(
    "sends its request in each silence, and fails when retries + 1 of them have no answer", arguments: Plain.allCases)
  func silences(plain: Plain) {
    var bench = plain.passive(missing: [3])
    let asked = (1...6).map { DeviceEffect.send(plain.request, leavesAt: ms(2 + 6_500 * $0)) }
    #expect(bench.awaitsSilence)
    #expect(bench.run(until: ms(2 + 6_500 * 7 - 1)) == asked)
    #expect(bench.awaitsSilence)
    expect(bench.run(until: s(100)), equals: [.entered(.failed)])
    expect(bench.role, equals: .failed)
  }

  @Test(
    "goes on as long as anything of the group, or an answer, comes between", arguments: Plain.allCases, [true, false])
  func heardBetween(plain: Plain, isGroup: Bool) {
    var bench = plain.passive(missing: [3])
    for _ in 0..<3 {
      let last = bench.deadline + ms(6_500) * 5
      expect(bench.run(until: last).count, equals: 6)
      let word = isGroup ? .data(4) : plain.acceptance(isActive: false)
      expect(bench.hear(word, by: isGroup ? .multicast : .unicast, at: last + ms(1)), equals: [])
      expect(bench.role, equals: .passive)
    }
  }

  @Test("drives when the answer to its request says so: it had been struck off (R2, R8a)", arguments: Plain.allCases)
  func readmitted(plain: Plain) {
    var bench = plain.passive(missing: [3])
    bench.run(until: ms(6_502))
    expect(
      bench.hear(plain.acceptance(isActive: true), at: ms(6_503)),
      equals: [
        .entered(.active), ack(2, ms(6_503) + turnaround),
      ])
  }

  @Test("ends its transfer in a silence if it misses nothing (RFC 2090)", arguments: Plain.allCases)
  func completeInSilence(plain: Plain) {
    var bench = plain.passive(missing: [])
    expect(bench.fire(at: ms(6_502)), equals: [ack(10, ms(6_502))])
    expect(bench.deadline, equals: .never)
    expect(bench.hear(.elected, at: s(9)), equals: [ack(10, s(9) + turnaround)], "if that was lost, it says so again")
  }

  @Test(
    "is passive again and asks to be registered when it hears that it is not active (R8a)", arguments: Plain.allCases)
  func notActive(plain: Plain) {
    var bench = plain.accepted(active: true)
    bench.group(1, at: ms(2))
    expect(
      bench.hear(.notActive, at: ms(3)),
      equals: [.entered(.passive), .send(plain.request, leavesAt: ms(3) + turnaround)])
    expect(bench.hear(plain.acceptance(isActive: false), at: ms(4)), equals: [])
    expect(bench.deadline, equals: ms(3 + 6_500))
  }

  @Test("a complete one answers a unicast OACK with ACK(n), and checks nothing (R7)", arguments: Plain.allCases)
  func answers(plain: Plain) {
    var bench = plain.passive(missing: [])
    expect(bench.hear(.check(session: 3), at: ms(4)), equals: [ack(10, ms(4) + turnaround)])
  }

  @Test("an OACK of R2 means nothing to a device that reports")
  func reportingIgnoresIt() {
    var bench = DeviceBench.passive(missing: [3])
    let before = bench.device
    expect(bench.hear(acceptance(isActive: true), at: ms(4)), equals: [])
    expect(bench.device, equals: before)
  }

  @Test(
    "MTFTP: does not promote itself, and opens again after a silence and its delay (R20)", arguments: [true, false])
  func mtftp(speaks: Bool) {
    var bench = DeviceBench(file: tenBlocks) {
      $0.mode = .pxeMTFTP
      $0.speaksPromotion = speaks
      $0.promotion.threshold = 1 << 40
    }
    bench.switchOn(at: .zero)
    for block in BlockNumber(1)...10 where block != 3 { bench.group(block, at: ms(5)) }
    let effects = bench.fire(at: ms(6_505))
    expect(effects.contains(.entered(.smart)), equals: speaks)
    guard !speaks else { return }
    expect(effects, equals: [], "no check, and nothing to send")
    // 2 s × 9/10.
    expect(bench.deadline, equals: ms(8_305))
    expect(bench.fire(at: ms(8_305)), equals: [.send(.open, leavesAt: ms(8_305))])
  }
}

@Suite("R14: where one end does not speak of promotion, the server")
struct R14PlainServerTests {
  private func answer(to device: DeviceID, isActive: Bool, at now: Nanoseconds) -> ServerEffect {
    .unicast(Plain.server.acceptance(isActive: isActive), to: device, leavesAt: now + turnaround)
  }

  @Test("offers no option, and elects the next by arrival as soon as a session ends", arguments: ActiveOrder.allCases)
  func sessions(order: ActiveOrder) {
    var bench = ServerBench {
      $0.speaksPromotion = false
      $0.activeOrder = order
      $0.promotion.threshold = 1 << 40
    }
    expect(
      bench.hear(.request(.usual), from: 7, at: ms(1)),
      equals: [
        .sessionOpened(active: 7), answer(to: 7, isActive: true, at: ms(1)),
      ])
    expect(bench.hear(.request(.plain), from: 4, at: ms(2)), equals: [answer(to: 4, isActive: false, at: ms(2))])
    expect(bench.hear(.request(.usual), from: 5, at: ms(3)), equals: [answer(to: 5, isActive: false, at: ms(3))])
    bench.hear(.acknowledgment(0), from: 7, at: ms(4))
    let end = ms(9) + turnaround
    expect(
      bench.hear(.acknowledgment(10), from: 7, at: ms(9)),
      equals: [
        .sessionEnded(.complete), .unicast(.elected, to: 4, leavesAt: end),
      ])
    expect(bench.deadline, equals: end + s(1), "nothing but the election is due")
    expect(
      bench.hear(.acknowledgment(10), from: 4, at: ms(10)),
      equals: [.unicast(.elected, to: 5, leavesAt: ms(10) + turnaround)])
    expect(bench.hear(.acknowledgment(2), from: 5, at: ms(11)).first, equals: .sessionOpened(active: 5))
    expect(bench.hear(.acknowledgment(10), from: 5, at: ms(12)), equals: [.sessionEnded(.complete)])
    expect(bench.deadline, equals: .never)
  }

  @Test("elects the next at once after an abandoned session, and after one that was handed over")
  func otherEnds() {
    var bench = ServerBench {
      $0.speaksPromotion = false
      $0.handOver = HandOverRule()
      $0.handOver?.window = 2
    }
    for device in DeviceID(1)...3 { bench.hear(.request(.usual), from: device, at: .zero) }
    expect(bench.fire(at: s(6)), equals: [.sessionEnded(.abandoned), .unicast(.elected, to: 2, leavesAt: s(6))])
    for block in [BlockNumber(0), 1, 1] { bench.hear(.acknowledgment(block), from: 2, at: s(7)) }
    expect(
      bench.hear(.acknowledgment(1), from: 2, at: s(7)),
      equals: [
        .unicast(.notActive, to: 2, leavesAt: s(7) + turnaround), .sessionEnded(.handedOver),
        .unicast(.elected, to: 3, leavesAt: s(7) + turnaround),
      ])
  }

  @Test("takes a report for the request of nobody, and decides nothing")
  func report() {
    var bench = ServerBench {
      $0.speaksPromotion = false
      $0.promotion.threshold = 1 << 40
    }
    for device in DeviceID(1)...2 { bench.hear(.request(.usual), from: device, at: .zero) }
    let state = bench.server.state
    expect(bench.hear(gapReport(missing: 3), from: 2, at: ms(5)), equals: [])
    expect(bench.server.state, equals: state)
    if case .report(let report) = gapReport(missing: 3) {
      #expect(!bench.server.decidesByThreshold(on: report, from: 2))
    }
  }

  @Test("says to whom should not ask that it is not active, known or not (R8a)", arguments: [DeviceID(1), 9])
  func notActive(device: DeviceID) {
    var bench = ServerBench { $0.speaksPromotion = false }
    bench.hear(.request(.usual), from: 1, at: .zero)
    bench.fire(at: s(6))
    expect(
      bench.hear(.acknowledgment(4), from: device, at: s(7)),
      equals: [
        .unicast(.notActive, to: device, leavesAt: s(7) + turnaround)
      ])
    expect(
      bench.hear(.request(.usual), from: device, at: s(8)).first, equals: .sessionOpened(active: device),
      "its RRQ brings it back")
  }

  /// Devices 1 and 3 speak of promotion, 2 and 4 do not. Session 1 is that of device 1.
  private func mixed(_ adjust: (inout ProtocolParameters) -> Void = { _ in }) -> ServerBench {
    var bench = ServerBench(adjust)
    for device in DeviceID(1)...4 {
      bench.hear(device.isMultiple(of: 2) ? .request(.plain) : .request(.usual), from: device, at: .zero)
    }
    bench.hear(.acknowledgment(0), from: 1, at: ms(1))
    bench.hear(.acknowledgment(10), from: 1, at: ms(100))
    return bench
  }

  @Test("a mixed group: waits for the reports of those that report, and asks nobody else")
  func waitsForReports() {
    var bench = mixed()
    expect(bench.server.state.phase, equals: .check(awaited: 1))
    let asked = bench.run(until: s(6)).compactMap { effect -> DeviceID? in
      if case .unicast(.check, let device, _) = effect { device } else { nil }
    }
    expect(asked, equals: [3, 3, 3, 3, 3])
    expect(
      bench.hear(gapReport(missing: 1), from: 3, at: s(6)),
      equals: [
        .unicast(.wait, to: 3, leavesAt: s(6) + turnaround), .unicast(.elected, to: 2, leavesAt: s(6) + turnaround),
      ])
  }

  @Test(
    "a mixed group: one that does not report counts as missing the whole file in one gap",
    arguments: [(ActiveOrder.arrival, DeviceID(2)), (.largestGap, 2), (.smallestGap, 3), (.mostGaps, 3)])
  func order(order: ActiveOrder, first: DeviceID) {
    var bench = mixed { $0.activeOrder = order }
    expect(
      bench.hear(gapReport(missing: 3), from: 3, at: ms(101)).last,
      equals: .unicast(.elected, to: first, leavesAt: ms(101) + turnaround))
  }

  @Test("a mixed group: promotes who reports, while who does not is elected")
  func promotes() {
    var bench = mixed { $0.promotion.threshold = 5_000 }
    expect(
      bench.hear(gapReport(missing: 1), from: 3, at: ms(101)),
      equals: [
        .unicast(.smart, to: 3, leavesAt: ms(101) + turnaround), .watch(3),
        .unicast(.elected, to: 2, leavesAt: ms(101) + turnaround),
      ])
    expect(
      bench.hear(.acknowledgment(10), from: 2, at: ms(102)),
      equals: [
        .unicast(.elected, to: 4, leavesAt: ms(102) + turnaround)
      ])
  }

  @Test("one that comes back without the option is awaited no longer")
  func rebooted() {
    var bench = mixed()
    expect(
      bench.hear(.request(.plain), from: 3, at: ms(200)).last,
      equals: .unicast(.elected, to: 2, leavesAt: ms(200) + turnaround))
    expect(bench.server.state.phase, equals: .election(of: 2, others: 0))
  }

  @Test("sends no notice where nobody who was registered speaks of promotion")
  func nobodyToTell() {
    var bench = ServerBench()
    for device in DeviceID(1)...2 { bench.hear(.request(.plain), from: device, at: .zero) }
    bench.hear(.acknowledgment(0), from: 1, at: ms(1))
    expect(
      bench.hear(.acknowledgment(10), from: 1, at: ms(9)),
      equals: [
        .sessionEnded(.complete), .unicast(.elected, to: 2, leavesAt: ms(9) + turnaround),
      ])
  }

  @Test("MTFTP: answers asks of the session alone, and no smart device's", arguments: [true, false])
  func mtftp(speaks: Bool) {
    var bench = ServerBench {
      $0.mode = .pxeMTFTP
      $0.speaksPromotion = speaks
    }
    bench.hear(.open, from: 1, at: .zero)
    expect(bench.hear(.acknowledgment(4), from: 2, at: ms(1)).isEmpty, equals: !speaks)
    expect(
      bench.hear(.acknowledgment(1), from: 1, at: ms(1)),
      equals: [
        .multicastData(first: 2, last: 2, leavesAt: ms(1) + turnaround)
      ])
  }
}
