import PromotionRun
import Runs

/// An event in the words of an event log.
package struct LoggedEvent: Hashable, Sendable {
  /// When it happened, in seconds with nine decimals.
  package var time: String
  /// Whom it happened to.
  package var subject: String
  /// What happened.
  package var happening: String
  /// The state of the subject after it; empty if it shows none.
  package var state: String

  /// Puts an event into words.
  init(_ event: TracedEvent) {
    time = event.time.description
    subject = event.subjectWords
    happening = event.happeningWords
    state = event.stateWords
  }

  /// Reads a line: number, time, subject, happening and state, separated by tabs. Nil if it is no such line.
  init?(line: String, number: UInt64) {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
    guard fields.count == 5, fields[0] == "\(number)", !fields[1].isEmpty, !fields[2].isEmpty, !fields[3].isEmpty
    else { return nil }
    (time, subject) = (String(fields[1]), String(fields[2]))
    (happening, state) = (String(fields[3]), String(fields[4]))
  }

  /// The line in a log.
  package func line(number: UInt64) -> String { "\(number)\t\(time)\t\(subject)\t\(happening)\t\(state)\n" }

  /// The subjects of the event, first the one that it happened to: `server`, then `device 7`.
  package var everybody: [String] {
    let mentioned = happening.matches(of: #/device [0-9]+/#).map { String($0.output) }
    return [subject] + mentioned.filter { $0 != subject }
  }

  /// The state of the subject alone, without its view of another one.
  var ownState: String { String(state.prefix { $0 != ";" }) }
}
