import Foundation
import TestSupport
import Testing

@testable import Fixtures
@testable import Quantities
@testable import Results

/// What was appended comes back as it was, or not at all.
struct JournalTests {
  private let scratch: Scratch
  private static let design = "a design\nof two lines"
  private static let keys = ["0/1", "1/2", "0/3"]
  private var path: String { scratch.path("lab.journal") }
  private var url: URL { URL(filePath: path) }

  init() throws { scratch = try Scratch() }

  private func open(_ start: Journal.Start = .resume, design: String = Self.design) throws -> Journal {
    try Journal(at: path, design: design, start: start)
  }

  private static func rows(_ number: Int) -> [Lines] {
    [.held(Array("a line of \(number)\n".utf8)), .none, .held(Array("record \(number)\nanother\n".utf8))]
  }

  /// Writes a journal of three records, and gives its bytes and where each record ends.
  private func write() throws -> (bytes: Data, ends: [Int]) {
    let journal = try open(.new)
    var ends = [try Data(contentsOf: url).count]
    for (index, key) in Self.keys.enumerated() {
      _ = try journal.append(key: key, parts: Self.rows(index + 1))
      ends.append(try Data(contentsOf: url).count)
    }
    return (try Data(contentsOf: url), ends)
  }

  @Test func itHasEachRecordAsItWasAppended() throws {
    _ = try write()
    let journal = try open()
    expect(Set(journal.found.keys), equals: Set(Self.keys))
    for (index, key) in Self.keys.enumerated() {
      let parts = try journal.parts(at: #require(journal.found[key]))
      try expect(parts.map { try $0.bytes }, equals: Self.rows(index + 1).map { try $0.bytes })
    }
  }

  @Test(arguments: [0, 1, 1000, 3 << 20])
  func aPayloadOfAnyLengthComesBackAtOnceAndLater(length: Int) throws {
    let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let journal = try open(.new)
    let place = try journal.append(key: "candidate/12/7", payload: payload)
    try journal.append(key: "next", payload: [10])
    try expect(journal.payload(at: place), equals: payload)
  }

  @Test func ofTwoRecordsWithOneKeyTheLaterCounts() throws {
    do {
      let journal = try open(.new)
      try journal.append(key: "a", payload: Array("old".utf8))
      try journal.append(key: "a", payload: Array("new".utf8))
    }
    let journal = try open()
    try expect(journal.payload(at: #require(journal.found["a"])), equals: Array("new".utf8))
  }

  /// Whatever a killed process, or a full disk, left of it: whole records count, and what follows is cut off.
  @Test func cutAtAnyByteItHasTheRecordsThatWereWhole() throws {
    let (bytes, ends) = try write()
    for length in 0...bytes.count {
      try bytes.prefix(length).write(to: url)
      let whole = ends.dropFirst().count { $0 <= length }
      do {
        let journal = try open()
        expect(journal.found.count, equals: whole, "\(length) of \(bytes.count) bytes")
        _ = try journal.append(key: "7/7", parts: Self.rows(7))
      }
      try expect(Set(open().found.keys), equals: Set(Self.keys.prefix(whole) + ["7/7"]))
    }
  }

  /// A record that was changed is left out; if it still says how long it is, those that follow are there.
  @Test func aChangedByteIsNeverTakenForARecord() throws {
    let (bytes, ends) = try write()
    for position in stride(from: ends[0], to: bytes.count, by: 7) {
      var changed = bytes
      changed[position] ^= 1
      try changed.write(to: url)
      let index = try #require(ends.dropFirst().firstIndex { position < $0 }) - 1
      let head = try #require(bytes[ends[index]...].firstIndex(of: UInt8(ascii: "\n")))
      let expected =
        position > head
        ? Self.keys.enumerated().filter { $0.offset != index }.map(\.element) : Array(Self.keys[..<index])
      try expect(Set(open().found.keys), equals: Set(expected), "byte \(position)")
    }
  }

  @Test func whatChangesWhileItIsOpenIsFoundOutWhenItIsReadBack() throws {
    let journal = try open(.new)
    let places = try Self.keys.map { try journal.append(key: $0, payload: Array("figures of \($0)".utf8)) }
    var bytes = try Data(contentsOf: url)
    bytes[try #require(bytes.range(of: Data("figures of 1/2".utf8))).lowerBound] ^= 1
    let file = try FileHandle(forWritingTo: url)
    try file.write(contentsOf: bytes)
    try file.close()
    try expect(journal.payload(at: places[0]), equals: Array("figures of 0/1".utf8))
    #expect(throws: ResultsError.damaged(path: path)) { try journal.payload(at: places[1]) }
    truncate(path, off_t(places[2].offset) + 20)
    #expect(throws: ResultsError.damaged(path: path)) { try journal.payload(at: places[2]) }
  }

  @Test func recordsOfAnotherDesignAreNeitherTakenNorTouched() throws {
    let bytes = try write().bytes
    let error = ResumeError.otherDesign(path: path, there: "'of two lines'", now: "'of three'")
    for start in [Journal.Start.new, .resume] {
      #expect(throws: error) { try open(start, design: "a design\nof three") }
    }
    #expect(throws: ResumeError.unfinished(journal: path, records: 3)) { try open(.new) }
    try expect(Data(contentsOf: url), equals: bytes)
    #expect(try open(.restart).found.isEmpty)
  }

  /// There, now, and how either is shown.
  @Test(arguments: [
    ("a: 1\ntimeline: 1 s\nprotocol:", "a: 1\nprotocol:", "'timeline: 1 s'", "no timeline"),
    ("a: 1\nprotocol:", "a: 1\ntimeline: 1 s\nprotocol:", "no timeline", "'timeline: 1 s'"),
    ("a: 1\nb: 2\nc: 3", "a: 1\ntimeline: 1 s\nb: 4\nc: 3", "no timeline", "'timeline: 1 s'"),
    ("a: 1\ntimeline: 1 s\nb: 2\nc: 3", "a: 1\nb: 4\nc: 3", "'timeline: 1 s'", "no timeline"),
    ("a:\n  loss: 1\nb: 2", "a:\n    loss: 1\nb: 2", "'loss: 1'", "no loss"),
    ("a: 1\n", "a: 1\n  - b\n", "nothing", "'- b'"), ("a\nb\nb", "a\nb", "'b'", "nothing"),
    ("a: 1", "a: 2", "'a: 1'", "'a: 2'"), ("x\ny", "x\nz", "'y'", "'z'"), ("", "a: 1", "no a", "'a: 1'"),
    (
      "objective: makespan_s + server_bytes/100e6 + failed_devices*10000 + lost_packets",
      "objective: makespan_s + server_bytes/100e6 + failed_devices*1000 + lost_packets",
      "'objective: …failed_devices*10000 + lost_packets'", "'objective: …failed_devices*1000 + lost_packets'"
    ),
    (
      "objective: " + String(repeating: "x", count: 70), "objective: " + String(repeating: "x", count: 69),
      "'objective: …xxxxxxxxxxxxx'", "'objective: …xxxxxxxxxxxx'"
    ),
    (
      "objective: makespan_s + " + String(repeating: "y", count: 70), "objective: server_bytes",
      "'objective: makespan_s + \(String(repeating: "y", count: 36))…'", "'objective: server_bytes'"
    ),
  ])
  func theFirstDifferenceOfTwoDesignsIsShown(old: String, new: String, there: String, now: String) {
    let difference = LineDifference(there: old, now: new)
    expect(difference.there, equals: there)
    expect(difference.now, equals: now)
  }

  @Test func twoProcessesDoNotShareOne() throws {
    let journal = try open(.new)
    try journal.append(key: "a", payload: [])
    for start in [Journal.Start.new, .resume, .restart] {
      #expect(throws: ResultsError.busy(path: path)) { try open(start) }
    }
    expect(journal.leave(), equals: 1)
  }

  @Test func anotherFileIsNoJournalAndStaysAsItIs() throws {
    try scratch.write("my own notes\n", to: "lab.journal")
    #expect(throws: ResumeError.notAJournal(path: path)) { try open(.restart) }
    try expect(scratch.text("lab.journal"), equals: "my own notes\n")
    unlink(path)
    mkfifo(path, 0o600)
    #expect(throws: ResumeError.notAJournal(path: path)) { try open(.new) }
  }

  @Test(arguments: ["elsewhere", "there"])
  func aLinkIsNotFollowed(target: String) throws {
    try scratch.write("", to: "there")
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    #expect(throws: ResumeError.link(path: path)) { try open(.new) }
    try expect(scratch.names(), equals: ["lab.journal", "there"])
    try expect(scratch.text("there"), equals: "")
  }

  @Test func nothingIsLeftOfAJournalWithoutRecords() throws {
    try expect(open(.new).leave(), equals: 0)
    try expect(scratch.names(), equals: [])
  }
}

struct RunRowsTests {
  @Test func theMetricsOfALineAreThoseOfTheRecord() throws {
    let report = try RunReport(.lab(3), of: .lab)
    let line = try #require(RunLine(try report.rows[.runs].bytes, nameLength: 3))
    expect(line.metrics, equals: report.metrics)
    expect(line.ended, equals: .complete)
  }

  @Test(arguments: [["front", "back"], ["a, b", "the \"c\""]])
  func theMetricsOfTheCohortsAreThoseOfTheRecord(names: [String]) throws {
    var context = RunContext.lab
    context.cohorts = names
    let report = try RunReport(.lab(3), of: context)
    let bytes = try report.rows[.cohorts].bytes
    expect(CohortLines(bytes, of: context, replication: 3)?.metrics, equals: report.cohorts)
    #expect(CohortLines(bytes, of: context, replication: 4) == nil)
    #expect(CohortLines(bytes.dropLast(), of: context, replication: 3) == nil)
    #expect(CohortLines(bytes + bytes, of: context, replication: 3) == nil)
  }

  @Test(arguments: [
    "0", "7", "-3", "0.5", "123456789.987654321", "-0.000001", "340282366920938463463374607431768211",
    "10000000000.123456",
  ])
  func aNumberReadsBackAsItWasWritten(text: String) throws {
    expect(FixedPoint(digits: text.utf8)?.description, equals: text)
  }

  @Test(arguments: ["", "-", ".5", "1.", "1.2.3", "1e5", "nan", "1,5", " 1", "0.1234567891"])
  func whatIsNoNumberIsNotRead(text: String) {
    // A point without decimals would be written without the point.
    #expect(FixedPoint(digits: text.utf8).map(\.description) != text)
  }
}
