import Results

/// A file beside the results, such as a report in XML. It is written whole, or stays as it was.
enum ReportFile {
  /// Writes the file, or prints why it could not.
  static func write(_ text: String, to path: String) throws {
    do { try WholeFile.write(text, to: path) } catch {
      Failure.say("error: \(error)")
      throw Failure.cannotCreate
    }
  }
}
