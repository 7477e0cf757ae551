import Foundation
import TestSupport
import Testing

/// A standard output that takes nothing, and files that take no more, as on a full disk.
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

  /// Runs the program where no file can have more than some KiB.
  private func limited(to kibibytes: Int, _ arguments: [String]) throws -> (status: Int32, errors: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments =
      ["--default-signal", "bash", "-c", "trap '' XFSZ; ulimit -f \(kibibytes); exec \"$@\"", "-", Program.path]
      + arguments
    process.currentDirectoryURL = Program.package
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, said)
  }

  @Test(arguments: [
    ["run", "Scenarios/late-joiners.yaml", "--set", "file.size=100 KiB", "--replications", "20"],
    ["sweep", "Scenarios/late-joiners.yaml", "--set", "file.size=100 KiB", "--vary", "protocol.windowsize=1,2"],
    ["tune", "Scenarios/late-joiners.yaml", "--set", "file.size=100 KiB", "--budget", "400"],
  ])
  func whatWasRunBeforeTheDiskWasFullIsTakenOver(command: [String]) throws {
    let folder = try TemporaryFolder()
    let (out, quiet) = (["-o", folder.path("out")], ["-q"] + (command[0] == "run" ? [] : ["--no-plots"]))
    let none = try limited(to: 0, command + out + quiet)
    expect(none.status, equals: 74, "\(none.errors)")
    #expect(!none.errors.contains("--resume"), "\(none.errors)")
    try expect(FileManager.default.contentsOfDirectory(atPath: folder.url.path), equals: [])
    let some = try limited(to: 24, command + out + quiet)
    expect(some.status, equals: 74, "\(some.errors)")
    #expect(some.errors.contains("kept in \(folder.path("out")).journal; "), "\(some.errors)")
    #expect(some.errors.contains("--resume goes on with it") || some.errors.contains("--resume goes on with them"))
    let last = try Program.run(command + out + quiet + ["--resume"])
    let whole = try Program.run(command + ["-o", folder.path("whole")] + quiet)
    expect(last.status, equals: whole.status, "\(last.errors)")
    try expect(folder.files(in: "out"), equals: folder.files(in: "whole"))
  }
}
