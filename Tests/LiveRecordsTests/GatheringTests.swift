import BlockTransfer
import Foundation
import Network
import PromotionEngine
import Results
import Runs
import TestSupport
import Synchronization
import Testing
import Timebase

@testable import LiveRecords
@testable import Scenarios

/// Records on the disk: written, left behind by a kill, found again, joined.
struct GatheringTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// Writes what a simulated run would leave: a server's directory and one for each device.
  private func write(_ seed: UInt64, finishing: Bool = true, began: Int64 = 0) throws -> RunRecord {
    let scenario = try SimulatedRecordsTests.scenario(
      SimulatedRecordsTests.rooms[1], SimulatedRecordsTests.protocols[0])
    let (simulated, server, own) = try SimulatedRecordsTests.run(scenario, seed: seed)
    try write(server, scenario, in: "server", finishing: finishing, began: began)
    for (_, record) in own { try write(record, scenario, in: "devices", finishing: finishing, began: began) }
    return simulated
  }

  private func write(
    _ recording: Recording, _ scenario: Scenario, in directory: String, finishing: Bool, began: Int64
  ) throws {
    var header = recording.header
    header.began = header.began + .seconds(began)
    let recorder = try RunRecorder(header, scenario: scenario, in: scratch.path(directory))
    for event in recording.events.dropFirst() {
      try recorder.record(event.event, of: event.device, at: event.time)
    }
    if finishing { _ = try recorder.finish() }
  }

  private func table(_ name: String) throws -> CSVTable { try CSVTable(contentsOf: scratch.path(name)) }

  private func column(_ name: String, of table: CSVTable) throws -> [String] {
    let index = try table.column(name)
    return table.rows.map { $0[index] }
  }

  @Test func severalRunsBecomeReplicationsOfOneDirectory() throws {
    let simulated = try (0..<3).map { try write(UInt64($0) + 1, began: Int64($0) * 100) }
    let gathering = try Gathering([scratch.path("server"), scratch.path("devices")])
    expect(gathering.notes, equals: [])
    try gathering.write(to: scratch.path("lab"), label: "my lab")
    let folder = try ResultsFolder(at: scratch.path("lab"))
    #expect(folder.isLive)
    try expect(folder.scenario().replications, equals: 3)
    try expect(folder.scenario().devices, equals: 8)
    let runs = try table("lab/runs.csv")
    try expect(column("replication", of: runs), equals: ["1", "2", "3"])
    try expect(column("scenario", of: runs), equals: ["my lab", "my lab", "my lab"])
    try expect(column("seed", of: runs), equals: ["", "", ""])
    try expect(column("queue_drops", of: runs), equals: ["", "", ""])
    try expect(column("server_bytes", of: runs), equals: simulated.map { "\($0.serverBytes)" })
    try expect(column("sessions", of: runs), equals: simulated.map { "\($0.sessions.count)" })
    try expect(column("device_packets", of: runs), equals: simulated.map { "\($0.devicePackets)" })
    let devices = try table("lab/devices.csv")
    expect(devices.rows.count, equals: 24)
    try expect(
      column("multicast_blocks", of: devices).prefix(8),
      equals: simulated[0].devices.map { "\($0.multicastBlocks)" }[...])
    #expect(try column("lost_packets", of: devices).allSatisfy(\.isEmpty))
    expect(folder.manifest.live?.map(\.ownRecords), equals: [8, 8, 8])
    #expect(folder.manifest.live?.allSatisfy { $0.clockError.map { $0 > 0 && $0 < 0.001 } ?? false } == true)
    let timeline = try table("lab/timeline.csv")
    try expect(column("complete_devices", of: timeline).last, equals: "8")
  }

  @Test func whatTheServerAloneWroteHasEmptyFieldsForWhatItCannotKnow() throws {
    let simulated = try write(1)
    let devices = try table("server/boot.img-1/devices.csv")
    expect(devices.rows.count, equals: 8)
    #expect(try column("multicast_blocks", of: devices).allSatisfy(\.isEmpty))
    #expect(try column("completed_s", of: devices).allSatisfy { !$0.isEmpty })
    let runs = try table("server/boot.img-1/runs.csv")
    try expect(column("device_packets", of: runs), equals: [""])
    try expect(column("sessions", of: runs), equals: ["\(simulated.sessions.count)"])
    let own = try table("devices/boot.img-10.0.0.1-1/runs.csv")
    try expect(column("sessions", of: own), equals: [""])
    try expect(column("completed_devices", of: own), equals: ["1"])
  }

  @Test func devicesWithoutAServersRecordAreARun() throws {
    _ = try write(2)
    let gathering = try Gathering([scratch.path("devices")])
    try gathering.write(to: scratch.path("lab"))
    try expect(column("device", of: table("lab/devices.csv")).count, equals: 8)
    try expect(column("multicast_data_packets", of: table("lab/runs.csv")), equals: [""])
    #expect(try ResultsFolder(at: scratch.path("lab")).manifest.live?.first?.hasServer == false)
  }

  /// A server of MTFTP hears of those that open, and answers nobody; a device that listens says nothing (R17).
  @Test func devicesOfMTFTPJoinTheRunOfTheirGroup() throws {
    var scenario = try SimulatedRecordsTests.scenario(
      SimulatedRecordsTests.rooms[0], SimulatedRecordsTests.protocols[0])
    scenario.network.parameters.mode = .pxeMTFTP
    let group = "239.192.0.1:1760"
    func write(
      _ source: RecordedEvent.Source, own: String = "", group: String, began: Int64,
      _ events: [(LiveEvent, device: Int?, Nanoseconds)]
    ) throws {
      let header = RecordHeader(
        source: source, file: "boot.img", server: "10.0.0.1:1759", own: own, group: group, began: .seconds(began))
      let recorder = try RunRecorder(header, scenario: scenario, in: scratch.path("records"))
      for (event, device, time) in events { try recorder.record(event, of: device, at: time) }
      _ = try recorder.finish()
    }
    for began in [1000, 2000] as [Int64] {
      try write(
        .server, group: group, began: began,
        [
          (.requested(from: "10.0.0.2:1760"), 1, .seconds(1)), (.entered(.active), 1, .seconds(1)),
          (.sessionOpened(SentCounts()), 1, .seconds(1)), (.sessionBegan, nil, .seconds(1)),
          (.entered(.complete), 1, .seconds(5)), (.sessionEnded(.complete, SentCounts()), nil, .seconds(5)),
          (.over(.complete, reason: "complete"), nil, .seconds(6)),
        ])
    }
    let heard = HeardCounts()
    for (host, done) in [(2, 7), (3, 9)] as [(Int, Int64)] {
      try write(
        .device, own: "10.0.0.\(host):1760", group: group, began: 1998,
        [
          (.accepted(sessionsEnded: 0), nil, .seconds(Int64(host) - 2)), (.entered(.complete), nil, .seconds(done)),
          (.heard(heard), nil, .seconds(done)), (.over(.complete, reason: "complete"), nil, .seconds(done)),
        ])
    }
    try write(
      .device, own: "10.0.0.9:1760", group: "239.192.0.9:1760", began: 1998,
      [(.accepted(sessionsEnded: 0), nil, .zero), (.over(.interrupted, reason: "no"), nil, .seconds(1))])
    let gathering = try Gathering([scratch.path("records")])
    expect(gathering.notes, equals: ["the record of 10.0.0.9:1760 belongs to no server's record, and is left out"])
    expect(gathering.runs.map(\.deviceCount), equals: [1, 2])
    try gathering.write(to: scratch.path("lab"))
    let devices = try table("lab/devices.csv")
    // Of the second run: device 1, whom the server heard at its 1 s, by its own clock, and the one that only listened.
    try expect(column("join_s", of: devices).suffix(2).map(Double.init), equals: [0, 1])
    try expect(column("completed_s", of: devices).suffix(2).map(Double.init), equals: [7, 9])
    try expect(column("multicast_blocks", of: devices), equals: ["", "0", "0"])
    let live = try #require(try ResultsFolder(at: scratch.path("lab")).manifest.live)
    #expect(live.map(\.ownRecords) == [0, 2] && live.allSatisfy { $0.clockError == nil })
  }

  /// A process that is killed leaves a journal, cut anywhere.
  @Test(arguments: [0, 1, 7, 300])
  func aKilledServersRecordIsFoundAndBecomesResults(cut: Int) throws {
    _ = try write(3, finishing: false)
    let journal = scratch.path("server/boot.img-1.journal")
    try expect(scratch.names(in: "server"), equals: ["boot.img-1.journal"])
    let bytes = try Data(contentsOf: URL(filePath: journal))
    try bytes.dropLast(cut).write(to: URL(filePath: journal))
    let gathering = try Gathering([scratch.path("server")])
    expect(gathering.runs.map(\.deviceCount), equals: [8])
    expect(RunRecorder.recover(in: scratch.path("server")), equals: [scratch.path("server/boot.img-1")])
    try expect(scratch.names(in: "server"), equals: ["boot.img-1"])
    let ended = try column("ended", of: table("server/boot.img-1/runs.csv"))
    expect(ended, equals: [cut == 0 ? "complete" : "interrupted"])
  }

  @Test func aRecordThatIsBeingWrittenIsLeftAlone() throws {
    let scenario = try SimulatedRecordsTests.scenario(
      SimulatedRecordsTests.rooms[0], SimulatedRecordsTests.protocols[0])
    _ = try write(1)
    let header = RecordHeader(source: .server, file: "boot.img", server: "10.0.0.9:69", group: "", began: .zero)
    let recorder = try RunRecorder(header, scenario: scenario, in: scratch.path("server"))
    expect(recorder.path, equals: scratch.path("server/boot.img-2"))
    let gathering = try Gathering([scratch.path("server")])
    expect(gathering.runs.count, equals: 1)
    expect(gathering.notes.count, equals: 1)
    expect(RunRecorder.recover(in: scratch.path("server")), equals: [])
    try expect(scratch.names(in: "server"), equals: ["boot.img-1", "boot.img-2.journal"])
  }

  /// Devices of one machine may begin and end their records at the same time.
  @Test func recordsThatBeginAtOnceGetNumbersOfTheirOwn() throws {
    let scenario = try SimulatedRecordsTests.scenario(
      SimulatedRecordsTests.rooms[0], SimulatedRecordsTests.protocols[0])
    let header = RecordHeader(
      source: .device, file: "boot.img", server: "10.0.0.1:69", own: "10.0.0.2:1", group: "", began: .zero)
    let directory = scratch.path("devices")
    let paths = Mutex<[String]>([])
    let threads = (0..<12).map { _ in
      Thread {
        for _ in 0..<10 {
          guard let path = try? RunRecorder(header, scenario: scenario, in: directory).finish() else { continue }
          paths.withLock { $0.append(path) }
        }
      }
    }
    for thread in threads { thread.start() }
    while !threads.allSatisfy(\.isFinished) { usleep(1000) }
    expect(Set(paths.withLock { $0 }).count, equals: 120)
    try expect(scratch.names(in: "devices").count, equals: 120)
  }

  @Test func aStrangersRecordIsLeftOutWithANote() throws {
    _ = try write(1)
    let scenario = try SimulatedRecordsTests.scenario(
      SimulatedRecordsTests.rooms[0], SimulatedRecordsTests.protocols[0])
    let header = RecordHeader(
      source: .device, file: "boot.img", server: "10.0.0.254:69", own: "10.9.9.9:1", group: "", began: .zero)
    _ = try RunRecorder(header, scenario: scenario, in: scratch.path("devices")).finish()
    let gathering = try Gathering([scratch.path("server"), scratch.path("devices")])
    expect(gathering.runs.map(\.deviceCount), equals: [8])
    expect(gathering.notes, equals: ["the record of 10.9.9.9:1 belongs to no server's record, and is left out"])
  }

  @Test func nothingToGatherIsAnErrorThatSaysSo() throws {
    try scratch.write("text", to: "empty/notes.txt")
    #expect(throws: LiveRecordsError.noRecords(paths: [scratch.path("empty")])) {
      try Gathering([scratch.path("empty")])
    }
    #expect(throws: LiveRecordsError.missing(path: scratch.path("nowhere"))) {
      try Gathering([scratch.path("nowhere")])
    }
    _ = try write(1)
    _ = try write(2)
    try Gathering([scratch.path("server")]).write(to: scratch.path("lab"))
    #expect(throws: LiveRecordsError.joined(path: scratch.path("lab"))) { try Gathering([scratch.path("lab")]) }
  }

  @Test func whatIsThereIsReplacedOnlyIfThatIsForced() throws {
    _ = try write(1)
    _ = try write(2, began: 100)
    let (lab, server) = (scratch.path("lab"), [scratch.path("server")])
    let both = try Gathering(server + [scratch.path("devices")])
    #expect(try both.write(to: lab))
    let written = try (scratch.text("lab/manifest.json"), scratch.date(of: "lab/manifest.json"))
    #expect(try !both.write(to: lab))
    try expect(scratch.date(of: "lab/manifest.json"), equals: written.1)
    // Other records, another name, another scenario, and the records alone in place of what was gathered.
    let alone = try Gathering(server)
    let error = try #require(throws: ResumeError.self) { try alone.write(to: lab) }
    guard case .otherDesign(lab, let there, let now) = error else { throw error }
    #expect(there.contains("8 records") && now.contains("0 records"), "\(there), \(now)")
    #expect(throws: ResumeError.otherDesign(path: lab, there: "'name: room'", now: "'name: other'")) {
      try both.write(to: lab, label: "other")
    }
    #expect(throws: ResumeError.self) { try both.write(to: scratch.path("server/boot.img-1")) }
    try expect(scratch.text("lab/manifest.json"), equals: written.0)
    try expect(scratch.names(), equals: ["devices", "lab", "server"])
    #expect(try alone.write(to: lab, isForced: true))
    #expect(try scratch.text("lab/manifest.json") != written.0)
  }

  @Test func simulatedResultsAreReplacedOnlyIfThatIsForced() throws {
    _ = try write(1)
    let scenario = try SimulatedRecordsTests.scenario(
      SimulatedRecordsTests.rooms[1], SimulatedRecordsTests.protocols[0])
    let path = scratch.path("simulated")
    let writer = try ResultsWriter(in: ResultsDirectory(at: path), timeline: false)
    try writer.append(summaryOf: PointAggregate(RunContext(scenario)))
    try writer.commit(
      Manifest.Origin(programVersion: "test", scenario: scenario.canonicalYAML(), seed: scenario.seed))
    let manifest = try scratch.text("simulated/manifest.json")
    let gathering = try Gathering([scratch.path("server")])
    #expect(throws: ResumeError.otherCommand(path: path)) { try gathering.write(to: path) }
    try expect(scratch.text("simulated/manifest.json"), equals: manifest)
    #expect(try gathering.write(to: path, isForced: true))
    #expect(try ResultsFolder(at: path).isLive)
  }

  @Test func resultsThatWereChangedAreReplacedOnlyIfThatIsForced() throws {
    _ = try write(1)
    let gathering = try Gathering([scratch.path("server")])
    try gathering.write(to: scratch.path("lab"))
    try scratch.write("nothing\n", to: "lab/devices.csv")
    let error = try #require(throws: ResumeError.self) { try gathering.write(to: scratch.path("lab")) }
    #expect("\(error)".contains("it was changed after it was written") && "\(error)".contains("--force"), "\(error)")
    #expect(try gathering.write(to: scratch.path("lab"), isForced: true))
  }

  /// A file's name comes from a client; a directory's name is made of harmless characters.
  @Test(arguments: [
    ("pxe/boot.img", "boot.img"), ("", "_"), ("../../etc/passwd", "passwd"), ("..", "_.."), ("-rf", "_-rf"),
    ("a b\u{1b}[2J=x", "a_b__2J_x"), (".hidden", "_.hidden"),
  ])
  func directoriesHaveHarmlessNames(file: String, name: String) {
    expect(RecordHeader(source: .server, file: file, server: "", group: "", began: .zero).directoryName, equals: name)
  }
}
