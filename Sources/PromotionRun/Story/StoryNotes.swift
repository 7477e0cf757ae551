import BlockTransfer
import Network
import PromotionEngine
import TFTPWire
import Timebase
import Runs

/// What is noted of one device while a run goes on.
struct StoryNotes: Sendable {
  /// What the device was told last.
  enum Input: Sendable {
    case nothing
    case timer
    case message(Message, Addressing)
  }

  /// Where the device stands, as far as it knows by itself.
  struct Standing: Sendable {
    var activity: DeviceStory.Activity
    var since: Nanoseconds
  }

  let device: DeviceID
  var cohort = 0
  /// Whether the device checks itself, so that it waits for notices (R9).
  var checksItself = true
  var join = Nanoseconds.zero
  var lastInput = Input.nothing
  var troubles = DeviceStory.Troubles()
  private(set) var standings = [Standing(activity: .off, since: .zero)]
  private var roles: [DeviceStory.RoleChange] = []
  private var heard: [DeviceStory.HeardSession] = []
  private var checks: [DeviceStory.Check] = []
  var shortfalls: [DeviceStory.Shortfall] = []
  private var repaired: UInt64 = 0
  private var ending: (ending: DeviceStory.Ending, time: Nanoseconds)?
  /// Whether its story has ended, as far as is known by now.
  var isAtItsEnd: Bool { ending != nil }
  /// Whether its story had not ended yet at an instant.
  func isUnderWay(at time: Nanoseconds) -> Bool { ending.map { time < $0.time } ?? true }
  /// Whether it was passive and checks nothing, so that nothing told yet what it misses.
  var hasListenedUnchecked: Bool { !checksItself && roles.contains { $0.role == .passive } }
  /// Whether the device hears the group, and since when.
  private var listens = false
  private(set) var listensSince = Nanoseconds.zero
  /// Until then it hears the group once it is complete (R7).
  private var hearsUntil = Nanoseconds.never
  private var hasRequested = false
  /// The highest block that it acknowledged in its role: it asked for the next one. Whoever drives asks for the first
  /// block that it misses, and a smart device for one after the other. So an ask is new if it is beyond.
  private var acknowledged: BlockNumber?
  /// Whether the next gap report that the device sends has not been sent before.
  private var hasNewReport = false
  /// Packets that were stopped, and that may be settled later; see ``miss(_:)``.
  var pending: [Stop] = []
  var fates: [Fates]
  private var lastBlock: BlockNumber { BlockNumber(fates.count - 1) }
  /// Where a packet with each of these blocks was stopped first. It is only looked up, never iterated.
  var segmentStops: [BlockNumber: SegmentStop] = [:]
  let parameters: ProtocolParameters

  init(of device: DeviceID, blocks: BlockNumber, under parameters: ProtocolParameters) {
    self.device = device
    self.parameters = parameters
    fates = [Fates](repeating: [], count: Int(blocks) + 1)
  }

  // MARK: What comes to the device

  mutating func switchOn(at now: Nanoseconds) {
    lastInput = .nothing
    if parameters.mode == .pxeMTFTP {
      stand(.listeningFirst, since: now)
      listen(true, since: now)
    } else {
      stand(.joining, since: now)
    }
  }

  mutating func take(_ arrival: Arrival<Message>, as reception: Reception, at now: Nanoseconds) {
    lastInput = .message(arrival.message, arrival.addressing)
    if arrival.message.block == nil {
      if arrival.addressing == .unicast, ending == nil { answer(arrival.message, at: now) }
    } else if arrival.addressing == .multicast {
      hear(arrival.pass, new: reception == .new ? 1 : 0, again: reception == .new ? 0 : 1)
      if parameters.mode == .pxeMTFTP { hearGroupMTFTP(at: now) }
    } else if reception == .new {
      repaired += 1
    }
  }

  /// MTFTP: the group ends the opens of a device that is passive (R17, R20).
  private mutating func hearGroupMTFTP(at now: Nanoseconds) {
    switch standings[standings.count - 1].activity {
    case .opening, .reopening: stand(.session, since: now)
    default: return
    }
  }

  /// An answer of the server to a gap report.
  private mutating func answer(_ message: Message, at now: Nanoseconds) {
    guard let last = checks.indices.last, checks[last].outcome == .nothing, checks[last].figures.missingPackets > 0
    else { return }
    switch message {
    case .wait:
      guard case .answer = activity(at: now) else { return }
      checks[last].outcome = .toldToWait(now)
      let isPromotable = parameters.promotion.limits(notMetBy: checks[last].figures, in: parameters.mode).isEmpty
      stand(isPromotable ? .place : .session, since: now)
    case .elected: checks[last].outcome = .elected(now)
    default: return
    }
  }

  mutating func hear(_ session: UInt32, new: UInt64, again: UInt64) {
    withHeard(session) { heard in
      heard.new += new
      heard.again += again
    }
  }

  /// What is known of a session may come later than that of the next one, so they are kept in order.
  mutating func withHeard(_ session: UInt32, _ change: (inout DeviceStory.HeardSession) -> Void) {
    guard session > 0 else { return }
    var index = heard.count
    while index > 0, heard[index - 1].session > Int(session) { index -= 1 }
    if index == 0 || heard[index - 1].session != Int(session) {
      let unheard = DeviceStory.HeardSession(
        session: Int(session), driver: 0, from: .zero, until: nil, ended: nil)
      heard.insert(unheard, at: index)
      index += 1
    }
    change(&heard[index - 1])
  }

  // MARK: What the device does

