/// The program, as its results name it.
public enum Program {
  /// The version; it stands in every manifest.
  public static let version = "0.1.0"
}
