import Foundation
import TestSupport
import Testing

/// The program among pipes, closed streams, and words that it does not know.
@Suite struct MannersTests {
  /// What a shell prints of a script, in which `$gapsim` is the program.
  private func shell(_ script: String, in folder: TemporaryFolder? = nil) throws -> (status: Int32, output: String) {
    try TestSupport.shell(script, ["gapsim": Program.path], in: folder?.url ?? Program.package)
  }

  @Test(
    arguments: [
      ("$gapsim 2>&-", 0), ("$gapsim rum 2>&-", 64), ("$gapsim run --frob 2>&-", 64), ("$gapsim run 2>&-", 64),
      ("$gapsim validate no-such-file 2>&-", 66), ("$gapsim validate README.md 2>&-", 65),
      ("$gapsim validate no-such-file >&- 2>&- <&-", 66), ("$gapsim validate Scenarios/lab-boot.yaml >&-", 74),
      ("$gapsim --help >&-", 74), ("$gapsim columns >&- 2>&-", 74), ("$gapsim validate - <&-", 65),
    ] as [(String, Int32)])
  func closedStreamsEndItWithACode(script: String, status: Int32) throws {
    try expect(shell(script).status, equals: status)
  }

  /// A message that went to whatever file has the number of a closed stream would stand in the results.
  @Test func nothingIsWrittenInPlaceOfAClosedStream() throws {
    let folder = try TemporaryFolder()
    let text = "file: {size: 64 KiB}\nlimits: {time: 1 ms}\nreplications: 2\ncohorts: [{count: 3}]\n"
    try text.write(toFile: folder.path("a.yaml"), atomically: true, encoding: .utf8)
    #expect(try shell("$gapsim run a.yaml -o closed >&- 2>&- <&-", in: folder).status != 0)
    try expect(shell("$gapsim run a.yaml -o open -q", in: folder).status, equals: 75)
    try expect(folder.files(in: "closed"), equals: folder.files(in: "open"))
  }

