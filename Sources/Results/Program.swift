/// The program, as its results name it.
package enum Program {
  /// The version; it stands in every manifest.
  package static let version = "0.1.0"
}
