import Foundation

/// A directory of results, or of what is kept of them: some of the files, and the manifest of all.
package struct StoredResults: Sendable {
  /// The directory.
  package let path: String
  /// What was run, and the digest of every file.
  package let manifest: Manifest

  /// Reads the manifest.
  package init(at path: String) throws(ComparisonError) {
    let file = path + "/" + ResultFile.manifest.rawValue
    guard FileManager.default.fileExists(atPath: path) else { throw ComparisonError("\(path) does not exist") }
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ComparisonError("\(path) has no manifest.json: it is no directory of results")
    }
    guard let manifest = Manifest(json: data) else {
      throw ComparisonError("\(file) is no manifest of gapsim")
    }
    guard manifest.formatVersion <= Manifest.formatVersion else {
      throw ComparisonError(
        "\(file) has format version \(manifest.formatVersion); this program reads version \(Manifest.formatVersion)")
    }
    self.path = path
    self.manifest = manifest
  }

  /// The path of one of the files.
  func path(of file: ResultFile) -> String { path + "/" + file.rawValue }

  /// Whether one of the files is there.
  func has(_ file: ResultFile) -> Bool { FileManager.default.fileExists(atPath: path(of: file)) }

  /// What the manifest says of one of the files; nil if it says nothing.
  func entry(of file: ResultFile) -> Manifest.File? { manifest.files.first { $0.name == file.rawValue } }

  /// The scenario as it was run, with some of its values replaced.
  package func scenario(overrides: [String] = []) throws(ComparisonError) -> Scenario {
    do {
      return try Scenario.parse(text: manifest.scenario, file: path(of: .manifest), overrides: overrides).scenario
    } catch {
      throw ComparisonError("the scenario in \(path(of: .manifest)) cannot be read:\n\(error)")
    }
  }
}
