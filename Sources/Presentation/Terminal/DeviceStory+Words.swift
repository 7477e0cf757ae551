import Network
import PromotionEngine
import PromotionRun
import Quantities
import TFTPWire
import Timebase
import Runs

// The words for what a story holds.

extension Nanoseconds {
  /// The exact time in seconds.
  var words: String { "\(description) s" }

  /// The time in few digits.
  var roundedWords: String { HumanUnits.text(seconds, in: HumanUnits.timeScale(of: seconds)) }
}

extension DeviceStory {
  /// How it ended, and when, as `time` puts it.
  func endingWords(_ time: KeyPath<Nanoseconds, String>) -> String {
    let end = end[keyPath: time]
    return switch ending {
    case .complete: "complete at \(end)"
    case .failed: "gave up at \(end)"
    case .switchedOff: "switched off at \(end), before it had everything"
    case .unfinished(let reason):
      "not at its end when \(reason == .complete ? "the run ended" : "a limit ended the run") at \(end)"
    }
  }

  /// What the device did in a part of its time.
  func words(of part: Part) -> String {
    let awaited = part.awaited.prefix(3).map { "\($0)" }.joined(separator: ", ")
    let others = part.awaited.count > 3 ? " and \(HumanUnits.count(part.awaited.count - 3)) more" : ""
    return words(of: part.activity)
      + (!awaited.isEmpty
        ? "; the server waits for device\(part.awaited.count > 1 ? "s" : "") \(awaited)\(others) to answer" : "")
  }

  private func words(of activity: Activity) -> String {
    switch activity {
    case .off: "is not switched on yet"
    case .joining: "asks to join, and waits for the answer"
    case .listeningFirst: "listens before it opens"
    case .opening: "opens, and waits for the group"
    case .reopening: "lets time pass before it opens again"
    case .driving(let session?): "drives session \(session)"
    case .driving(nil): "would drive a session, but the server does not hear of it"
    case .listening(let session, device):
      "no longer drives session \(session), but the server does not know yet"
    case .listening(let session, let driver): "listens to session \(session), driven by device \(driver)"
    case .notice: "waits to hear that the session is over"
    case .report: "waits before it sends its gap report"
    case .answer: "waits for the answer to its gap report"
    case .session: "waits for a session"
    case .start: "waits for the start rule: for more devices, or the end of its wait"
    case .place: "may be promoted, and waits for a free smart place"
    case .repair: "fetches what it misses by unicast"
    }
  }

  /// How a session ended, if not with everything.
  func endingWords(of session: HeardSession) -> String {
    switch session.ended {
    case nil, .complete: ""
    case .abandoned: ", given up"
    case .handedOver: ", handed over\(session.until.map { " after \(($0 - session.from).words)" } ?? "")"
    }
  }

  /// In the order in which a block counts for them.
  func words(of causes: Causes, segments: [String]) -> String {
    let others = [(causes.notListening, "sent before it listened"), (causes.notSent, "not sent yet")]
    return Self.list(places(of: causes.losses, segments: segments) + others)
  }

  /// Where packets were stopped.
  func words(of losses: Losses, segments: [String]) -> String { Self.list(places(of: losses, segments: segments)) }

  private func places(of losses: Losses, segments: [String]) -> [(Int, String)] {
    let first = [
      (losses.ownPath, "lost on its own path" + words(ofBurst: losses.ownPathInBurst)),
      (losses.beforeFanOut, "lost before the fan-out" + words(ofBurst: losses.beforeFanOutInBurst)),
      (losses.queue, "dropped at the full queue"),
    ]
    let atSegments = losses.atSegments.map { stop in
      let name = segments[stop.segment]
      let lost = "lost on segment \(name)" + words(ofBurst: stop.inBurst)
      return (stop.count, stop.cause == .loss ? lost : "dropped at the full queue of \(name)")
    }
    let last = [
      (losses.link, "dropped at its own link"), (losses.buffer, "without room in its buffer: it reads too slowly"),
    ]
    return first + atSegments + last
  }

  private static func list(_ counts: [(Int, String)]) -> String {
    counts.filter { $0.0 > 0 }.map { "\(HumanUnits.count($0.0)) \($0.1)" }.joined(separator: ", ")
  }

  private func words(ofBurst count: Int) -> String { count > 0 ? " (\(HumanUnits.count(count)) in a burst)" : "" }

