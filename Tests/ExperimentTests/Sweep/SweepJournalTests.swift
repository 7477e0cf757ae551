import Foundation
import Testing

@testable import Experiment

struct SweepJournalTests {
  private let scratch: Scratch
  private let design: SweepDesign
  private var path: String { scratch.path("lab.journal") }

  init() throws {
    scratch = try Scratch()
    design = SweepDesign(try Scenario.swept("{vary: {protocol.windowsize: 1..3:3}}"))
  }

  private static let runs = (1...3).map { RunID(point: $0 % 2, replication: $0) }

  private static func rows(_ replication: Int) throws -> RunRows { try RunReport(.lab(replication), of: .lab).rows }

  /// Writes a journal of three runs, and gives its bytes and where each record ends.
  private func write() throws -> (bytes: Data, ends: [UInt64]) {
    let journal = try SweepJournal(creating: path, design: design)
    var ends = [try #require(try SweepJournal.survey(at: path)).end]
    for run in Self.runs {
      _ = try journal.append(run, Self.rows(run.replication))
      ends.append(try #require(try SweepJournal.survey(at: path)).end)
    }
    return (try Data(contentsOf: URL(filePath: path)), ends)
  }

  @Test func itHasEachRunAsItWasAppended() throws {
    _ = try write()
    let survey = try #require(try SweepJournal.survey(at: path))
    #expect(survey.design == design.text)
    #expect(Set(survey.places.keys) == Set(Self.runs))
    let file = try InputFile(path)
    for run in Self.runs {
      let place = try #require(survey.places[run])
      let lines = try RunRows.files.indices.map { try file.read(at: place.starts[$0], count: Int(place.lengths[$0])) }
      #expect(try lines == Self.rows(run.replication).lines.map { try $0.bytes })
    }
  }

  /// Whatever a killed process, or a full disk, left of it: whole records count, and what follows is cut off.
  @Test func cutAtAnyByteItHasTheRunsThatWereWhole() throws {
    let (bytes, ends) = try write()
    for length in 0...bytes.count {
      try bytes.prefix(length).write(to: URL(filePath: path))
      let survey = try #require(try SweepJournal.survey(at: path))
      let whole = ends.dropFirst().count { $0 <= UInt64(length) }
      #expect(survey.places.count == whole, "\(length) of \(bytes.count) bytes")
      guard length >= ends[0] else { continue }
      #expect(survey.end == ends[whole])
      let journal = try SweepJournal(continuing: survey)
      let next = RunID(point: 7, replication: 7)
      _ = try journal.append(next, Self.rows(7))
      let again = try #require(try SweepJournal.survey(at: path))
      #expect(Set(again.places.keys) == Set(Self.runs.prefix(whole) + [next]))
    }
  }

  @Test func aChangedByteIsNeverTakenForARun() throws {
    let (bytes, ends) = try write()
    for position in stride(from: Int(ends[0]), to: bytes.count, by: 7) {
      var changed = bytes
      changed[position] ^= 1
      try changed.write(to: URL(filePath: path))
      let survey = try #require(try SweepJournal.survey(at: path))
      #expect(survey.places.count == ends.dropFirst().count { $0 <= UInt64(position) }, "byte \(position)")
    }
  }

  @Test func anotherFileIsNoJournalAndNoFileIsNone() throws {
    #expect(try SweepJournal.survey(at: path) == nil)
    try scratch.write("my own notes\n", to: "lab.journal")
    #expect(throws: SweepError.notAJournal(path: path)) { try SweepJournal.survey(at: path) }
    #expect(try scratch.text("lab.journal") == "my own notes\n")
  }
}

struct RunRowsTests {
  @Test func theMetricsOfALineAreThoseOfTheRecord() throws {
    let report = try RunReport(.lab(3), of: .lab)
    let line = try #require(RunLine(try report.rows[.runs].bytes, nameLength: 3))
    #expect(line.metrics == report.metrics)
    #expect(line.ended == .complete)
  }

  @Test(arguments: [
    "0", "7", "-3", "0.5", "123456789.987654321", "-0.000001", "340282366920938463463374607431768211",
    "10000000000.123456",
  ])
  func aNumberReadsBackAsItWasWritten(text: String) throws {
    #expect(FixedPoint(digits: text.utf8)?.description == text)
  }

  @Test(arguments: ["", "-", ".5", "1.", "1.2.3", "1e5", "nan", "1,5", " 1", "0.1234567891"])
  func whatIsNoNumberIsNotRead(text: String) {
    // A point without decimals would be written without the point.
    #expect(FixedPoint(digits: text.utf8).map(\.description) != text)
  }
}
