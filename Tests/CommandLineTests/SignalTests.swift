import Foundation
import TestSupport
import Testing

/// A signal ends a command at any instant, and never leaves it hanging or saying what its own cleaning up made go wrong.
@Suite struct SignalTests {
  private static let text = """
    file: {size: 100 KiB}
    replications: 12
    cohorts: [{count: 5, loss: {bernoulli: 2 %}}]
    """

  /// Runs a command, and sends it a signal after a time. Returns how it ended, and what it said.
  private static func interrupt(
    _ arguments: [String], by signal: Int32, after microseconds: UInt32
  ) throws -> (ending: Int32, isSignal: Bool, errors: String) {
    let process = Program.process(arguments)
    let errors = Pipe()
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, errors)
    try process.run()
    usleep(microseconds)
    kill(process.processIdentifier, signal)
    // Whoever hangs hears nothing but this.
    let deadline = DispatchWorkItem { [number = process.processIdentifier] in kill(number, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: deadline)
    let said = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    deadline.cancel()
    return (
      process.terminationStatus, process.terminationReason == .uncaughtSignal, String(decoding: said, as: UTF8.self)
    )
  }

  @Test(arguments: [SIGINT, SIGTERM]) func aSignalAtAnyInstantEndsARun(signal: Int32) throws {
    let folder = try TemporaryFolder()
    try Self.text.write(toFile: folder.path("lab.yaml"), atomically: true, encoding: .utf8)
    for step in 0..<24 {
      let command = ["run", folder.path("lab.yaml"), "-q", "-o", folder.path("out-\(step)")]
      let end = try Self.interrupt(command, by: signal, after: UInt32(step) * 4000)
      #expect(end.isSignal ? end.ending == signal : end.ending == 0, "\(step): \(end)")
      #expect(!end.errors.contains("error: "), "\(step): \(end)")
      // However it ended, it goes on.
      try expect(Program.run(command + ["--resume"]).status, equals: 0)
    }
  }
}
