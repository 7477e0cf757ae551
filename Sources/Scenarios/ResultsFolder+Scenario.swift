import Results

extension ResultsFolder {
  /// The scenario as it was run, with some of its values replaced.
  ///
  /// - Throws: a ``ResultsFolderError``, for a scenario that this program does not read.
  package func scenario(overrides: [String] = []) throws(ResultsFolderError) -> Scenario {
    do {
      return try Scenario.parse(text: manifest.scenario, file: path(of: .manifest), overrides: overrides).scenario
    } catch {
      throw .damaged(path: path(of: .manifest), reason: "its scenario cannot be read:\n\(error)")
    }
  }
}
