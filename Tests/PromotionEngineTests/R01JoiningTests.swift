import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

@Suite("R1–R3: a device joins")
struct R01JoiningTests {
  @Test("it sends its request when it is switched on, and only then once")
  func request() {
    var bench = DeviceBench()
    expect(bench.role, equals: .joining)
    expect(bench.deadline, equals: .never)
    expect(bench.switchOn(at: ms(7)), equals: [.send(.request(.usual), leavesAt: ms(7))])
    expect(bench.switchOn(at: ms(8)), equals: [])
    expect(bench.deadline, equals: ms(7) + s(1))
  }

  @Test(
    "an unanswered request is repeated every timeout, retries times, and fails one timeout after",
    arguments: [1, 5]
  )
  func repeats(retries: Int) {
    var bench = DeviceBench { $0.retries = retries }
    bench.switchOn(at: ms(7))
    for attempt in 1...Int64(retries) {
      expect(bench.deadline, equals: ms(7) + s(attempt))
      expect(bench.fire(at: bench.deadline), equals: [.send(.request(.usual), leavesAt: ms(7) + s(attempt))])
    }
    expect(bench.deadline, equals: ms(7) + s(Int64(retries) + 1))
    expect(bench.fire(at: bench.deadline), equals: [.entered(.failed)])
    expect(bench.role, equals: .failed)
    expect(bench.deadline, equals: .never)
  }

  @Test("firing early does nothing, and firing twice at one deadline repeats once")
  func firing() {
    var bench = DeviceBench()
    bench.switchOn(at: .zero)
    expect(bench.fire(at: s(1) - Nanoseconds(1)), equals: [])
    expect(bench.fire(at: s(1)).count, equals: 1)
    expect(bench.fire(at: s(1)), equals: [])
  }

  @Test("it listens from its OACK on, and what came before is missing like any lost packet")
  func listening() {
    var bench = DeviceBench()
    bench.switchOn(at: .zero)
    #expect(!bench.listens(at: ms(1)))
    bench.group(1, at: ms(1))
    expect(bench.hear(acceptance(isActive: false), at: ms(2)), equals: [.entered(.passive)])
    #expect(bench.listens(at: ms(2)))
    expect(bench.role, equals: .passive)
    expect(bench.missing, equals: Array(1...10))
  }

  @Test("it hears the group only after the time that it needs to join it (N4)", arguments: [false, true])
  func joinsTheGroup(isActive: Bool) {
    var bench = DeviceBench()
    bench.settings.groupJoinDelay = ms(5)
    bench.switchOn(at: .zero)
    expect(bench.hear(acceptance(isActive: isActive), at: ms(2)), equals: [])
    expect(bench.role, equals: .joining)
    #expect(!bench.listens(at: ms(6)))
    expect(bench.deadline, equals: ms(7))
    for message in [.elected, .notActive, .check(session: 1), acceptance(isActive: !isActive)] as [Message] {
      expect(bench.hear(message, at: ms(6)), equals: [], "the server repeats what it wants answered")
    }
    expect(bench.fire(at: ms(7) - Nanoseconds(1)), equals: [])
    let asks = [DeviceEffect.entered(.active), ack(0, ms(7) + turnaround)]
    expect(bench.fire(at: ms(7)), equals: isActive ? asks : [.entered(.passive)])
    #expect(bench.listens(at: ms(7)))
  }

  @Test("mc=1 makes it the active device, which asks at once")
  func becomesActive() {
    var bench = DeviceBench()
    bench.switchOn(at: .zero)
    expect(bench.hear(acceptance(isActive: true), at: ms(2)), equals: [.entered(.active), ack(0, ms(2) + turnaround)])
    expect(bench.role, equals: .active)
    #expect(bench.listens(at: ms(2)))
  }

  @Test("an OACK that comes once more changes nothing", arguments: [true, false])
  func repeatedAcceptance(isActive: Bool) {
    var bench = DeviceBench.accepted(active: isActive)
    let before = bench.device
    expect(bench.hear(acceptance(isActive: true), at: ms(3)), equals: [])
    expect(bench.device, equals: before)
  }

  @Test("an OACK to the group makes nobody join")
  func acceptanceToGroup() {
    var bench = DeviceBench()
    bench.switchOn(at: .zero)
    expect(bench.hear(acceptance(isActive: true), by: .multicast, at: ms(2)), equals: [])
    expect(bench.role, equals: .joining)
  }

