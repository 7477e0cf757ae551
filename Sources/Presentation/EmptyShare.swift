import Results

extension Presentation {
  /// Says that there is nothing to show, if results are those of a share without runs; nil for all others.
  ///
  /// - Throws: a ``ResultsFolderError`` if they are no results.
  package static func emptiness(of directory: String) throws -> String? {
    let folder = try ResultsFolder(at: directory, check: .manifest)
    guard let share = folder.manifest.share, folder.entry(of: .runs)?.rows == 0 else { return nil }
    return "\(directory): \(share.words) has no runs, so there is nothing to show"
  }
}
