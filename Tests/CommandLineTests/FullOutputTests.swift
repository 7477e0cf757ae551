import Foundation
import TestSupport
import Testing

/// A standard output that takes nothing, as on a full disk.
@Suite struct FullOutputTests {
  @Test(arguments: [
    ["columns"], ["schema"], ["--help"], ["run", "--help"], ["--generate-completion-script", "zsh"],
    ["validate", "Scenarios/lab-boot.yaml"], ["log", "Scenarios/trace-driven.yaml"],
  ])
  func whatCannotBePrintedIsAnError(arguments: [String]) throws {
    let process = Program.process(arguments)
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    expect(process.terminationStatus, equals: 74)
    #expect(said.contains("error: cannot write the standard output"), "\(said)")
  }

  @Test func theResultsOfARunStandAllTheSame() throws {
    let folder = try TemporaryFolder()
    let process = Program.process(["run", "Scenarios/trace-driven.yaml", "-o", folder.path("out")])
    process.standardOutput = try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    expect(process.terminationStatus, equals: 74)
    #expect(try folder.files(in: "out")["manifest.json"] != nil)
  }
}
