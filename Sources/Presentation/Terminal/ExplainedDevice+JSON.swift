import FoundationEssentials
import Network
import PromotionEngine
import PromotionRun
import Results
import TFTPWire
import Timebase
import Runs

extension ExplainedDevice {
  /// The story for programs: one object, keys in alphabetical order, times in seconds.
  package var json: String {
    get throws { String(decoding: try JSONEncoder.results.encode(StoryReport(self)), as: UTF8.self) + "\n" }
  }
}

/// The names are the keys.
struct StoryReport: Encodable {
  struct Part: Encodable {
    let activity: String
    let session: Int?
    let driver: UInt32?
    let from_s: Decimal?
    let for_s: Decimal?
    let awaited_devices: [UInt32]?
  }

  struct Role: Encodable {
    let role: String
    let time_s: Decimal?
  }

  struct Session: Encodable {
    let session: Int
    let driver: UInt32
    let from_s: Decimal?
    let until_s: Decimal?
    let abandoned: Bool
    let ended: String?
    let new_packets: UInt64
    let duplicate_packets: UInt64
    let lost_packets: Int
    let overrun_packets: Int
    let lost_at: [String: Int]
  }

  /// What the device missed at an instant. The last three are of checks alone.
  struct Missed: Encodable {
    let time_s: Decimal?
    let occasion: String
    let missing_packets: UInt32
    let total_gap_bytes: UInt64
    let gaps: UInt32
    let largest_gap: UInt32
    let chains: UInt32
    let longest_chain: UInt32
    let causes: [String: Int]
    var outcome: String?
    var outcome_s: Decimal?
    var limits_not_met: [String]?
  }

  let scenario: String
  let seed: UInt64
  let replication: Int
  let device: UInt32
  let cohort: String
  let ending: String
  let end_s: Decimal?
  let join_s: Decimal?
  let parts: [Part]
  let roles: [Role]
  let sessions: [Session]
  let checks: [Missed]
  let shortfalls: [Missed]
  let unicast_blocks: UInt64
  let troubles: [String: Int]
  let lost_to_it_at: [String: Int]
  let lost_from_it_at: [String: Int]

  init(_ explained: ExplainedDevice) {
    let story = explained.story
    (scenario, seed) = (explained.scenario.name, explained.scenario.seed)
    (replication, device, cohort) = (explained.replication, story.device, explained.cohort)
    ending = story.endingName
    (end_s, join_s) = (story.end.decimal, story.join.decimal)
    parts = story.parts.map { part in
      let (name, session, driver) = story.names(of: part.activity)
      return Part(
        activity: name, session: session, driver: driver, from_s: part.from.decimal, for_s: part.length.decimal,
        awaited_devices: part.awaited.isEmpty ? nil : part.awaited)
    }
    roles = story.roles.map { Role(role: $0.role.rawValue, time_s: $0.time.decimal) }
    sessions = story.sessions.map {
      Session(
        session: $0.session, driver: $0.driver, from_s: $0.from.decimal, until_s: $0.until?.decimal,
        abandoned: $0.ended == .abandoned, ended: $0.ended?.rawValue, new_packets: $0.new, duplicate_packets: $0.again,
        lost_packets: $0.losses.ownPath, overrun_packets: $0.losses.buffer,
        lost_at: $0.losses.byPlace(explained.segments))
    }
    checks = story.checks.map { Missed($0, limits: story.limits(notMetBy: $0.figures), segments: explained.segments) }
    shortfalls = story.shortfalls.map { Missed($0, segments: explained.segments) }
    unicast_blocks = story.repaired
    let troubles = story.troubles
    self.troubles = [
      "repeated_requests": troubles.repeatedRequests, "repeated_asks": troubles.repeatedAsks,
      "late_asks": troubles.lateAsks,
      "repeated_reports": troubles.repeatedReports, "repeated_opens": troubles.repeatedOpens,
      "silences": troubles.silences, "lost_to_it": troubles.lostToIt.count,
      "lost_from_it": troubles.lostFromIt.count,
    ]
    lost_to_it_at = troubles.lostToIt.byPlace(explained.segments)
    lost_from_it_at = troubles.lostFromIt.byPlaceOnTheWayUp(explained.segments)
  }
}