  func words(of occasion: Check.Occasion) -> String {
    switch occasion {
    case .notice(let session): "told that session \(session) is over"
    case .asked: "asked by the server"
    case .silence: "after a silence of the group"
    }
  }

  func words(of occasion: Shortfall.Occasion) -> String {
    switch (occasion, ending) {
    case (.drives, _): "when it began to drive"
    case (.end, .failed): "when it gave up"
    case (.end, .switchedOff): "when it was switched off"
    case (.end, .complete), (.end, .unfinished): "when the run ended"
    }
  }

  /// Why it was promoted or not.
  func words(ofOutcomeOf check: Check) -> String {
    let limits = limits(notMetBy: check.figures)
    let reasons = limits.map { words(of: $0, for: check.figures) }.joined(separator: "; ")
    let met =
      "\(HumanUnits.count(check.figures.totalGapBytes)) B are below the threshold of \(HumanUnits.count(promotion.threshold)) B"
      + (hasFurtherLimits ? ", and the further limits are met" : "")
    switch check.outcome {
    case .promoted(let time): return "promoted at \(time.words): \(met)"
    case .toldToWait(let time):
      return "told to wait at \(time.words): "
        + (limits.isEmpty ? "\(met), but no smart place was free" : reasons)
    case .elected(let time): return "told at \(time.words) to drive the next session"
    case .nothing where mode == .pxeMTFTP: return limits.isEmpty ? "to be promoted: \(met)" : "not promoted: \(reasons)"
    case .nothing: return "no answer to its report reached it before \(wordsOfWhatFollowed(check))"
    }
  }

  /// What happened to the device next after a check.
  private func wordsOfWhatFollowed(_ check: Check) -> String {
    let next = checks.first { $0.time > check.time }?.time ?? .never
    guard let role = roles.first(where: { $0.time > check.time }), role.time <= next else {
      return next == .never ? endingWords : "it checked itself again at \(next.words)"
    }
    return role.role == .failed || role.role == .complete
      ? endingWords : "it became \(role.role.rawValue) at \(role.time.words)"
  }

  private var endingWords: String {
    switch ending {
    case .complete: "it was complete at \(end.words)"
    case .failed: "it gave up at \(end.words)"
    case .switchedOff: "it was switched off at \(end.words)"
    case .unfinished: "the run ended at \(end.words)"
    }
  }

  private var hasFurtherLimits: Bool {
    mode == .rfc2090 && (promotion.maxGaps != nil || promotion.maxLargestGap != nil || promotion.maxChain != nil)
  }

  private func words(of limit: Limit, for figures: GapReport) -> String {
    switch limit {
    case .threshold(let threshold):
      "\(HumanUnits.count(figures.totalGapBytes)) B are not below the threshold of \(HumanUnits.count(threshold)) B"
    case .maxGaps(let most):
      "\(HumanUnits.count(figures.gaps)) gaps are more than max_gaps \(HumanUnits.count(most))"
    case .maxLargestGap(let most):
      "the largest gap of \(HumanUnits.count(figures.largestGap)) blocks is more than max_largest_gap "
        + HumanUnits.count(most)
    case .maxChain(let most):
      "a chain of \(HumanUnits.count(figures.longestChain)) gaps is more than max_chain \(HumanUnits.count(most))"
    }
  }

  /// What did not go as it should; empty if everything did.
  func troubleWords(segments: [String]) -> [String] {
    let lostToIt = words(of: troubles.lostToIt, segments: segments)
    let lostFromIt = words(of: troubles.lostFromIt, segments: segments)
    return [
      (troubles.repeatedRequests, "request to join", "repeated after a timeout"),
      (troubles.repeatedAsks, "ask for blocks", "repeated after a timeout"),
      (troubles.lateAsks, "first ask for a block", "that came only after a timeout"),
      (troubles.repeatedReports, "gap report", "repeated after a timeout"),
      (troubles.repeatedOpens, "open", "repeated after a timeout"),
      (troubles.silences, "silence of the group", "that made it check itself"),
      (troubles.lostToIt.count, "message to it alone, or notice", "that it did not get: \(lostToIt)"),
      (troubles.lostFromIt.count, "message of its own", "that the server did not get: \(lostFromIt)"),
    ]
    .filter { $0.0 > 0 }.map { count, noun, what in
      "\(noun): \(HumanUnits.count(count)) \(what)"
    }
  }
}
