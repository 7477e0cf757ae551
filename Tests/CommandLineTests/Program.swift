import Foundation

/// The program as a user runs it: another process, built beside the tests.
struct Program {
  /// What a finished program left behind.
  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  /// The folder of the package.
  static let package = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The scenarios that come with the program.
  static let scenarios: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: package.appendingPathComponent("Scenarios").path)) ?? [])
    .filter { $0.hasSuffix(".yaml") }.sorted()

  /// Runs the program to its end in the folder of the package.
  static func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Outcome {
    try run(arguments, environment: environment)
  }

  /// Runs the program with a text in the pipe of its standard input, which is short enough to fit into it.
  static func run(_ arguments: String..., input: String) throws -> Outcome {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try pipe.fileHandleForWriting.close()
    return try run(arguments, input: pipe)
  }

  static func run(
    _ arguments: [String], environment: [String: String] = [:], input: Pipe? = nil
  ) throws -> Outcome {
    let process = process(arguments)
    if let input { process.standardInput = input }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let (output, errors) = (try TemporaryFile(), try TemporaryFile())
    process.standardOutput = output.handle
    process.standardError = errors.handle
    try process.run()
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, output: try output.text, errors: try errors.text)
  }
}

extension Program {
  /// Where the program is.
  static let path = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("gapsim").path

  /// The program, not yet begun, in the folder of the package.
  ///
  /// It hears every signal: a test of batches that runs at the same time has this process ignore some, and what is ignored
  /// stays ignored in another program.
  static func process(_ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["--default-signal", path] + arguments
    process.currentDirectoryURL = package
    return process
  }
}

/// A file for what a process prints, which may be more than a pipe holds.
private final class TemporaryFile {
  private let url = FileManager.default.temporaryDirectory.appendingPathComponent("gapsim-\(UUID().uuidString)")
  let handle: FileHandle

  init() throws {
    try Data().write(to: url)
    handle = try FileHandle(forWritingTo: url)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var text: String { get throws { try String(contentsOf: url, encoding: .utf8) } }
}

/// A folder that is gone when the test is over.
final class TemporaryFolder {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("gapsim-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The path of something in the folder.
  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// The files of a subfolder with their bytes.
  func files(in name: String) throws -> [String: Data] {
    let folder = url.appendingPathComponent(name)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: folder.appendingPathComponent($0))) })
  }
}