  @Test("a device that is switched off in any role has failed, stays so, and is silent")
  func switchedOff() {
    for var bench in [
      DeviceBench(), .accepted(active: true), .accepted(active: false), .smart(missing: [2]),
    ] {
      expect(bench.switchOff(), equals: [.entered(.failed)])
      #expect(bench.role == .failed && bench.deadline == .never && !bench.listens(at: ms(4)))
      expect(bench.switchOn(at: ms(4)), equals: [])
      expect(bench.hear(.check(session: 9), at: ms(4)), equals: [])
      expect(bench.group(2, at: ms(4)), equals: [])
      expect(bench.role, equals: .failed)
    }
  }

  @Test("a complete device that is switched off stays complete, and is silent")
  func switchedOffComplete() {
    var bench = DeviceBench.passive(missing: [])
    expect(bench.switchOff(), equals: [])
    #expect(bench.role == .complete && bench.deadline == .never && !bench.listens(at: ms(4)))
    expect(bench.hear(.elected, at: ms(4)), equals: [])
    expect(bench.hear(.check(session: 1), at: ms(4)), equals: [])
    #expect(!bench.listens(at: ms(4)))
  }
}

@Suite("R2: the server registers and answers")
struct R02RegistrationTests {
  private func answer(
    to device: DeviceID,
    isActive: Bool,
    at now: Nanoseconds,
    ended: UInt32 = 0
  ) -> ServerEffect {
    .unicast(acceptance(isActive: isActive, ended: ended), to: device, leavesAt: now + turnaround)
  }

  @Test("the first device drives a new session, those after it are passive")
  func firstIsActive() {
    var bench = ServerBench()
    expect(
      bench.hear(.request(.usual), from: 1, at: ms(1)),
      equals: [.sessionOpened(active: 1), answer(to: 1, isActive: true, at: ms(1))])
    expect(bench.server.activeDevice, equals: 1)
    expect(bench.hear(.request(.usual), from: 2, at: ms(2)), equals: [answer(to: 2, isActive: false, at: ms(2))])
    expect(bench.server.activeDevice, equals: 1)
  }

  @Test("the answer carries the file, the window, the threshold, the continuity and k")
  func answerCarries() {
    var bench = ServerBench {
      $0.windowSize = 8
      $0.promotion.threshold = 4_321
      $0.promotion.continuity = 7
      $0.wideBlockNumbers = true
    }
    let effects = bench.hear(.request(.any), from: 1, at: .zero)
    expect(
      effects.last,
      equals: .unicast(
        .acceptance(
          Acceptance(
            file: tenBlocks,
            windowSize: 8,
            wideBlockNumbers: true,
            isActive: true,
            promotion: Acceptance.Offer(threshold: 4_321, continuity: 7, sessionsEnded: 0)
          )
        ),
        to: 1,
        leavesAt: turnaround
      ))
  }

  @Test("a repeated request is answered by where the device stands: active, passive, elected, smart")
  func repeatedRequest() {
    var bench = ServerBench { $0.promotion.threshold = 5_000 }
    bench.hear(.request(.usual), from: 1, at: .zero)
    bench.hear(.request(.usual), from: 2, at: .zero)
    bench.hear(.request(.usual), from: 3, at: .zero)
    expect(
      bench.hear(.request(.usual), from: 1, at: ms(2)),
      equals: [answer(to: 1, isActive: true, at: ms(2))].adjusted(5_000))
    expect(
      bench.hear(.request(.usual), from: 2, at: ms(2)),
      equals: [answer(to: 2, isActive: false, at: ms(2))].adjusted(5_000))
    bench.hear(.acknowledgment(10), from: 1, at: ms(3))
    bench.hear(gapReport(missing: 2), from: 3, at: ms(4))  // smart
    bench.hear(gapReport(missing: 8), from: 2, at: ms(4))  // waits, and is elected
    expect(
      bench.hear(.request(.usual), from: 2, at: ms(5)),
      equals: [answer(to: 2, isActive: false, at: ms(5), ended: 1)].adjusted(5_000))
    expect(
      bench.hear(.request(.usual), from: 3, at: ms(5)),
      equals: [answer(to: 3, isActive: false, at: ms(5), ended: 1)].adjusted(5_000))
    expect(bench.hear(.acknowledgment(0), from: 2, at: ms(6)).first, equals: .sessionOpened(active: 2))
    expect(
      bench.hear(.acknowledgment(2), from: 3, at: ms(6)),
      equals: [.unicast(.data(3), to: 3, leavesAt: ms(6) + turnaround)])
  }

