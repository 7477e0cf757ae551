import Foundation

/// `manifest.json`: what a directory of results was made from, and what is in it.
package struct Manifest: Hashable, Sendable, Codable {
  /// One of the directory's files.
  package struct File: Hashable, Sendable, Codable {
    /// Its name.
    package var name: String
    /// Its rows, the header not counted.
    package var rows: UInt64
    /// The SHA-256 of its bytes in lower-case hexadecimal.
    package var sha256: String
  }

  /// What a sweep was: its design, and what is missing.
  package struct Sweep: Hashable, Sendable, Codable {
    /// A run that has no rows because the simulator contradicted itself.
    package struct FailedRun: Hashable, Sendable, Codable {
      /// The point, from 0.
      package var point: Int
      /// The replication, from 1.
      package var replication: Int
      /// What did not hold.
      package var reason: String
    }

    /// The keys that were varied: columns of `summary.csv`.
    package var varied: [String]
    /// How many points there are.
    package var points: Int
    /// How many runs they have together, failed ones among them.
    package var runs: Int
    /// Runs without rows.
    package var failedRuns: [FailedRun]

    private enum CodingKeys: String, CodingKey {
      case varied, points, runs
      case failedRuns = "failed_runs"
    }
  }

  /// What the results were made from.
  package struct Origin: Hashable, Sendable {
    /// The version of the program.
    package var programVersion: String
    /// The scenario as it was run: defaults filled in, overrides applied, in its canonical form.
    package var scenario: String
    /// The seed of all replications.
    package var seed: UInt64

    /// Says what results are made from.
    package init(programVersion: String, scenario: String, seed: UInt64) {
      self.programVersion = programVersion
      self.scenario = scenario
      self.seed = seed
    }
  }

  /// The version of the directory's layout: 2 since `failed_devices` leaves out those of `left_devices`, and cohorts have files.
  package static let formatVersion = 2
  /// The versions that are read: of version 1 nothing is taken over into results of this one.
  static let readableVersions = 1...formatVersion
  /// The name of the program, by which its manifests are known.
  static let programName = "gapsim"

  /// The files, in the order in which `docs/outputs.md` lists them; this one is not among them.
  package var files: [File]
  /// The version of the directory's layout.
  package var formatVersion: Int
  /// The name of the program.
  package var program: String
  /// The version of the program.
  package var programVersion: String
  /// The scenario as it was run.
  package var scenario: String
  /// The SHA-256 of the scenario's UTF-8 in lower-case hexadecimal.
  package var scenarioSHA256: String
  /// The seed of all replications.
  package var seed: UInt64
  /// What the sweep was; nil for a plain run.
  package var sweep: Sweep?

  private enum CodingKeys: String, CodingKey {
    case files
    case formatVersion = "format_version"
    case program
    case programVersion = "program_version"
    case scenario
    case scenarioSHA256 = "scenario_sha256"
    case seed
    case sweep
  }

  /// Describes results that are whole.
  package init(_ origin: Origin, files: [File], sweep: Sweep? = nil) {
    self.files = files
    formatVersion = Self.formatVersion
    program = Self.programName
    programVersion = origin.programVersion
    scenario = origin.scenario
    scenarioSHA256 = SHA256.hash(data: Data(origin.scenario.utf8)).hexadecimal
    seed = origin.seed
    self.sweep = sweep
  }

  /// The manifest as it stands in the file: keys in alphabetical order, a line end after the last line.
  var json: [UInt8] {
    get throws { try JSONEncoder.results.encode(self) + [UInt8(ascii: "\n")] }
  }

  /// Reads a manifest, or gives nil if the bytes are none of this program's.
  package init?(json: Data) {
    guard let manifest = try? JSONDecoder().decode(Manifest.self, from: json), manifest.program == Self.programName
    else { return nil }
    self = manifest
  }
}

extension JSONEncoder {
  /// JSON whose bytes depend on the value alone.
  static var results: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return encoder
  }
}

extension Sequence<UInt8> {
  /// The bytes in lower-case hexadecimal.
  package var hexadecimal: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
