import Foundation
import Statistics
import TestSupport
import Testing

@testable import Measurements

/// Files of measurements as people have them, and as nobody should.
@Suite struct ReadingTests {
  private let scratch: Scratch
  init() throws { scratch = try Scratch() }

  private func read(_ text: String, packets: UInt64? = nil) throws -> MeasuredFile {
    let path = scratch.path("measured")
    try Data(text.utf8).write(to: URL(filePath: path))
    var options = MeasuredLoss.Options()
    options.packets = packets
    return try #require(try MeasuredLoss(reading: [path], options).files.first)
  }

  @Test(arguments: [
    "0010110\n", "0\n0\n1\n0\n1\n1\n0\n", "0,0,1,0,1,1,0", "# measured\n001 0\r\n110 # end 1\n", "\n\n0010110",
    "\u{FEFF}0010110\n",
  ])
  func aTraceOfZerosAndOnes(text: String) throws {
    let file = try read(text)
    expect(file.form, equals: "0 and 1")
    expect(file.observations.map(\.sequence), equals: [LossSequence([false, false, true, false, true, true, false])])
  }

  @Test func listsCountFromOneAndEndWhereTheyAreSaidTo() throws {
    let file = try read("2: 1 3-4\n1: 5\nall: 3 # the switch\n", packets: 6)
    expect(file.observations.map(\.device), equals: ["device 1", "device 2"])
    expect(
      file.observations.map(\.sequence),
      equals: [
        LossSequence([false, false, true, false, true, false]), LossSequence([true, false, true, true, false, false]),
      ])
    try expect(read("device,packet\n1,2\n1,4\n", packets: 4).observations[0].sequence.runs, equals: [1, 1, 1, 1])
    // A device that is named and lost nothing counts as one.
    let silent = try read("1: 3 4\n3:\n", packets: 5)
    expect(silent.observations.map(\.device), equals: ["device 1", "device 3"])
    expect(silent.observations[1].sequence.runs, equals: [5])
    try expect(read("all: 2\n", packets: 3).observations[0].sequence.runs, equals: [1, 1, 1])
  }

  @Test func aTableHasARowForEachPacket() throws {
    let file = try read("device, lost,time\r\ndesk,0,1\nshelf,1,1\ndesk,1,1.5\n\"desk\",0,1.5\n")
    expect(file.observations.map(\.device), equals: ["desk", "shelf"])
    expect(file.observations[0].sequence, equals: LossSequence([false, true, false], times: [1, 1.5, 1.5]))
    expect(file.observations[1].sequence, equals: LossSequence([true], times: [1]))
    try expect(read("\u{FEFF}lost\n1\n0\n").observations[0].sequence, equals: LossSequence([true, false]))
    try expect(read("lost\n1\n0\n").observations[0].sequence, equals: LossSequence([true, false]))
    try expect(read("packet,lost\n7,1\n8,0\n").observations[0].sequence.runs, equals: [1, 1])
  }

  /// As R and spreadsheets write it (RFC 4180), and with the numbers of the rows.
  @Test(arguments: [
    "\"time\",\"lost\"\n\"0.5\",\"0\"\n\"1.5\",\"1\"\n", "\"\",\"time\",\"lost\"\n\"1\",0.5,0\n\"2\",1.5,1\n",
    ",lost,time\r\n0,0,0.5\r\n1,1,1.5\r\n", "time,\"lost\"\n0.5,0\n1.5,\"1\"\n",
  ])
  func aTableMayHaveQuotesAndNumbersOfRows(text: String) throws {
    try expect(
      read(text).observations.map(\.sequence), equals: [LossSequence([false, true], times: [0.5, 1.5])])
  }

  @Test func aQuotedListIsReadLikeAnother() throws {
    try expect(
      read("\"device\",\"packet\"\n\"1\",\"2\"\n1,\"4-5\"\n", packets: 5).observations[0].sequence.runs,
      equals: [1, 1, 1, 2])
  }

  /// Behind a comment it is read as a trace is.
  @Test func aDeviceThatLostNothingCounts() throws {
    for comment in ["", "# room 3\n"] {
      let file = try read(comment + "device,lost\n1,0\n1,1\n2,0\n2,0\n2,0\n")
      expect(file.observations.map { $0.device.suffix(1) }, equals: ["1", "2"])
      expect(
        file.observations.map(\.sequence), equals: [LossSequence([false, true]), LossSequence([false, false, false])])
    }
  }

  @Test(
    arguments: [
      ("", nil, nil, "is empty"), ("  \n", nil, nil, "is empty"), ("# none\n", nil, nil, "the file is empty"),
      ("\u{FEFF}", nil, nil, "is empty"), ("0012", nil, nil, "is no trace"),
      ("01\n0x", nil, 2, "not 0 or 1"), ("1: 3\n", nil, nil, "--packets"), ("1: 9\n", 8, nil, "lost packet 9"),
      ("1: 3\n", 0, nil, "50 million"), ("1: 3\n", 1 << 60, nil, "50 million"),
      ("hello\n", nil, nil, "the file is no trace"),
      ("1: x\n", 9, 1, "packet number"), ("device,lsot\n1,1\n", nil, nil, "looks like CSV"),
      ("lost,tmie\n1,1\n", nil, 1, "did you mean 'time'?"), ("time\n1\n", nil, 1, "no column 'lost'"),
      ("lost\n2\n", nil, 2, "neither 0 nor 1"), ("lost,time\n1,2\n1,1\n", nil, 3, "before the packet above"),
      ("lost,time\n1,nan\n", nil, 2, "not a time"), ("lost,time\n1,0x3\n", nil, 2, "not a time"),
      ("lost,time\n1,0x1p3\n", nil, 2, "not a time"), ("lost,time\n1,inf\n", nil, 2, "not a time"),
      ("lost,packet\n1,1\n1,3\n", nil, 3, "in order"),
      ("lost,packet\n1,18446744073709551615\n1,1\n", nil, 3, "in order"),
      ("lost\n1,2\n", nil, 2, "2 fields"), ("lost,lost\n", nil, 1, "twice"), ("lost\n", nil, nil, "no packet"),
    ] as [(String, UInt64?, Int?, String)])
  func aWrongFileIsRefusedWithTheLineAndWhatIsAllowed(text: String, packets: UInt64?, line: Int?, says: String) throws {
    let error = #expect(throws: MeasurementError.self) { try read(text, packets: packets) }
    expect(error?.line, equals: line)
    #expect(error?.message.contains(says) == true, "\(error?.message ?? "")")
    #expect(error?.isUnreadable == false)
  }

  @Test func aFileThatIsMissingOrNotOrdinaryIsUnreadable() {
    for path in [scratch.path("none"), "/dev/null", "/"] {
      let error = #expect(throws: MeasurementError.self) { try MeasuredLoss(reading: [path], .init()) }
      #expect(error?.isUnreadable == true)
    }
  }

  @Test func anyBytesAreReadOrRefused() throws {
    var random = FixedSequence(state: 16)
    for _ in 0..<300 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        Bool.random(using: &random)
          ? UInt8.random(in: 0...255, using: &random)
          : Array("01,: \n-#lostime".utf8).randomElement(using: &random) ?? 0
      }
      try Data(bytes).write(to: URL(filePath: scratch.path("any")))
      let outcome = Result { () throws(MeasurementError) in try MeasuredLoss(reading: [scratch.path("any")], .init()) }
      if case .failure(let error) = outcome { #expect(!error.message.isEmpty) }
    }
  }
}