  @Test("a repeated request registers nothing twice: the order stays the first one")
  func registersOnce() {
    var bench = ServerBench()
    for device in [1, 2, 3, 2, 1, 3] as [DeviceID] { bench.hear(.request(.usual), from: device, at: .zero) }
    bench.hear(.acknowledgment(10), from: 1, at: ms(1))
    bench.hear(gapReport(missing: 4), from: 3, at: ms(2))
    let effects = bench.hear(gapReport(missing: 4), from: 2, at: ms(2))
    expect(effects.last, equals: .unicast(.elected, to: 2, leavesAt: ms(2) + turnaround))
  }

  @Test("one that joins during the check is passive, and knows of the session that ended (R16)")
  func joinsDuringCheck() {
    var bench = ServerBench.afterSession(devices: 2)
    expect(
      bench.hear(.request(.usual), from: 3, at: ms(101)),
      equals: [answer(to: 3, isActive: false, at: ms(101), ended: 1)])
  }

  @Test("one that joins when nobody waits and nothing runs starts a session (R16)")
  func joinsIdle() {
    var bench = ServerBench.afterSession(devices: 1)
    expect(
      bench.hear(.request(.usual), from: 2, at: s(1)),
      equals: [.sessionOpened(active: 2), answer(to: 2, isActive: true, at: s(1), ended: 1)])
  }

  @Test("one that does not ask for promotion is offered none (RFC 2347), and waits for its election without a check")
  func withoutPromotion() {
    var bench = ServerBench.afterSession(devices: 1)
    guard case .acceptance(var plain) = acceptance(isActive: true, ended: 1) else { return }
    plain.refusePromotion()
    expect(
      bench.hear(.request(.plain), from: 2, at: s(1)),
      equals: [.sessionOpened(active: 2), .unicast(.acceptance(plain), to: 2, leavesAt: s(1) + turnaround)])
    plain.isActive = false
    expect(
      bench.hear(.request(.plain), from: 3, at: s(1)),
      equals: [.unicast(.acceptance(plain), to: 3, leavesAt: s(1) + turnaround)])
    bench.hear(.acknowledgment(0), from: 2, at: s(2))
    expect(
      bench.hear(.acknowledgment(10), from: 2, at: s(3)).suffix(2),
      equals: [
        .multicast(.check(session: 2), leavesAt: s(3) + turnaround),
        .unicast(.elected, to: 3, leavesAt: s(3) + turnaround),
      ])
  }

  @Test("one that joins while another is smart and nobody waits starts a session")
  func joinsBesideSmart() {
    var bench = ServerBench.afterSession(devices: 2) { $0.promotion.threshold = 5_000 }
    bench.hear(gapReport(missing: 1), from: 2, at: ms(101))
    expect(bench.hear(.request(.usual), from: 3, at: ms(102)).first, equals: .sessionOpened(active: 3))
  }

  @Test("one that joins while devices are queued waits, and is elected")
  func joinsBesideQueued() {
    var bench = ServerBench.afterSession(devices: 3) {
      $0.promotion.threshold = 5_000
      $0.promotion.maxSmart = 1
    }
    bench.hear(gapReport(missing: 1), from: 2, at: ms(101))
    bench.hear(gapReport(missing: 1), from: 3, at: ms(101))
    expect(
      bench.hear(.request(.usual), from: 4, at: ms(102)),
      equals: [answer(to: 4, isActive: false, at: ms(102), ended: 1)].adjusted(5_000)
        + [.unicast(.elected, to: 4, leavesAt: ms(102) + turnaround)])
  }
}

extension [ServerEffect] {
  /// The same answers from a server with this threshold.
  func adjusted(_ threshold: UInt64) -> [ServerEffect] {
    map { effect in
      guard case .unicast(.acceptance(var acceptance), let device, let leavesAt) = effect else { return effect }
      acceptance.promotion?.threshold = threshold
      return .unicast(.acceptance(acceptance), to: device, leavesAt: leavesAt)
    }
  }
}