  @Test(arguments: [
    ("rum", "did you mean 'run'?"), ("Validate", "did you mean 'validate'?"), ("help tun", "did you mean 'tune'?"),
    ("help nonsense", "'nonsense' is no command"), ("nonsense --help", "'nonsense' is no command"),
    ("help run nonsense", "'run' has no command 'nonsense'"), ("help help run", "'help' has no command 'run'"),
  ])
  func aCommandThatThereIsNoneOfIsSaid(words: String, says: String) throws {
    let outcome = try Program.run(words.split(separator: " ").map(String.init))
    expect(outcome.status, equals: 64)
    #expect(outcome.errors.contains(says), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }

  @Test(arguments: ["help", "help run", "--version", "run --help", "help help"])
  func helpThatThereIsIsGiven(words: String) throws {
    try expect(Program.run(words.split(separator: " ").map(String.init)).status, equals: 0)
  }

  /// A long summary fills the buffer of the standard output, and a warning must not come between two halves of a line.
  @Test func warningsStandOnLinesOfTheirOwn() throws {
    let folder = try TemporaryFolder()
    let cohorts = (1...300).map { "  - {name: seat-\($0), loss: {bernoulli: 1 %}}\n" }.joined()
    let text = "file: {size: 64 KiB}\nreplications: 1\nlimits: {time: 1 ms}\ncohorts:\n" + cohorts
    try text.write(toFile: folder.path("cabin.yaml"), atomically: true, encoding: .utf8)
    let outcome = try shell("$gapsim run cabin.yaml -o r 2>&1 | cat", in: folder)
    let lines = outcome.output.split(separator: "\n").filter { $0.contains("warning:") }
    expect(lines.count, equals: 1)
    #expect(lines.allSatisfy { $0.hasPrefix("warning: a limit") })
    #expect(outcome.output.count { $0 == "\n" } > 300)
  }

  @Test(arguments: [
    "cat lab.yaml | $gapsim validate -", "$gapsim validate - < lab.yaml", "$gapsim validate <(cat lab.yaml)",
    "cat lab.yaml | $gapsim validate /dev/stdin", "$gapsim validate /dev/stdin < lab.yaml",
    "mkfifo f; cat lab.yaml > f & $gapsim validate f", "$gapsim run - -q -o r < lab.yaml",
    "$gapsim log - < lab.yaml > /dev/null", "$gapsim diff <(cat lab.yaml) <(cat lab.yaml)",
    "$gapsim sweep - -q --no-plots -o s --vary protocol.windowsize=1,2 < lab.yaml",
  ])
  func aScenarioIsReadFromAPipeAndItsTracesFromTheCurrentFolder(script: String) throws {
    let folder = try TemporaryFolder()
    let text = "replications: 1\nfile: {size: 8 KiB}\ncohorts: [{count: 2, loss: {trace: lost.trace}}]\n"
    try text.write(toFile: folder.path("lab.yaml"), atomically: true, encoding: .utf8)
    try "all: 2\n".write(toFile: folder.path("lost.trace"), atomically: true, encoding: .utf8)
    let outcome = try shell(script, in: folder)
    expect(outcome.status, equals: 0, "\(outcome.output)")
  }

  @Test func aPipeHasNoNameToTakeForTheScenarios() throws {
    let folder = try TemporaryFolder()
    try "file: {size: 8 KiB}\nreplications: 1\ncohorts: [{}]\n".write(
      toFile: folder.path("lab.yaml"), atomically: true, encoding: .utf8)
    try expect(shell("$gapsim run - -q < lab.yaml", in: folder).status, equals: 0)
    #expect(FileManager.default.fileExists(atPath: folder.path("Results/scenario/manifest.json")))
  }

  @Test(arguments: ["/dev/zero", "/dev/urandom", "<(yes)", "."])
  func whatHasNoEndOrNoTextIsRefused(file: String) throws {
    let outcome = try shell("timeout 100 $gapsim validate \(file)")
    #expect([65, 66].contains(outcome.status), "\(outcome.output)")
  }

  @Test func whatFilesAreCalledDoesNotSteerATerminal() throws {
    let folder = try TemporaryFolder()
    let script = #"""
      printf 'x: 1\n' > $'a\e[31m\u202E.yaml'; printf '1: x\n' > $'t\e[31m.txt'
      printf 'file: {size: 1 MiB}\ncohorts: [{loss: {trace: "t\\e[31m.txt"}}]\n' > t.yaml
      printf 'file: {size: 1 MiB}\ncohorts: [{count: 1}]\n' > $'ok\e[31m.yaml'
      $gapsim validate $'a\e[31m\u202E.yaml' t.yaml $'ok\e[31m.yaml' $'none\e[31m.yaml'; $gapsim $'r\e[31m'
      """#
    let output = try shell(script, in: folder).output
    #expect(output.contains("a\u{FFFD}[31m") && output.contains("t\u{FFFD}[31m") && output.contains("ok\u{FFFD}[31m"))
    #expect(!output.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
  }

  /// Where the address space is small, so is what is allowed.
  @Test(arguments: [
    "cohorts: [{count: 16000000}]", "cohorts: [{join: 24 h}]\ntimeline: 1 us",
    "cohorts: [{count: 1000, loss: {trace: all.trace}}]", "cohorts: [{count: 1000000, loss: {bernoulli: 20 %}}]",
  ])
  func aScenarioThatTakesTooMuchMemoryIsRefusedBeforeItRuns(cohorts: String) throws {
    let folder = try TemporaryFolder()
    try "all: 1-3999998\n1: 5\n".write(toFile: folder.path("all.trace"), atomically: true, encoding: .utf8)
    try "file: {size: 1 MiB}\nreplications: 1\nlimits: {events: 10}\n\(cohorts)\n".write(
      toFile: folder.path("large.yaml"), atomically: true, encoding: .utf8)
    for command in [
      "validate large.yaml", "run large.yaml -q -o r", "tune large.yaml -q -o t", "log large.yaml > /dev/null",
    ] {
      let outcome = try shell("ulimit -v 4000000; timeout 100 $gapsim \(command)", in: folder)
      let isSmall = cohorts.contains("all.trace")
      #expect(isSmall ? outcome.status < 80 : outcome.status == 65, "\(command): \(outcome.output)")
      #expect(isSmall || outcome.output.contains("limits.memory"), "\(outcome.output)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).allSatisfy { !$0.contains("partial") })
  }

  @Test func whatMemoryIsAllowedChangesNoResult() throws {
    let folder = try TemporaryFolder()
    let file = "Scenarios/trace-driven.yaml"
    try expect(
      Program.run("run", file, "-q", "-o", folder.path("one"), "--set", "limits.memory=40 MB").status, equals: 0)
    try expect(
      Program.run("run", file, "-q", "-o", folder.path("two"), "--set", "limits.memory=90 GB").status, equals: 0)
    var (one, two) = (try folder.files(in: "one"), try folder.files(in: "two"))
    #expect(one.removeValue(forKey: "manifest.json") != nil && two.removeValue(forKey: "manifest.json") != nil)
    expect(one, equals: two)
  }

  /// A recording of 0 and 1 runs as it is; a device that outlives one that is not repeated is counted, and said.
  @Test(arguments: [("bits.txt", 0), ("{lost: bits.txt, then: clean}", 1)])
  func zerosAndOnesAreATrace(trace: String, outlived: Int) throws {
    let folder = try TemporaryFolder()
    try "0100\n110\n".write(toFile: folder.path("bits.txt"), atomically: true, encoding: .utf8)
    try "replications: 1\nfile: {size: 64 KiB}\ncohorts: [{loss: {trace: \(trace)}}]\n".write(
      toFile: folder.path("lab.yaml"), atomically: true, encoding: .utf8)
    let said = try shell("$gapsim run lab.yaml -o r", in: folder)
    expect(said.status, equals: 0)
    expect(said.output.contains("Warning: traces of loss ended before the runs did"), equals: outlived > 0)
    let runs = try String(contentsOfFile: folder.path("r/runs.csv"), encoding: .utf8).split(separator: "\n")
    let place = runs[0].split(separator: ",").firstIndex(of: "outlived_traces")
    expect(runs[1].split(separator: ",", omittingEmptySubsequences: false)[try #require(place)], equals: "\(outlived)")
  }
}