  mutating func enter(_ role: RoleName, at now: Nanoseconds) {
    guard ending == nil else { return }
    if role == .failed { return end(.failed, at: now) }
    acknowledged = nil
    roles.append(DeviceStory.RoleChange(role: role, time: now))
    listen(role != .smart || parameters.promotion.smartListens, since: now)
    switch role {
    case .active: stand(.driving(session: nil), since: now)
    case .smart:
      if let last = checks.indices.last { checks[last].outcome = .promoted(now) }
      stand(.repair, since: now)
    case .passive: stand(.session, since: now)
    case .joining, .complete, .failed: return
    }
  }

  mutating func complete(at time: Nanoseconds) {
    roles.append(DeviceStory.RoleChange(role: .complete, time: time))
    end(.complete, at: time)
  }

  mutating func end(_ ending: DeviceStory.Ending, at now: Nanoseconds) {
    guard self.ending == nil else { return }
    settle(before: now)
    self.ending = (ending, now)
    if ending == .complete {
      listen(true, since: now)
    } else {
      pending = []
      listens = false
      roles.append(DeviceStory.RoleChange(role: .failed, time: now))
    }
  }

  /// A device that is complete hears the group until its ACK(n) leaves (R7), or it is switched off.
  mutating func hearGroup(until time: Nanoseconds) { hearsUntil = min(hearsUntil, time) }

  mutating func send(_ message: Message, at time: Nanoseconds) {
    guard ending == nil else {
      if case .acknowledgment(lastBlock) = message { hearGroup(until: time) }
      return
    }
    var isTimer = false
    if case .timer = lastInput { isTimer = true }
    switch message {
    case .request:
      if hasRequested {
        if case .joining = activity(at: time) {
          troubles.repeatedRequests += 1
        } else if isTimer {
          troubles.silences += 1
        }
      }
      hasRequested = true
    case .report:
      if hasNewReport {
        hasNewReport = false
        stand(.answer, since: time)
      } else {
        troubles.repeatedReports += 1
      }
    case .open:
      if case .opening = activity(at: time) { troubles.repeatedOpens += 1 } else { stand(.opening, since: time) }
    case .acknowledgment(let block):
      if isTimer { countAsk(behind: block, at: time) }
      acknowledge(block)
    case .data, .acceptance, .check, .notActive, .smart, .wait, .elected, .error: return
    }
  }

  /// Counts an ask after a timeout. It is a repeat if the device has asked for the block before (R6).
  private mutating func countAsk(behind block: BlockNumber, at time: Nanoseconds) {
    if let acknowledged, block <= acknowledged {
      troubles.repeatedAsks += 1
    } else if case .driving = activity(at: time) {
      troubles.lateAsks += 1
    }
  }

  /// The device acknowledged a block, and so asked for what comes behind it.
  mutating func acknowledge(_ block: BlockNumber) { acknowledged = max(acknowledged ?? 0, block) }

  mutating func check(_ figures: GapReport, gaps: borrowing GapMap, _ uplink: UplinkNotes, at now: Nanoseconds) {
    settle(before: now.later(by: Nanoseconds(1)))
    let occasion: DeviceStory.Check.Occasion
    switch lastInput {
    case .message(.check(let session), .multicast): occasion = .notice(session: session)
    case .message: occasion = .asked
    case .timer, .nothing:
      occasion = .silence
      troubles.silences += 1
    }
    checks.append(
      DeviceStory.Check(
        time: now, occasion: occasion, figures: figures, causes: causes(of: gaps, uplink)))
    guard figures.missingPackets > 0 else { return }
    hasNewReport = parameters.mode == .rfc2090
    stand(parameters.mode == .rfc2090 ? .report : .reopening, since: now)
  }

  // MARK: Where it stands

  /// What is known now of what comes later gives way.
  private mutating func stand(_ activity: DeviceStory.Activity, since now: Nanoseconds) {
    guard ending == nil else { return }
    while let last = standings.last, last.since > now { standings.removeLast() }
    standings.append(Standing(activity: activity, since: now))
  }

  private func activity(at now: Nanoseconds) -> DeviceStory.Activity {
    standings.last { $0.since <= now }?.activity ?? .off
  }

  private mutating func listen(_ listens: Bool, since now: Nanoseconds) {
    settle(before: now)
    if listens, !self.listens { listensSince = now }
    self.listens = listens
  }

  /// Whether the device hears the group at an instant up to which all is known of it.
  func hearsGroup(at time: Nanoseconds) -> Bool { listens && time < hearsUntil }

  // MARK: The story

  /// What happened to the device, in a run whose sessions were these, and that waited for devices until `start`.
  func story(
    sessions: [DeviceStories.Session], asks: [DeviceStories.Ask], start: Nanoseconds, ended: RunEnd,
    at time: Nanoseconds
  ) -> DeviceStory {
    let (ending, end) = self.ending ?? (.unfinished(ended), time)
    let known = heard.map { heard in
      let session = sessions[heard.session - 1]
      var heard = heard
      (heard.driver, heard.from) = (session.driver, session.opened)
      (heard.until, heard.ended) = (session.end, session.ended)
      return heard
    }
    return DeviceStory(
      device: device, cohort: cohort, join: join, ending: ending, end: end,
      parts: StoryParts(
        standings: standings, sessions: sessions, asks: asks, start: start, device: device, end: end,
        hearsNotices: checksItself
      ).all,
      roles: roles,
      sessions: known, checksItself: checksItself, checks: checks.filter { $0.time >= start },
      shortfalls: shortfalls, repaired: repaired,
      troubles: troubles,
      promotion: parameters.promotion,
      mode: parameters.mode)
  }
}
