/// One key of scenario files, described for people and editors.
///
/// ``ScenarioKeys`` is the only table of keys. It is made from the sections that the reader uses.
struct ScenarioKey: Sendable {
  /// The default of a key.
  enum Fallback: Hashable, Sendable {
    /// It must be given.
    case required
    /// It is left open. The word `none` says the same.
    case nothing
    /// This value, as in a scenario.
    case value(String)
    /// A default that no value can express, in words.
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
  /// If several keys share a form, the paths of its keys begin with the form's name instead (`loss.runs.good`).
  let path: String
  /// The form of its value.
  let form: FormDescription
  /// Its default.
  let fallback: Fallback
  /// Its meaning, in Markdown.
  let documentation: String
  /// An example of a valid value.
  let example: String
  /// The keys below it.
  let sections: [KeySection]
  /// Whether it takes a value.
  let accepts: @Sendable (SourceNode, Place) -> Bool

  /// The last part of the path.
  var name: String { path.split(separator: ".").last.map(String.init)?.replacing("[]", with: "") ?? path }
}

/// Keys of one section, described for people and editors.
struct KeySection: Sendable {
  /// The beginning of the paths of its keys; empty at the root.
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
  /// The number as a scenario may write it: from five digits on with a `_` between groups of three.
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
