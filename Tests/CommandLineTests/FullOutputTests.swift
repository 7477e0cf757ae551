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
  private func limited(
    to kibibytes: Int, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> (status: Int32, errors: String) {
    let process = Process()
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
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

  /// gnuplot does not say why it fails.
  @Test func picturesThatFindNoRoomAreNotRefused() throws {
    let folder = try TemporaryFolder()
    let (results, gnuplot) = (folder.path("results"), folder.path("gnuplot"))
    let run = ["run", "Scenarios/late-joiners.yaml", "-q", "-o", results, "--replications", "2"]
    try expect(Program.run(run + ["--set", "file.size=200 KiB"]).status, equals: 0)
    try "#!/bin/sh\nexit 1\n".write(toFile: gnuplot, atomically: true, encoding: .utf8)
    expect(chmod(gnuplot, 0o755), equals: 0)
    let path = ["PATH": "\(folder.url.path):/usr/bin:/bin"]
    try expect(Program.run("plot", results, environment: path).status, equals: 70)
    let full = try limited(to: 32, ["plot", results], environment: path)
    expect(full.status, equals: 74, "\(full.errors)")
    #expect(full.errors.hasPrefix("error: cannot write ") && full.errors.contains("room.csv"), "\(full.errors)")
    let onOnePage = try limited(to: 64, ["plot", results, "--one-page", "--format", "svg"])
    expect(onOnePage.status, equals: 74, "\(onOnePage.errors)")
    try expect(
      FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted(), equals: ["gnuplot", "results"])
  }

  /// What cannot be created is 73.
  @Test func filesBesideTheResultsThatFindNoRoomHaveACodeOfTheirOwn() throws {
    let folder = try TemporaryFolder()
    let results = folder.path("results")
    let run = ["run", "Scenarios/late-joiners.yaml", "-q", "-o", results, "--set", "file.size=200 KiB"]
    try expect(Program.run(run).status, equals: 0)
    let (lab, xml) = (folder.path("lab.yaml"), folder.path("report.xml"))
    for arguments in [["init", lab], ["compare", results, results, "-q", "--junit", xml]] {
      let full = try limited(to: 0, arguments)
      expect(full.status, equals: 74)
      #expect(full.errors.contains("error: cannot write \(arguments.last ?? ""): "), "\(full.errors)")
      let none = try Program.run(arguments.dropLast() + ["/proc/none"])
      expect(none.status, equals: 73)
      #expect(none.errors.contains("error: cannot create /proc/none: "), "\(none.errors)")
    }
    try expect(FileManager.default.contentsOfDirectory(atPath: folder.url.path), equals: ["results"])
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
