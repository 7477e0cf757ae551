import FoundationEssentials

/// A file beside the results that somebody asked for, like a report in XML: it is whole, or as it was before.
enum ReportFile {
  /// Writes it; what hinders that is said.
  static func write(_ text: String, to path: String) throws {
    do { try Data(text.utf8).write(to: URL(filePath: path), options: .atomic) } catch {
      Failure.say("error: cannot write \(path): \(error.localizedDescription)")
      throw Failure.cannotCreate
    }
  }
}
