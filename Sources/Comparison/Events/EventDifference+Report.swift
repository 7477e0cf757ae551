import Quantities

extension EventDifference {
  /// The difference for a person, with a line end after every line.
  package var text: String {
    var text = "A: \(left.title)\nB: \(right.title)\nreplication \(replication)\n" + settingsText
    guard isFound else {
      return text
        + "\nThe two runs do not part: all \(Self.number(common)) events are the same (\(left.ended ?? "")).\n"
    }
    text += "\n\(Self.counted(common)) Event \(Self.number(common + 1)) is the first at which they part: \(reason)\n"
    if isOfLength {
      text +=
        "An OACK carries \(carried.joined(separator: ", ")) in digits: where they are more it is longer, and arrives later. "
        + "--ignore-times looks past that.\n"
    }
    if !before.isEmpty {
      text += "\nBefore it, in both:\n" + Self.list(before, from: common + 1 - UInt64(before.count))
    }
    text += "\nFrom there on in A:\n" + Self.list(left, from: common + 1)
    text += "\nFrom there on in B:\n" + Self.list(right, from: common + 1)
    return text + "\nHow they stand:\n" + states.map(Self.text).joined()
  }

  private var settingsText: String {
    settings.isEmpty
      ? "the settings are the same\n"
      : "settings that differ:\n"
        + settings.map {
          "  \($0.path)  A: \($0.left?.excerpt ?? "not given")  B: \($0.right?.excerpt ?? "not given")\n"
        }.joined()
  }

  /// How the two events differ.
  private var reason: String {
    guard let one = left.events.first else { return "A is over (\(left.ended ?? "")), and B goes on." }
    guard let other = right.events.first else { return "B is over (\(right.ended ?? "")), and A goes on." }
    if one.subject != other.subject { return "it happens to \(one.subject) in A, and to \(other.subject) in B." }
    if one.happening != other.happening { return "something else happens to \(one.subject)." }
    if one.state != other.state { return "the same happens, but leaves \(one.subject) in another state." }
    return "the same happens, but at another time (A: \(one.time) s, B: \(other.time) s)."
  }

  /// Settings that an OACK carries as digits.
  private static let digits = [
    "file.size", "protocol.blksize", "protocol.windowsize", "protocol.timeout", "protocol.promotion.threshold",
    "protocol.promotion.continuity",
  ]

  /// Those settings that differ.
  private var carried: [String] { settings.map(\.path).filter(Self.digits.contains) }

  /// Whether the runs differ because an OACK is longer on one side: the same OACK arrives at another time, and the only
  /// settings that differ and could move it are those that it carries.
  private var isOfLength: Bool {
    guard let one = left.events.first, let other = right.events.first, one.time != other.time,
      one.happening == other.happening,
      one.happening.hasPrefix("gets OACK"), one.subject == other.subject, one.state == other.state, !carried.isEmpty
    else { return false }
    return settings.allSatisfy { setting in
      carried.contains(setting.path) || ["name", "description", "replications"].contains(setting.path)
        || setting.path.hasPrefix("expect")
    }
  }

  private static func counted(_ common: UInt64) -> String {
    switch common {
    case 0: "No event is the same."
    case 1: "The first event is the same."
    default: "The first \(number(common)) events are the same."
    }
  }

  private static func number(_ count: UInt64) -> String { HumanUnits.grouped(Double(count), decimals: 0) }

  private static func list(_ side: Side, from number: UInt64) -> String {
    let rest = side.ended.map { "  the run is over (\($0))\n" } ?? "  …\n"
    return list(side.events, from: number) + rest
  }

  private static func list(_ events: [LoggedEvent], from first: UInt64) -> String {
    events.enumerated().map { index, event in
      "  \(number(first + UInt64(index)))  \(event.time) s  \(event.subject) \(event.happening)"
        + (event.state.isEmpty ? "\n" : "\n      → \(event.state)\n")
    }.joined()
  }

  private static func text(_ state: State) -> String {
    "  \(state.subject)\n    before  \(state.before)\n    A       \(state.left)\n    B       \(state.right)\n"
  }
}
