import Results

/// A file beside the results that somebody asked for, like a report in XML: it is whole, or as it was before.
enum ReportFile {
  /// Writes it; what hinders that is said.
  static func write(_ text: String, to path: String) throws {
    do { try WholeFile.write(text, to: path) } catch {
      Failure.say("error: \(error)")
      throw Failure.cannotCreate
    }
  }
}
