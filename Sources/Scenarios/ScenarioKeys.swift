/// All keys of scenario files: a table made from the sections that the reader uses.
package enum ScenarioKeys {
  /// The version of the format that this program reads and writes.
  static let formatVersion: UInt64 = 1
  /// The longest time that a scenario may name: 365 days.
  static let longestTime: UInt64 = 365 * 86_400_000_000_000
  /// The most devices of all cohorts together.
  static let mostDevices = 16_000_000
  /// The most cohorts.
  static let mostCohorts = 100_000
  /// The most segments.
  static let mostSegments = 1000

  /// Every key, followed by the keys below it. Those that several keys share come last.
  static let all: [ScenarioKey] = tree.keys
  /// The sections of all keys, in the same order.
  static let sections: [KeySection] = tree.sections

  private static let tree = Tree(ScenarioDraft.keys.described(at: ""))
  private static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })
  private static let sectionByPath = Dictionary(uniqueKeysWithValues: sections.map { ($0.path, $0) })
  private static let choices = Set(sections.filter(\.isChoice).flatMap(\.keys).map(\.name))

  /// The key of a path. A path that is not in the table is an error of the program.
  static func key(_ path: String) -> ScenarioKey {
    guard let key = byPath[path] else { preconditionFailure("no key '\(path)' in the table") }
    return key
  }

  /// The keys of a section, in order.
  static func keys(of section: String) -> [ScenarioKey] { sectionByPath[section]?.keys ?? [] }

  /// Whether a key means one of several forms, and excludes the others.
  static func isChoice(_ name: String) -> Bool { choices.contains(name) }

  /// The section with a key of this name, for a key in the wrong place.
  static func home(of name: String) -> String? {
    sections.first { $0.isShown && $0.keys.contains { $0.name == name } }?.path
  }

  /// The keys and sections below a section.
  private struct Tree {
    var keys: [ScenarioKey] = []
    var sections: [KeySection] = []
    private var shared: [KeySection] = []

    init(_ root: KeySection) {
      add(root, isOwn: true)
      while !shared.isEmpty { add(shared.removeFirst(), isOwn: false) }
    }

    private mutating func add(_ section: KeySection, isOwn: Bool) {
      sections.append(section)
      for key in section.keys {
        keys.append(key)
        for var below in key.sections {
          if !below.isShared {
            below.isShown = isOwn && key.form.kind != .value
            add(below, isOwn: isOwn)
          } else if !(sections + shared).contains(where: { $0.path == below.path }) {
            shared.append(below)
          }
        }
      }
    }
  }
}
