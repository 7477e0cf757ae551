import Quantities

/// A YAML value with the position that it was read from.
///
/// A key also says where it came from, if an override has put it there.
package struct SourceNode: Sendable {
  /// The value. An empty value and YAML's `null` are empty scalars.
  package enum Content: Sendable {
    case scalar(String)
    case sequence([SourceNode])
    case mapping([Entry])
  }

  /// One key of a mapping with its value.
  package struct Entry: Sendable {
    package let key: String
    let keyOrigin: SourceOrigin
    package var value: SourceNode
  }

  package var content: Content
  package var origin: SourceOrigin

  /// The text of a scalar.
  package var scalar: String? { if case .scalar(let text) = content { text } else { nil } }
  /// The elements of a sequence.
  var elements: [SourceNode]? { if case .sequence(let elements) = content { elements } else { nil } }
  /// The entries of a mapping.
  package var entries: [Entry]? { if case .mapping(let entries) = content { entries } else { nil } }

  /// A message that something else is expected than the given value.
  func isNot(_ expected: String) -> String { "found \(found), expected \(expected)" }

  /// The value, in a message.
  package var found: String {
    switch content {
    case .scalar(let text): text.isEmpty ? "nothing" : "'\(text.excerpt)'"
    case .sequence(let elements): elements.isEmpty ? "an empty list" : "a list"
    case .mapping(let entries): entries.first.map { "keys ('\($0.key.excerpt)' …)" } ?? "no keys"
    }
  }
}
