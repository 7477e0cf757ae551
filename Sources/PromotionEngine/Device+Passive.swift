import TFTPWire
import Timebase

/// What a passive device keeps while it listens (R9, R10).
struct Listening: Hashable, Sendable, BitwiseCopyable {
  /// Where its gap report stands.
  enum Report: Hashable, Sendable, BitwiseCopyable {
    /// No report is due or unanswered.
    case none
    /// Its delay must be drawn; the delay counts from this instant.
    case undelayed(from: Nanoseconds)
    /// It is sent at this instant, with the figures of that moment.
    case delayed(until: Nanoseconds)
    /// It was sent and waits for its answer.
    case sent(Patience)
  }

  /// The latest of three: the last packet of the group, the last silence, and the instant at which the device became
  /// passive.
  var quietSince: Nanoseconds
  /// Silences in a row, with no packet of the group and no answer to a report between them.
  var silences: UInt32 = 0
  var report = Report.none

  /// A passive device from `now` on.
  init(since now: Nanoseconds) { quietSince = now }

  @inline(__always)
  mutating func hear(at now: Nanoseconds) {
    quietSince = now
    silences = 0
  }

  /// An answer ends the repeats of a report that was sent. A newer report that is still delayed goes out all the same.
  mutating func reportAnswered() {
    if case .sent = report { report = .none }
    silences = 0
  }

  func deadline(groupTimeout: Nanoseconds) -> Nanoseconds {
    let silence = quietSince.later(by: groupTimeout)
    return switch report {
    case .none, .undelayed: silence
    case .delayed(let until): min(silence, until)
    case .sent(let patience): min(silence, patience.deadline)
    }
  }
}

// The passive device: R9 (when it checks itself), R10 (what it reports). What one does that does not report is in
// `Device+Plain`.
extension Device {
  mutating func beginListening(at now: Nanoseconds, into effects: inout [DeviceEffect]) {
    doing = .listening(Listening(since: now))
    effects.append(.entered(.passive))
  }

  /// R10: tells the server that nothing is missing, or makes the gap report.
  ///
  /// - Parameter answersAt: when an answer without a delay of its own leaves.
  mutating func check(
    askedByUnicast: Bool, answersAt: Nanoseconds, at now: Nanoseconds, under settings: DeviceSettings,
    into effects: inout [DeviceEffect]
  ) {
    guard case .listening(var listening) = doing, let figures else { return }
    effects.append(.checked(figures))
    if gaps.isEmpty { return sendFinalAcknowledgment(leavesAt: answersAt, into: &effects) }
    if askedByUnicast || settings.parameters.promotion.reportWindow == .zero {
      listening.report = .sent(Patience(from: answersAt, timeout: settings.parameters.timeout))
      effects.append(.send(.report(figures), leavesAt: answersAt))
    } else {
      listening.report = .undelayed(from: answersAt)
      effects.append(.drawReportDelay)
    }
    doing = .listening(listening)
  }

  /// Takes the delay that ``DeviceEffect/drawReportDelay`` asked for (R10).
  public mutating func delayReport(by delay: Nanoseconds) {
    guard case .listening(var listening) = doing, case .undelayed(let from) = listening.report else { return }
    listening.report = .delayed(until: from.later(by: delay))
    doing = .listening(listening)
  }

  mutating func fireListening(
    _ listening: Listening, at now: Nanoseconds, under settings: DeviceSettings, into effects: inout [DeviceEffect]
  ) {
    var listening = listening
    let parameters = settings.parameters
    let hasFailed = fireReport(of: &listening, at: now, under: parameters, into: &effects)
    doing = .listening(listening)
    if hasFailed { return fail(into: &effects) }

    guard listening.quietSince.later(by: parameters.groupTimeout) <= now else { return }
    listening.quietSince = now
    let isLastReportOut = listening.silences > parameters.retries && listening.report != .none
    listening.silences += 1
    doing = .listening(listening)
    guard reports else { return outlast(listening.silences, at: now, under: settings, into: &effects) }
    guard !isLastReportOut else { return }  // the device fails with it, unless it is answered
    check(askedByUnicast: false, answersAt: now, at: now, under: settings, into: &effects)
  }

  /// R10: sends a delayed report, repeats an unanswered one, or gives it up. True when the device gives up too.
  private func fireReport(
    of listening: inout Listening, at now: Nanoseconds, under parameters: ProtocolParameters,
    into effects: inout [DeviceEffect]
  ) -> Bool {
    switch listening.report {
    case .delayed(let until) where until <= now:
      listening.report = gaps.isEmpty ? .none : .sent(Patience(from: now, timeout: parameters.timeout))
    case .sent(var patience) where patience.deadline <= now:
      if gaps.isEmpty {
        listening.report = .none
      } else if patience.repeats(at: now, under: parameters) {
        listening.report = .sent(patience)
      } else {
        listening.report = .none
        return listening.silences > parameters.retries
      }
    case .none, .undelayed, .delayed, .sent:
      return false
    }
    if case .sent = listening.report, let figures { effects.append(.send(.report(figures), leavesAt: now)) }
    return false
  }

  /// What it would report now; nil while it does not know the file.
  private var figures: GapReport? { file.map { gaps.statistics(of: $0, continuity: continuity) } }
}
