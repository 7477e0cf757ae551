import Foundation

/// What a shell prints of a script, to both of its outputs, and how it ends.
///
/// - Parameters:
///   - variables: what the script knows besides the environment of the tests.
///   - folder: where it runs.
package func shell(
  _ script: String, _ variables: [String: String], in folder: URL
) throws -> (status: Int32, output: String) {
  let process = Process()
  // Without this a signal that the tests ignore would be ignored in the script.
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = ["--default-signal", "bash", "-c", script]
  process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
    .merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
  process.currentDirectoryURL = folder
  let output = Pipe()
  (process.standardOutput, process.standardError) = (output, output)
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return (process.terminationStatus, text)
}
