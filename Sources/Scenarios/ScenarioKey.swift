import Quantities

/// One key of scenario files: what it takes, what it is when it is not given, and what it means.
///
/// ``ScenarioKeys`` is the one table of them; the reader, the JSON Schema, the reference page, the help and the
/// template of `gapsim init` are all made from it.
public struct ScenarioKey: Sendable {
  /// What a key is when it is not given.
  enum Fallback: Hashable, Sendable {
    /// It must be given.
    case required
    /// It is left open, which the word `none` says too.
    case nothing
    /// This value, as it would be written.
    case value(String)
    /// What no value can say.
    case described(String)

    /// For a person; nil for a key that must be given.
    var text: String? {
      switch self {
      case .required: nil
      case .nothing: "none"
      case .value(let text), .described(let text): text
      }
    }
  }

  /// What a key takes.
  enum Form: Hashable, Sendable {
    /// Keys of its own.
    case section
    /// A list of sections, at least one.
    case sections
    /// Text on one line.
    case name
    /// Text.
    case text
    /// A whole number.
    case integer(ClosedRange<UInt64>)
    /// A number with a unit, in base units.
    case quantity(Quantity, ClosedRange<UInt64>)
    /// One of some words.
    case choice([String])
    /// `true` or `false`.
    case flag
    /// A time or a distribution of times.
    case timeModel
    /// A number of packets or a distribution of it.
    case countModel
    /// A probability or a distribution of it.
    case probabilityModel
    case bernoulli, loss, join, leaves, trace
    /// Conditions on the results, or one of them.
    case conditions, condition
    /// A share of 1, neither 0 nor 1.
    case share
    /// Keys of the scenario over their values.
    case vary
    /// Conditions on the values of keys.
    case pointConditions
    /// A list of metrics.
    case metrics
  }

  /// The path: sections and keys joined by points, `[]` for each element of a list (`cohorts[].count`).
  ///
  /// The keys of a form that several keys share begin with its name instead (`loss.runs.good`).
  public let path: String
  /// What it takes.
  let form: Form
  /// What it is when it is not given.
  let fallback: Fallback
  /// What it means, in Markdown.
  public let documentation: String
  /// A value that is right.
  public let example: String

  init(_ path: String, _ form: Form, default fallback: Fallback, example: String, _ documentation: String) {
    self.path = path
    self.form = form
    self.fallback = fallback
    self.documentation = documentation
    self.example = example
  }

  /// The last part of the path.
  public var name: String { path.split(separator: ".").last.map(String.init)?.replacing("[]", with: "") ?? path }

  /// The path of the section that it stands in; empty at the root.
  var parent: String { path.lastIndex(of: ".").map { String(path[..<$0]) } ?? "" }

  /// Whether it can be left open with the word `none`.
  var takesNone: Bool { fallback == .nothing }
}

extension ScenarioKey.Form {
  /// What is taken, for a person: `a time, like 6.5 s`.
  var expectation: String {
    switch self {
    case .section: "a section of keys"
    case .sections: "a list of sections, each begun by '- '"
    case .name: "text on one line"
    case .text: "text"
    case .integer: "a whole number"
    case .quantity(let dimension, _): "\(dimension.name), like '\(dimension.example)'"
    case .choice(let words): "one of: \(words.joined(separator: ", "))"
    case .flag: "true or false"
    case .timeModel: "a time like '5 ms', or a distribution like {uniform: {low: 1 ms, high: 5 ms}}"
    case .countModel: "a number of packets like 3, or a distribution like {geometric: {p: 0.1}}"
    case .probabilityModel: "a probability like '1 %', or a distribution like {beta: {a: 2, b: 98}}"
    case .bernoulli: "a probability like '1 %', or {p: …}"
    case .loss: "none, or one of the models bernoulli, gilbert_elliott, runs and trace, like {bernoulli: 1 %}"
    case .join: "a time like '0 s', {at: …}, {every: …}, or a list of times"
    case .leaves: "none, a time like '5 s', {at: …}, or a list like [{device: 1, at: 5 s}]"
    case .conditions: "none, or a list of conditions, like [failed_devices == 0, makespan_s < 60 s]"
    case .condition: "a condition, like 'failed_devices == 0'"
    case .trace: "a list of packet numbers, a list of such lists, or the name of a file"
    case .share: "a share like '1 %'"
    case .vary:
      "keys over their values, like {protocol.windowsize: '1, 2, 4'}, or a list of such groups, the keys of each of which "
        + "vary together"
    case .pointConditions:
      "a condition on keys, like 'protocol.session_timeout >= 6 * protocol.timeout', or a list of them"
    case .metrics: "a list of numeric columns of runs.csv, like [makespan_s, server_bytes]"
    }
  }

  /// The values that are in range, for a person; nil when any are.
  var range: String? {
    switch self {
    case .integer(let range): "\(range.lowerBound.grouped) … \(range.upperBound.grouped)"
    case .quantity(let dimension, let range):
      "\(dimension.format(range.lowerBound)) … \(dimension.format(range.upperBound))"
    default: nil
    }
  }
}

extension UInt64 {
  /// With a `_` between groups of three digits, as a scenario may write it, from five digits on.
  var grouped: String {
    let digits = String(self)
    guard digits.count > 4 else { return digits }
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "_" }
      text.append(digit)
    }
    return text
  }
}
