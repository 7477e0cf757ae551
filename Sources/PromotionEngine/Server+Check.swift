import BlockTransfer
import TFTPWire
import Timebase

/// The copies of a completion notice that must still be sent (R9).
struct Notices: Hashable, Sendable, BitwiseCopyable {
  /// The session that ended.
  let session: UInt32
  var copiesLeft: Int
  var next: Nanoseconds
}

/// The check phase: the server waits for the reports of the devices that listened (R15).
struct CheckPhase: Hashable, Sendable, BitwiseCopyable {
  /// How many devices it waited for when the session had ended.
  let listeners: Int
  /// Devices that have neither reported since the session ended nor sent `ACK(n)`.
  var awaited: Int
  /// When the server asks them by unicast next, or gives them up.
  var nextAsk: Nanoseconds
  var asks = 0

  /// R15: whether the server asks by unicast, and more of them are silent than not, and more than eight.
  var isOfSilentCrowd: Bool { asks > 0 && 2 * awaited > listeners && awaited > ElectionRound.size(of: 1) }
}

// The check: R9 (the notice), R15 (asking devices that did not report).
extension Server {
  /// Sessions that strangers begin and end at once must not make this grow. A later notice says what an earlier one does.
  private static let mostNotices = 64

  /// R9: announces the end to the group, and waits for each passive device that knows reports.
  ///
  /// - Parameter answersAt: when the first copy of the notice leaves.
  mutating func beginCheck(answersAt: Nanoseconds, into effects: inout [ServerEffect]) {
    effects.append(.multicast(.check(session: sessionsEnded), leavesAt: answersAt))
    let copies = parameters.noticeCopies
    if copies > 1 {
      if notices.count == Self.mostNotices { notices.removeFirst() }
      notices.append(
        Notices(session: sessionsEnded, copiesLeft: copies - 1, next: answersAt.later(by: parameters.noticeInterval)))
    }
    var awaited = 0
    if waiting + queued > 0 {
      for device in registry where self[device].mayReport && !self[device].isAwaited {
        self[device].isAwaited = true
        awaited += 1
      }
    }
    let lastNotice = answersAt.later(by: parameters.noticeInterval * (copies - 1))
    phase = .check(
      CheckPhase(
        listeners: awaited, awaited: awaited,
        nextAsk: lastNotice.later(by: parameters.timeout).later(by: parameters.promotion.reportWindow)
      ))
    proceed(answersAt: answersAt, into: &effects)
  }

  mutating func sendNotices(at now: Nanoseconds, into effects: inout [ServerEffect]) {
    guard !notices.isEmpty else { return }
    for index in notices.indices where notices[index].next <= now {
      effects.append(.multicast(.check(session: notices[index].session), leavesAt: now))
      notices[index].copiesLeft -= 1
      notices[index].next = now.later(by: parameters.noticeInterval)
    }
    notices.removeAll { $0.copiesLeft == 0 }
  }

  /// R15: asks the devices that it waits for, every timeout (R24), and strikes them off one timeout after the last time.
  mutating func askAwaited(_ check: CheckPhase, at now: Nanoseconds, into effects: inout [ServerEffect]) {
    var check = check
    let isOver = check.asks > parameters.retries
    check.nextAsk = now.later(by: parameters.timeout(after: UInt32(check.asks)))
    check.asks += 1
    phase = .check(check)
    leaveSilentCrowd(answersAt: now, into: &effects)
    guard case .check = phase else { return }
    var awaited: [DeviceID] = []
    forEachRegistered { device, peer in
      if peer.isAwaited { awaited.append(device) }
    }
    for device in awaited {
      if isOver {
        strikeOff(device)
      } else {
        effects.append(.unicast(.check(session: sessionsEnded), to: device, leavesAt: now))
      }
    }
    proceed(answersAt: now, into: &effects)
  }

  /// R15: if a crowd is silent when the server asks once more, or somebody else waits, it asks all to drive instead, the
  /// others before the silent ones. Whoever is there listens to that session, and may report after it; but the server
  /// waits for a silent device no more.
  mutating func leaveSilentCrowd(answersAt: Nanoseconds, into effects: inout [ServerEffect]) {
    guard case .check(let check) = phase, check.isOfSilentCrowd, waiting > 0,
      check.asks > 1 || waiting + queued > check.awaited
    else { return }
    for device in registry where self[device].isAwaited {
      self[device].isAwaited = false
      self[device].isSilent = true
    }
    phase = .idle
    elect(round: ElectionRound.all, answersAt: answersAt, into: &effects)
  }

  /// A device reported, sent `ACK(n)`, or is no longer passive. The check phase no longer waits for it.
  mutating func awaitNoLonger(_ device: DeviceID) {
    guard self[device].isAwaited else { return }
    self[device].isAwaited = false
    guard case .check(var check) = phase else { return }
    check.awaited -= 1
    phase = .check(check)
  }
}
