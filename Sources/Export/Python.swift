import Experiments
import FoundationEssentials

/// Python with pyarrow, as it is found in PATH: that of a virtual environment, if one is active.
struct Python {
  /// How it ended, and the last line that it said.
  struct Outcome {
    let isSuccess: Bool
    let reason: String
  }

  /// The file for what it says, while it runs.
  static let errors = ".python.errors"

  private let folder: String
  private let executable: String

  /// Finds it.
  ///
  /// - Parameter folder: where it runs.
  init(in folder: String) throws {
    self.folder = folder
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let found = path.split(separator: ":").map { URL(filePath: String($0)).appending(path: "python3").path }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
    guard let found else { throw ExportError.pyarrowMissing(reason: "there is no python3 in PATH") }
    executable = found
    let outcome = try run(ParquetScript.probe)
    guard outcome.isSuccess else { throw ExportError.pyarrowMissing(reason: "\(found): \(outcome.reason)") }
  }

  /// Runs a script to its end.
  func run(_ script: String, _ arguments: String...) throws -> Outcome {
    let process = Subprocess(
      executable: executable, arguments: ["-c", script] + arguments,
      environment: ProcessInfo.processInfo.environment)
    guard let outcome = try process.run(in: folder, errors: folder + "/" + Self.errors) else {
      return Outcome(isSuccess: false, reason: "it cannot be started")
    }
    let lines = outcome.said.split(separator: "\n")
    return Outcome(isSuccess: outcome.isSuccess, reason: lines.last.map { String($0.prefix(300)) } ?? "it failed")
  }
}
