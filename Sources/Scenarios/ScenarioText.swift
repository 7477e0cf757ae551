/// The text of a scenario file. It is read once, and can be taken with many settings: a pipe gives it only once.
package struct ScenarioText: Sendable {
  let path: String
  let text: String
  /// Whether the file is in a folder, and has a name to be called by.
  let isAtHome: Bool

  /// Reads a file.
  ///
  /// - Parameter path: The file, or `-` for the standard input.
  /// - Throws: ``ScenarioError`` if it cannot be read, or is no text.
  package init(_ path: String) throws(ScenarioError) {
    self.path = path
    let isStandardInput = path == ScenarioFile.standardInput
    let contents: ScenarioFile.Contents
    do { contents = try ScenarioFile.scenario(path) } catch {
      let words = isStandardInput ? "it \(error.message)" : "the file \(error.message)"
      let origin = SourceOrigin(file: Self.name(of: path))
      throw ScenarioError(diagnostics: [ScenarioDiagnostic(.error, origin, path: "", words)], isUnreadable: true)
    }
    do { text = try YAMLSource.decode(contents.data, file: Self.name(of: path)) } catch {
      throw ScenarioError(diagnostics: [error])
    }
    isAtHome = contents.isOrdinary && !isStandardInput && !path.hasPrefix("/dev/")
  }

  /// The file as messages call it.
  var file: String { Self.name(of: path) }

  private static func name(of path: String) -> String {
    path == ScenarioFile.standardInput ? "standard input" : path
  }
}
