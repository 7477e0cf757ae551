import Results

/// Results in forms that other programs read: a database of SQLite, or files of Parquet.
package enum Export {
  /// What was written.
  package struct Written: Sendable {
    /// The file or directory.
    package let path: String
    /// The names of the tables with results.
    package let tables: [String]
  }
}

/// What the manifest says, for the tables beside those with results.
struct ExportedManifest {
  /// The version of the directory's layout.
  let formatVersion: Int
  /// The command that wrote the results: `run`, `sweep` or `tune`.
  let kind: String
  /// The version of the program that wrote them.
  let programVersion: String
  /// The seed in decimal digits, since it may have 64 bits; nil of a live run.
  let seed: String?
  /// The scenario as it was run.
  let scenario: String
  let scenarioSHA256: String
  /// What a tuning was asked for, and what it found (`tune.json`).
  let tune, tuneSummary: String?
  /// The whole manifest.
  let json: String
  /// The files with their rows and digests.
  let files: [Manifest.File]

  init(_ folder: ResultsFolder) throws {
    let manifest = folder.manifest
    formatVersion = manifest.formatVersion
    kind = folder.kind.rawValue
    programVersion = manifest.programVersion
    seed = folder.isLive ? nil : "\(manifest.seed)"
    scenario = manifest.scenario
    scenarioSHA256 = manifest.scenarioSHA256
    tune = manifest.tune
    tuneSummary = try folder.bytes(of: .tuneSummary).map { String(decoding: $0, as: UTF8.self) }
    json = String(decoding: try manifest.json, as: UTF8.self)
    files = manifest.files
  }
}
