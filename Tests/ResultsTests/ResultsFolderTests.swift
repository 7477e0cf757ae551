import Foundation
import Glibc
import TestSupport
import Testing

@testable import Fixtures
@testable import Results

/// The door to results: what was changed, forged or is no file is refused before anything is read from it.
@Suite struct ResultsFolderTests {
  private let scratch: Scratch
  init() throws {
    scratch = try Scratch()
    try SmallResults.write(to: scratch.path("a"))
  }

  private func error(extent: ResultsFolder.Extent = .whole) -> String? {
    do {
      _ = try ResultsFolder(at: scratch.path("a"), extent: extent)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func whatIsAsItWasWrittenIsRead() throws {
    let folder = try ResultsFolder(at: scratch.path("a") + "//")
    expect(folder.path, equals: scratch.path("a"))
    expect(folder.kind, equals: .run)
    try expect(folder.table(.runs).rows.count, equals: 3)
    try expect(folder.scenario().name, equals: "small")
  }

  static let files: [ResultFile] = [.runs, .devices, .sessions, .gaps, .summary]

  @Test(arguments: files) func aChangedFileIsNamed(file: ResultFile) throws {
    try scratch.edit("a/\(file.rawValue)") { $0 = $0.replacing("small,", with: "smell,") }
    #expect(error()?.hasPrefix("\(scratch.path("a"))/\(file.rawValue): it was changed after it was written") == true)
    #expect(error(extent: .kept) != nil)
  }

  @Test func aLineMoreOrLessIsAChange() throws {
    try scratch.edit("a/gaps.csv") { $0 += "small,0,3,1,99,1\n" }
    #expect(error()?.contains("gaps.csv: it was changed") == true)
    try scratch.edit("a/gaps.csv") { $0 = "" }
    #expect(error()?.contains("gaps.csv: it was changed") == true)
  }

  @Test func aFileThatIsMissingIsNamedUnlessOnlySomeAreKept() throws {
    unlink(scratch.path("a/devices.csv"))
    #expect(error()?.hasPrefix("\(scratch.path("a"))/devices.csv: the file does not exist") == true)
    #expect(error(extent: .kept) == nil)
    #expect(try !ResultsFolder(at: scratch.path("a"), extent: .kept).has(.devices))
  }

  /// Nobody waits for a FIFO, and nothing is read from without the directory.
  @Test(arguments: [ResultFile.runs, .manifest]) func whatIsNoOrdinaryFileIsNotRead(file: ResultFile) throws {
    let place = scratch.path("a/\(file.rawValue)")
    let says = "\(place): this is not an ordinary file"
    rename(place, scratch.path("elsewhere"))
    symlink(scratch.path("elsewhere"), place)
    expect(error(), equals: says)
    unlink(place)
    mkfifo(place, 0o600)
    expect(error(), equals: says)
    unlink(place)
    symlink("/dev/zero", place)
    expect(error(), equals: says)
    unlink(place)
    mkdir(place, 0o700)
    expect(error(), equals: says)
  }

  @Test func aFileWithoutEndIsGivenUpAfterItsRows() throws {
    let descriptor = open(scratch.path("a/runs.csv"), O_WRONLY)
    try #require(ftruncate(descriptor, 1 << 40) == 0)
    close(descriptor)
    #expect(error()?.contains("runs.csv: it was changed") == true)
  }

  @Test(arguments: [0, 3, -1, 1 << 40]) func anUnknownFormatIsRefused(version: Int) throws {
    try scratch.forgeManifest("a") { $0.formatVersion = version }
    #expect(error()?.contains("format version \(version), and this program reads versions 1 to 2") == true)
  }

  @Test func aChangedScenarioIsAChange() throws {
    try scratch.forgeManifest("a") { $0.scenario += "\n# more\n" }
    #expect(error()?.contains("manifest.json: it was changed after it was written: its scenario") == true)
  }

  @Test func whatTheManifestDoesNotListIsNotRead() throws {
    try scratch.write("x\n1\n", to: "a/timeline.csv")
    #expect(try !ResultsFolder(at: scratch.path("a")).has(.timeline))
  }

  /// A manifest has its traces written out: no file is read through it, whatever it names.
  @Test func aManifestReadsNoOtherFile() throws {
    try scratch.write("1: 1\n", to: "a/trace.txt")
    let text = SmallResults.text.replacing("{bernoulli: 5 %}", with: "{trace: trace.txt}")
    try scratch.forgeManifest("a") { manifest in
      manifest.scenario = text
      manifest.scenarioSHA256 = SHA256.hash(data: Data(text.utf8)).hexadecimal
    }
    let folder = try ResultsFolder(at: scratch.path("a"))
    #expect { try folder.scenario() } throws: { "\($0)".contains("the trace file 'trace.txt' is not read from here") }
  }

  @Test func whatWasCheckedIsWhatIsReadThoughOthersTakeItsPlace() throws {
    let folder = try ResultsFolder(at: scratch.path("a"))
    try SmallResults.write(to: scratch.path("a"), ["replications=1"])
    try expect(folder.table(.runs).rows.count, equals: 3)
    try expect(ResultsFolder(at: scratch.path("a")).table(.runs).rows.count, equals: 1)
  }
}
