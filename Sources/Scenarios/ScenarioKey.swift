/// One key of scenario files, as people and editors are told of it.
///
/// ``ScenarioKeys`` is the one table of them, made from the sections that the reader reads by.
struct ScenarioKey: Sendable {
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

  /// The path: sections and keys joined by points, `[]` for each element of a list (`cohorts[].count`), `*` for a name that
  /// the scenario gives.
  ///
  /// The keys of a form that several keys share begin with its name instead (`loss.runs.good`).
  let path: String
  /// What it takes.
  let form: FormDescription
  /// What it is when it is not given.
  let fallback: Fallback
  /// What it means, in Markdown.
  let documentation: String
  /// A value that is right.
  let example: String
  /// The keys below it.
  let sections: [KeySection]
  /// Whether it takes a value.
  let accepts: @Sendable (SourceNode, Place) -> Bool

  /// The last part of the path.
  var name: String { path.split(separator: ".").last.map(String.init)?.replacing("[]", with: "") ?? path }
}

/// Keys that stand together, as people and editors are told of them.
struct KeySection: Sendable {
  /// What the paths of its keys begin with; empty at the root.
  let path: String
  private let givenTitle: String?
  let keys: [ScenarioKey]
  /// Whether several keys have it below them.
  var isShared = false
  /// Whether one key of it excludes the others.
  var isChoice = false
  /// Whether a template shows its keys one by one.
  var isShown = false

  init(path: String, title: String?, keys: [ScenarioKey]) {
    self.path = path
    givenTitle = title
    self.keys = keys
  }

  /// The heading on the reference page.
  var title: String { givenTitle ?? "`\(path.replacing("[]", with: ""))`" }
}

extension UInt64 {
  /// With a `_` between groups of three digits, as a scenario may write it, from five digits on.
  package var grouped: String {
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
