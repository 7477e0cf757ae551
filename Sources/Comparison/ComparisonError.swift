/// Why things cannot be compared.
package struct ComparisonError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, and what would be right.
  package let description: String

  package init(_ description: String) { self.description = description }
}
