import Foundation
import Network
import TestSupport
import Testing

@testable import Scenarios

/// Files of lost packets: where they lie, what they cost, and what is said of those that are none.
@Suite struct TraceFileTests {
  /// A folder with a scenario in `lab/`, and files beside and outside of it.
  private final class Folder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("gapsim-\(UUID().uuidString)")

    init(_ files: [String: String]) throws {
      for (name, text) in files {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: false, encoding: .utf8)
      }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func load(trace: String, devices: Int = 3) throws -> Scenario { try read(trace: trace, devices: devices).scenario }

    func warnings(trace: String) throws -> [ScenarioDiagnostic] { try read(trace: trace, devices: 3).warnings }

    private func read(
      trace: String, devices: Int
    ) throws -> (scenario: Scenario, warnings: [ScenarioDiagnostic]) {
      let file = url.appendingPathComponent("lab/lab.yaml")
      let text = "file: {size: 1 MiB}\ncohorts: [{count: \(devices), loss: {trace: '\(trace)'}}]\n"
      try text.write(to: file, atomically: false, encoding: .utf8)
      return try Scenario.load(path: file.path)
    }
  }

  private func runs(_ model: LossModel) -> [PacketRuns]? {
    if case .trace(let trace) = model { trace.recordings.map(\.lost) } else { nil }
  }

  @Test(arguments: ["ok.trace", "below/ok.trace", "./below/ok.trace", "inside.trace"])
  func aTraceLiesInTheFolderOrBelow(name: String) throws {
    let folder = try Folder(["lab/ok.trace": "all: 3\n", "lab/below/ok.trace": "all: 3\n"])
    let link = folder.url.appendingPathComponent("lab/inside.trace").path
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "below/ok.trace")
    expect(runs(try folder.load(trace: name).network.cohorts[0].downLoss), equals: [[3]])
  }

  @Test(arguments: [
    "../secret.trace", "below/../../secret.trace", "below/../ok.trace", "ABSOLUTE", "out.trace", "out/secret.trace",
  ])
  func noTraceIsReadFromElsewhere(name: String) throws {
    let folder = try Folder(["lab/ok.trace": "all: 3\n", "lab/below/x": "", "secret.trace": "all: 3\n"])
    let lab = folder.url.appendingPathComponent("lab")
    try FileManager.default.createSymbolicLink(
      atPath: lab.appendingPathComponent("out.trace").path, withDestinationPath: "../secret.trace")
    try FileManager.default.createSymbolicLink(
      atPath: lab.appendingPathComponent("out").path, withDestinationPath: "..")
    let path = name == "ABSOLUTE" ? lab.appendingPathComponent("ok.trace").path : name
    let error = try #require(throws: ScenarioError.self) { try folder.load(trace: path) }
    #expect(error.description.contains("such a file lies in the folder of its scenario, or below it"), "\(error)")
  }

  @Test func theTextOfAManifestReadsNoFile() throws {
    let text = "file: {size: 1 MiB}\ncohorts: [{loss: {trace: lost.trace}}]\n"
    let error = try #require(throws: ScenarioError.self) { try Scenario.parse(text: text, file: "manifest.json") }
    #expect(error.description.contains("write the lost packets out"))
  }

  @Test func aFileThatIsNoTraceIsNotQuoted() throws {
    let folder = try Folder(["lab/passwords": "# users\nroot:x:0:0\nadmin:hunter2\n"])
    let error = try #require(throws: ScenarioError.self) { try folder.load(trace: "passwords") }
    expect(error.diagnostics.count, equals: 1)
    #expect(error.description.contains("is no trace: line 2 has none of its forms"))
    #expect(!error.description.contains("root:") && !error.description.contains("hunter2"))
  }

  private func recordings(_ scenario: Scenario) -> LossTrace? {
    if case .trace(let trace) = scenario.network.cohorts[0].downLoss { trace } else { nil }
  }

  @Test(arguments: ["0\n1\n1\n0\n", "0110", "# link 1\n0 1 1 0 # end\n", "0,1,1,0\r\n", "01\n10\n"])
  func zerosAndOnesAreARecordingForAll(text: String) throws {
    let trace = try #require(recordings(try Folder(["lab/bits.txt": text]).load(trace: "bits.txt")))
    expect(trace, equals: LossTrace([LossTrace.Recording(lost: [2, 3], length: 4)]))
  }

  @Test func aRecordingOfManyPacketsIsRead() throws {
    let text = String(repeating: "0001100\n", count: 100_000)
    let trace = try #require(recordings(try Folder(["lab/bits.txt": text]).load(trace: "bits.txt")))
    expect(trace.recordings[0].length, equals: 700_000)
    expect(trace.recordings[0].lost.runs.count, equals: 100_000)
  }

  /// R quotes the names of columns, and other programs all fields (RFC 4180).
  @Test(arguments: [
    "device, lost\n2,0\n1,1\n2,1\n1,1\n2,0\n1,0\n3,0\n",
    "\"device\",\"lost\"\n2,0\n\"1\",\"1\"\n2, \"1\" \n1,1\n2,0\n1,0\r\n\"3\",0\n",
  ])
  func rowsSayWhatBecameOfEachPacket(text: String) throws {
    let trace = try #require(recordings(try Folder(["lab/a.csv": text]).load(trace: "a.csv")))
    expect(
      trace,
      equals: LossTrace([
        LossTrace.Recording(lost: [1, 2], length: 3), LossTrace.Recording(lost: [2], length: 3),
        LossTrace.Recording(lost: [], length: 1),
      ]))
  }

  /// Such a file has every packet. A list for each device in the scenario itself must be complete, too.
  @Test(arguments: [("1,0\n", "2 of 3"), ("1,1\n2,0\n1,0\n", "1 of 3")])
  func rowsOfEachPacketNameEveryDevice(rows: String, missing: String) throws {
    let folder = try Folder(["lab/a.csv": "device,lost\n" + rows])
    let error = try #require(throws: ScenarioError.self) { try folder.load(trace: "a.csv") }
    #expect(error.description.contains("'a.csv' has no row for \(missing) devices; give each its rows"), "\(error)")
  }

  /// Such a file cannot name a device that lost nothing, but often it was made for fewer devices.
  @Test(arguments: [
    ("device,packet\n1,5\n2,7\n1,6\n", "has no row for 1 of 3 devices: nothing is lost"), ("device,packet\n", "3 of 3"),
    ("device,packet\n1,5\n2,7\n3,6\n", nil), ("1: 5\n", nil), ("all: 5\n", nil), ("0110", nil),
  ])
  func rowsOfLostPacketsSayWhoHasNone(text: String, warning: String?) throws {
    let warnings = try Folder(["lab/a.csv": text]).warnings(trace: "a.csv")
    expect(warnings.count, equals: warning == nil ? 0 : 1)
    if let warning { #expect(warnings[0].description.contains(warning), "\(warnings[0])") }
  }

  @Test(arguments: [
    ("0\n1\n2\n", "bits.txt:3:1: error: cohorts[0].loss.trace: '2' is not 0 or 1"),
    ("device,lost\n1,2\n", "bits.txt:2:3: error: cohorts[0].loss.trace: '2' is neither 0 nor 1"),
    ("device,lost\n4,1\n", "is no device of this cohort; allowed: 1 … 3"),
    ("device,lost\n1\n", "'1' is not a row like '1,0'"),
    ("packet,lost\n1,0\n", "looks like CSV, but line 1 is not the header 'device,packet'"),
    ("time lost\n1 0\n", "is no trace: line 1 has none of its forms; a trace has 0 and 1"),
  ])
  func whatIsNoRecordingSaysWhichFormItLooksLike(text: String, message: String) throws {
    let folder = try Folder(["lab/bits.txt": text])
    let error = try #require(throws: ScenarioError.self) { try folder.load(trace: "bits.txt") }
    #expect(error.description.contains(message), "\(error)")
  }

  /// A file without a packet would be a perfect path, which nobody meant by it.
  @Test(arguments: ["", " \n\n", "# nothing yet\n", "device,lost\n", "\u{FEFF}", ",;\n"])
  func anEmptyFileIsNoTrace(text: String) throws {
    let folder = try Folder(["lab/empty.txt": text])
    let error = try #require(throws: ScenarioError.self) { try folder.load(trace: "empty.txt") }
    #expect(error.description.contains("the trace file 'empty.txt' is empty"), "\(error)")
  }

  /// It says of each device that nothing was lost.
  @Test func aListMayBeEmpty() throws {
    for text in ["device,packet\n", "1:\n"] {
      let folder = try Folder(["lab/none.txt": text])
      #expect(runs(try folder.load(trace: "none.txt").network.cohorts[0].downLoss)?.allSatisfy(\.runs.isEmpty) == true)
    }
  }

  @Test(arguments: ["0110", "device,lost\n1,0\n1,1\n2,1\n3,0\n", "all: 2 3\n"])
  func aMarkOfTheByteOrderIsNoPartOfIt(text: String) throws {
    let folder = try Folder(["lab/plain.txt": text, "lab/marked.txt": "\u{FEFF}" + text])
    try expect(
      folder.load(trace: "marked.txt").network.cohorts[0].downLoss,
      equals: folder.load(trace: "plain.txt").network.cohorts[0].downLoss)
  }

  @Test func aTraceWithManyErrorsIsToldInTwenty() throws {
    let folder = try Folder(["lab/bad.trace": "1: 3\n" + String(repeating: "1: x y\n", count: 5000)])
    let error = try #require(throws: ScenarioError.self) { try folder.load(trace: "bad.trace") }
    expect(error.diagnostics.count, equals: 20)
    #expect(error.description.hasSuffix("… and 9980 more"))
  }

  /// What all lose stands in memory once; each device that differs has a list of its own.
  @Test func devicesShareWhatAllLose() throws {
    let folder = try Folder(["lab/all.trace": "all: 1-3999998 5000000\n2: 4000000-4999999\n"])
    let lists = try #require(runs(try folder.load(trace: "all.trace", devices: 1000).network.cohorts[0].downLoss))
    expect(lists.count, equals: 1000)
    expect(lists[0].runs, equals: [1...3_999_998, 5_000_000...5_000_000])
    expect(lists[1].runs, equals: [1...3_999_998, 4_000_000...5_000_000])
    let storage = { (list: PacketRuns) in list.runs.withUnsafeBufferPointer { $0.baseAddress } }
    expect(storage(lists[0]), equals: storage(lists[999]))
  }

  @Test func allTracesOfAScenarioShareOneBudget() throws {
    let half = (0..<TraceFile.mostRuns / 4 + 1).map { "\(2 * $0 + 1)" }.joined(separator: " ")
    let folder = try Folder(["lab/half.trace": "all: 1\n1: \(half)\n2: \(half)\n"])
    expect(runs(try folder.load(trace: "half.trace", devices: 2).network.cohorts[0].downLoss)?.count, equals: 2)
    let text = (1...2).map { "  - {name: c\($0), count: 2, loss: {trace: half.trace}}\n" }.joined()
    let file = folder.url.appendingPathComponent("lab/two.yaml")
    try "file: {size: 1 MiB}\ncohorts:\n\(text)".write(to: file, atomically: false, encoding: .utf8)
    let error = try #require(throws: ScenarioError.self) { try Scenario.load(path: file.path) }
    expect(error.diagnostics.count, equals: 1)
    #expect(error.description.contains("2_000_000 runs"))
  }

  @Test func whatAllLoseIsCountedForEachDeviceThatIsWrittenOut() throws {
    let many = (0..<2001).map { "\(2 * $0 + 1)" }.joined(separator: " ")
    let folder = try Folder(["lab/many.trace": "all: \(many)\n1: 99999\n"])
    #expect(throws: ScenarioError.self) { try folder.load(trace: "many.trace", devices: 1000) }
    try expect(folder.load(trace: "many.trace", devices: 900).devices, equals: 900)
  }

  @Test func aLongRunIsWrittenAsOneAndReadsBack() throws {
    let text = "file: {size: 1 MiB}\ncohorts: [{loss: {trace: [1-4000000, 4000001, 7000000]}}]\n"
    let scenario = try Scenario.parse(text: text, file: "a").scenario
    #expect(scenario.canonicalYAML().contains("1-4000001"))
    try expect(Scenario.parse(text: scenario.canonicalYAML(), file: "a").scenario, equals: scenario)
  }
}
