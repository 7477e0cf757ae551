/// The name and version of the program in its results.
package enum Program {
  /// The version, which is in every manifest.
  package static let version = "0.1.0"
}
