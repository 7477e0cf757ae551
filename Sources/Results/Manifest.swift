import FoundationEssentials

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

    /// One of the files.
    package init(name: String, rows: UInt64, sha256: String) {
      self.name = name
      self.rows = rows
      self.sha256 = sha256
    }
  }

  /// The design of a sweep, and the runs that are missing.
  package struct Sweep: Hashable, Sendable, Codable {
    /// A run that has no rows because the simulator contradicted itself.
    package struct FailedRun: Hashable, Sendable, Codable {
      /// The point, from 0.
      package var point: Int
      /// The replication, from 1.
      package var replication: Int
      /// The event after which that was found.
      package var event: UInt64
      /// What did not hold.
      package var reason: String

      /// A run without rows.
      package init(point: Int, replication: Int, event: UInt64, reason: String) {
        self.point = point
        self.replication = replication
        self.event = event
        self.reason = reason
      }
    }

    /// A point with the values of the varied keys, as in `points.csv`.
    package struct Point: Hashable, Sendable {
      /// The point, from 0.
      package var point: Int
      /// The values by the names of their columns.
      package var values: [String: ParameterValue]

      /// Describes a point.
      package init(_ context: RunContext) {
        point = context.point
        values = Dictionary(context.varied.map { ($0.column, $0.cell) }) { $1 }
      }
    }

    /// The keys that were varied, by their paths in the scenario.
    package var varied: [String]
    /// The points in their order.
    package var points: [Point]
    /// How many runs they have together, including failed ones.
    package var runs: Int
    /// Runs without rows.
    package var failedRuns: [FailedRun]

    /// What a sweep was.
    package init(varied: [String], points: [Point], runs: Int, failedRuns: [FailedRun]) {
      self.varied = varied
      self.points = points
      self.runs = runs
      self.failedRuns = failedRuns
    }

    private enum CodingKeys: String, CodingKey {
      case varied, points, runs
      case failedRuns = "failed_runs"
    }
  }

  /// A replication that ran on real wires.
  package struct LiveRun: Hashable, Sendable, Codable {
    /// The replication, from 1.
    package var replication: Int
    /// When it began by the clock of who recorded it, in seconds since 1970; the server's if that is there.
    package var began: Double
    /// The server's address and port, and the group's.
    package var server: String
    package var group: String
    /// Whether the server's record was there.
    package var hasServer: Bool
    /// How many devices left a record of their own.
    package var ownRecords: Int
    /// By how much the times of those may be wrong against the server's, at most, in seconds; nil if there is no telling.
    package var clockError: Double?

    /// Describes a replication.
    package init(
      replication: Int, began: Double, server: String, group: String, hasServer: Bool, ownRecords: Int,
      clockError: Double?
    ) {
      (self.replication, self.began, self.server, self.group) = (replication, began, server, group)
      (self.hasServer, self.ownRecords, self.clockError) = (hasServer, ownRecords, clockError)
    }

    private enum CodingKeys: String, CodingKey {
      case replication
      case began = "began_unix_s"
      case server, group
      case hasServer = "server_record"
      case ownRecords = "device_records"
      case clockError = "clock_error_s"
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

    /// Makes the origin of results.
    package init(programVersion: String, scenario: String, seed: UInt64) {
      self.programVersion = programVersion
      self.scenario = scenario
      self.seed = seed
    }
  }

  /// The version of the directory's layout. It is 2 since `failed_devices` does not count those of `left_devices`, and
  /// varied keys are numbers.
  package static let formatVersion = 2
  /// The versions that can be read. Runs of version 1 are not taken into results of this version.
  static let readableVersions = 1...formatVersion
  /// The name of the program, by which its manifests are known.
  static let programName = "gapsim"

  /// The files, in the order of `docs/outputs.md`, without this one.
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
  /// The sweep; nil for a plain run.
  package var sweep: Sweep?
  /// What was asked of a tuning, in addition to the scenario; nil if it is no tuning.
  package var tune: String?
  /// Which share of the runs it is; nil if it is all of them.
  package var share: Share?
  /// The runs on real wires, one for each replication; nil if they were simulated.
  package var live: [LiveRun]?

  private enum CodingKeys: String, CodingKey {
    case files
    case formatVersion = "format_version"
    case live, program
    case programVersion = "program_version"
    case scenario
    case scenarioSHA256 = "scenario_sha256"
    case seed
    case share
    case sweep, tune
  }

  /// Describes complete results.
  package init(_ origin: Origin, files: [File], sweep: Sweep? = nil, share: Share? = nil) {
    self.files = files
    formatVersion = Self.formatVersion
    program = Self.programName
    programVersion = origin.programVersion
    scenario = origin.scenario
    scenarioSHA256 = SHA256.hash(data: Data(origin.scenario.utf8)).hexadecimal
    seed = origin.seed
    self.sweep = sweep
    self.share = share
  }

  /// The text of the file: keys in alphabetical order, a line end after the last line.
  package var json: [UInt8] {
    get throws { try JSONEncoder.results.encode(self) + [UInt8(ascii: "\n")] }
  }

  /// Reads a manifest; nil if the bytes are no manifest of this program.
  package init?(json: Data) {
    guard let manifest = try? JSONDecoder().decode(Manifest.self, from: json), manifest.program == Self.programName
    else { return nil }
    self = manifest
  }
}

extension Manifest.Sweep {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    varied = try container.decode([String].self, forKey: .varied)
    // Format version 1 had their number only.
    points =
      (try? container.decode(Int.self, forKey: .points)) != nil
      ? [] : try container.decode([Point].self, forKey: .points)
    runs = try container.decode(Int.self, forKey: .runs)
    failedRuns = try container.decode([FailedRun].self, forKey: .failedRuns)
  }
}

extension Manifest.Sweep.Point: Codable {
  /// The name of a column.
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private static let number = Name(stringValue: "point")

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    point = try container.decode(Int.self, forKey: Self.number)
    values = [:]
    for name in container.allKeys where name.stringValue != Self.number.stringValue {
      values[name.stringValue] = try container.decode(ParameterValue.self, forKey: name)
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    try container.encode(point, forKey: Self.number)
    for (name, value) in values { try container.encode(value, forKey: Name(stringValue: name)) }
  }
}

/// The value in JSON: a number, or a word.
extension ParameterValue: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let word = try? container.decode(String.self) {
      self = .word(word)
    } else {
      self = .number("\(try container.decode(Decimal.self))")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let text):
      // What is printed is a decimal number.
      try container.encode(Decimal(string: text) ?? .nan)
    case .word(let word): try container.encode(word)
    }
  }
}

extension JSONEncoder {
  /// JSON whose bytes depend on the value alone.
  package static var results: JSONEncoder {
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
