import BlockTransfer
import Network
import PromotionEngine
import TFTPWire
import Timebase
import Runs

/// What is noted of one device while a run goes on.
struct StoryNotes: Sendable {
  /// What became of packets with a block that the device did not get.
  struct Fates: OptionSet, Sendable {
    var rawValue: UInt8
    static let ownPath = Fates(rawValue: 1)
    static let beforeFanOut = Fates(rawValue: 2)
    static let queue = Fates(rawValue: 4)
    static let link = Fates(rawValue: 8)
    static let buffer = Fates(rawValue: 16)
    static let ownPathInBurst = Fates(rawValue: 32 | ownPath.rawValue)
    static let beforeFanOutInBurst = Fates(rawValue: 64 | beforeFanOut.rawValue)
  }

  /// A segment that a packet did not pass, and why.
  struct Stop: Hashable, Sendable {
    var segment: Int
    var cause: StopCause
    var isInBurst: Bool
  }

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
  private var repaired: UInt64 = 0
  private var ending: (ending: DeviceStory.Ending, time: Nanoseconds)?
  /// Whether the device hears the group, and since when.
  private(set) var listens = false
  private var listensSince = Nanoseconds.zero
  private var hasRequested = false
  /// Whether the next gap report that the device sends has not been sent before.
  private var hasNewReport = false
  private var fates: [Fates]
  /// Where a packet with each of these blocks was stopped first. It is only looked up, never iterated.
  private var stops: [BlockNumber: Stop] = [:]
  private let parameters: ProtocolParameters

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

  mutating func note(_ fate: Fates, of block: BlockNumber) { fates[Int(block)].insert(fate) }

  mutating func note(_ stop: Stop, of block: BlockNumber) {
    if stops[block] == nil { stops[block] = stop }
  }

  mutating func lose(_ arrival: Arrival<Message>) {
    guard arrival.addressing == .multicast, let block = arrival.message.block else {
      troubles.lostToIt += 1
      return
    }
    note(arrival.isInBurst ? .ownPathInBurst : .ownPath, of: block)
    hear(arrival.pass, new: 0, again: 0, lost: 1)
  }

  mutating func take(_ arrival: Arrival<Message>, as reception: Reception, at now: Nanoseconds) {
    lastInput = .message(arrival.message, arrival.addressing)
    if arrival.message.block == nil {
      if arrival.addressing == .unicast, ending == nil { answer(arrival.message, at: now) }
    } else if arrival.addressing == .multicast {
      hear(arrival.pass, new: reception == .new ? 1 : 0, again: reception == .new ? 0 : 1, lost: 0)
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

  mutating func hear(_ session: UInt32, new: UInt64, again: UInt64, lost: UInt64, overran: UInt64 = 0) {
    guard session > 0 else { return }
    if heard.last?.session != Int(session) {
      heard.append(
        DeviceStory.HeardSession(session: Int(session), driver: 0, from: .zero, until: nil, ended: nil))
    }
    heard[heard.count - 1].new += new
    heard[heard.count - 1].again += again
    heard[heard.count - 1].lost += lost
    heard[heard.count - 1].overran += overran
  }

  // MARK: What the device does

  mutating func enter(_ role: RoleName, at now: Nanoseconds) {
    guard ending == nil else { return }
    if role == .failed { return end(.failed, at: now) }
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
    self.ending = (ending, now)
    if ending != .complete { roles.append(DeviceStory.RoleChange(role: .failed, time: now)) }
    listens = false
  }

  mutating func send(_ message: Message, at time: Nanoseconds) {
    guard ending == nil else { return }
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
    case .acknowledgment:
      if isTimer { troubles.repeatedAsks += 1 }
    case .data, .acceptance, .check, .notActive, .smart, .wait, .elected, .error: return
    }
  }

  mutating func check(_ figures: GapReport, gaps: borrowing GapMap, sentAt: [Nanoseconds], at now: Nanoseconds) {
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
        time: now, occasion: occasion, figures: figures, causes: causes(of: gaps, sentAt: sentAt)))
    guard figures.missingPackets > 0 else { return }
    hasNewReport = parameters.mode == .rfc2090
    stand(parameters.mode == .rfc2090 ? .report : .reopening, since: now)
  }

  private func causes(of gaps: borrowing GapMap, sentAt: [Nanoseconds]) -> DeviceStory.Causes {
    var causes = DeviceStory.Causes()
    gaps.forEachGap { gap in
      for block in gap.first...gap.last {
        let fates = fates[Int(block)]
        if fates.contains(.ownPath) {
          causes.ownPath += 1
          if fates.contains(.ownPathInBurst) { causes.ownPathInBurst += 1 }
        } else if fates.contains(.beforeFanOut) {
          causes.beforeFanOut += 1
          if fates.contains(.beforeFanOutInBurst) { causes.beforeFanOutInBurst += 1 }
        } else if fates.contains(.queue) {
          causes.queue += 1
        } else if let stop = stops[block] {
          causes.count(stop)
        } else if fates.contains(.link) {
          causes.link += 1
        } else if fates.contains(.buffer) {
          causes.buffer += 1
        } else if sentAt[Int(block)] >= .zero, sentAt[Int(block)] < listensSince {
          causes.notListening += 1
        } else {
          causes.notSent += 1
        }
      }
    }
    return causes
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
    if listens, !self.listens { listensSince = now }
    self.listens = listens
  }

  // MARK: The story

  /// What happened to the device, in a run whose sessions were these, and that waited for devices until `start`.
  func story(
    sessions: [DeviceStories.Session], start: Nanoseconds, ended: RunEnd, at time: Nanoseconds
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
        standings: standings, sessions: sessions, start: start, device: device, end: end, hearsNotices: checksItself
      ).all,
      roles: roles,
      sessions: known, checksItself: checksItself, checks: checks.filter { $0.time >= start }, repaired: repaired,
      troubles: troubles,
      promotion: parameters.promotion,
      mode: parameters.mode)
  }
}

extension DeviceStory.Causes {
  /// Counts a block that was stopped at a segment. The segments stay in the order of the configuration.
  fileprivate mutating func count(_ stop: StoryNotes.Stop) {
    if let index = atSegments.firstIndex(where: { $0.segment == stop.segment && $0.cause == stop.cause }) {
      atSegments[index].blocks += 1
      atSegments[index].inBurst += stop.isInBurst ? 1 : 0
    } else {
      let place = atSegments.firstIndex {
        $0.segment > stop.segment || $0.segment == stop.segment && stop.cause == .loss
      }
      atSegments.insert(
        AtSegment(segment: stop.segment, cause: stop.cause, blocks: 1, inBurst: stop.isInBurst ? 1 : 0),
        at: place ?? atSegments.endIndex)
    }
  }
}