extension StoryReport.Missed {
  private init(
    at time: Nanoseconds, _ occasion: String, _ figures: GapReport, _ causes: DeviceStory.Causes, segments: [String]
  ) {
    (time_s, self.occasion) = (time.decimal, occasion)
    (missing_packets, total_gap_bytes, gaps) = (figures.missingPackets, figures.totalGapBytes, figures.gaps)
    (largest_gap, chains, longest_chain) = (figures.largestGap, figures.chains, figures.longestChain)
    self.causes = causes.byPlace(segments)
  }

  init(_ shortfall: DeviceStory.Shortfall, segments: [String]) {
    self.init(
      at: shortfall.time, shortfall.occasion == .drives ? "drives" : "end", shortfall.figures, shortfall.causes,
      segments: segments)
  }

  init(_ check: DeviceStory.Check, limits: [DeviceStory.Limit], segments: [String]) {
    let occasion =
      switch check.occasion {
      case .notice: "notice"
      case .asked: "asked"
      case .silence: "silence"
      }
    self.init(at: check.time, occasion, check.figures, check.causes, segments: segments)
    switch check.outcome {
    case .nothing: (outcome, outcome_s) = ("none", nil)
    case .promoted(let time): (outcome, outcome_s) = ("promoted", time.decimal)
    case .toldToWait(let time): (outcome, outcome_s) = ("told_to_wait", time.decimal)
    case .elected(let time): (outcome, outcome_s) = ("elected", time.decimal)
    }
    limits_not_met = limits.map {
      switch $0 {
      case .threshold: "threshold"
      case .maxGaps: "max_gaps"
      case .maxLargestGap: "max_largest_gap"
      case .maxChain: "max_chain"
      }
    }
  }
}

extension DeviceStory.Losses {
  /// The counts by the names of the places. A segment that stopped nothing has none.
  fileprivate func byPlace(_ segments: [String]) -> [String: Int] {
    var counts = [
      "own_path": ownPath, "own_path_in_burst": ownPathInBurst, "before_fan_out": beforeFanOut,
      "before_fan_out_in_burst": beforeFanOutInBurst, "queue": queue, "link": link, "buffer": buffer,
    ]
    for stop in atSegments {
      counts["segment_\(stop.cause == .loss ? "loss" : "queue"):\(segments[stop.segment])"] = stop.count
      if stop.inBurst > 0 { counts["segment_loss_in_burst:\(segments[stop.segment])"] = stop.inBurst }
    }
    return counts
  }

  /// The same of a device's own messages, which meet no queue. Nobody says which of them were lost in a burst.
  fileprivate func byPlaceOnTheWayUp(_ segments: [String]) -> [String: Int] {
    var counts = ["own_path": ownPath]
    for stop in atSegments { counts["segment_loss:\(segments[stop.segment])"] = stop.count }
    return counts
  }
}

extension DeviceStory.Causes {
  fileprivate func byPlace(_ segments: [String]) -> [String: Int] {
    var counts = losses.byPlace(segments)
    (counts["not_listening"], counts["not_sent"]) = (notListening, notSent)
    return counts
  }
}

extension Nanoseconds {
  fileprivate var decimal: Decimal? { Decimal(string: description) }
}

extension DeviceStory {
  fileprivate var endingName: String {
    switch ending {
    case .complete: "complete"
    case .failed: "failed"
    case .switchedOff: "switched_off"
    case .unfinished(let reason): reason.rawValue
    }
  }

  fileprivate func names(of activity: Activity) -> (name: String, session: Int?, driver: UInt32?) {
    switch activity {
    case .off: ("off", nil, nil)
    case .joining: ("joining", nil, nil)
    case .listeningFirst: ("listening_first", nil, nil)
    case .opening: ("opening", nil, nil)
    case .reopening: ("reopening", nil, nil)
    case .driving(let session): ("driving", session, device)
    case .listening(let session, let driver): ("listening", session, driver)
    case .notice: ("notice", nil, nil)
    case .report: ("report", nil, nil)
    case .answer: ("answer", nil, nil)
    case .session: ("session", nil, nil)
    case .start: ("start", nil, nil)
    case .place: ("place", nil, nil)
    case .repair: ("repair", nil, nil)
    }
  }
}
