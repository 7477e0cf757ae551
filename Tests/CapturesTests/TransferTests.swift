import TestSupport
import Testing

@testable import Captures

/// What is lost, by one capture and by two.
@Suite struct TransferTests {
  private func capture(
    _ blocks: [UInt32], times: [UInt64]? = nil, numbered: [UInt16]? = nil, last: Int? = nil
  ) throws -> TransferCapture {
    let sent = blocks.indices.map { place in
      WrittenCapture.Sent(
        block: blocks[place], nanoseconds: 1_000_000_000 + (times?[place] ?? UInt64(place) * 1_000_000),
        identification: numbered?[place] ?? 0, payload: place == last ? 5 : 32)
    }
    return try TransferCapture(ByteSource(WrittenCapture(format: .pcapNano).bytes(sent)))
  }

  private func received(_ blocks: [UInt32], last: Int? = nil) throws -> ReceivedTransfer {
    try ReceivedTransfer(capture(blocks, last: last), most: 1_000_000)
  }

  /// Fates as a word: `.` received, `x` lost.
  private func word(_ fates: PacketFates) -> String {
    fates.stretches.map { String(repeating: $0.isLost ? "x" : ".", count: $0.count) }.joined()
  }

  @Test func gapsInTheNumbersAreLost() throws {
    expect(word(try received([1, 2, 5, 6, 8]).fates), equals: "..xx..x.")
    expect(word(try received([10, 11, 12]).fates), equals: "...", "nobody knows what was before")
  }

  @Test func aServerThatGoesBackHasLostNothing() throws {
    let transfer = try received([1, 2, 3, 6, 4, 5, 6, 7, 7, 9])
    expect(word(transfer.fates), equals: "...xx......x.")
    expect(transfer.repeats, equals: 2)
  }

  @Test func numbersComeRoundWithAndWithoutABlockZero() throws {
    expect(word(try received([65_533, 65_534, 65_535, 0, 1, 2]).fates), equals: "......")
    expect(word(try received([65_533, 65_535, 1, 2]).fates), equals: ".x...")
    expect(word(try received([65_534, 2, 0, 1]).fates), equals: ".xxx...")
    let back = try received([65_535, 0, 65_535, 0, 1])
    #expect(word(back.fates) == "....." && back.repeats == 1)
  }

  @Test func aSecondPassIsLeftOut() throws {
    let blocks = (1...3000).map(UInt32.init)
    let transfer = try received(blocks + [1, 500, 2999])
    #expect(transfer.fates.packets == 3000 && transfer.omitted == 3)
    try expect(received([7, 8, 9, 8, 10], last: 2).omitted, equals: 2, "the end of the file")
    // A short block ends a file: what follows is no coming round.
    let long = (60_000...65_535).map(UInt32.init)
    try expect(received(long + [1, 2], last: long.count - 1).omitted, equals: 2)
    try expect(received(long + [1, 2]).omitted, equals: 0)
  }

  @Test func moreThanIsAllowedIsRefused() throws {
    let capture = try capture([1, 50_000])
    #expect(throws: CaptureError.self) { try ReceivedTransfer(capture, most: 1000) }
  }

  @Test func lostPacketsStandBetweenTheirNeighboursInTime() throws {
    let capture = try capture([1, 4, 5], times: [0, 3_000_000, 3_500_000])
    let fates = try ReceivedTransfer(capture, most: 100).fates
    expect(fates.times.count, equals: 5)
    for (time, expected) in zip(fates.times, [0, 0.001, 0.002, 0.003, 0.0035]) { #expect(abs(time - expected) < 1e-12) }
  }

  @Test func theSendersCaptureShowsWhatNumbersHide() throws {
    // Block 3 was sent twice, and the first one was lost: the numbers of the receiver have no gap.
    let sent = try capture([1, 2, 3, 3, 4, 5], times: [0, 10, 20, 5000, 5010, 5020].map { $0 * 1000 })
    let receiver = try capture([1, 2, 3, 4, 5], times: [0, 10, 5000, 5010, 5020].map { $0 * 1000 + 77_000_000 })
    let transfer = try SentAndReceivedTransfer(sent: sent, received: receiver)
    expect(word(transfer.fates), equals: "..x...")
    try expect(word(ReceivedTransfer(receiver, most: 100).fates), equals: ".....")
    // The second one was lost: the same blocks, told apart by their times.
    let other = try capture([1, 2, 3, 4, 5], times: [0, 10, 20, 5010, 5020].map { $0 * 1000 + 77_000_000 })
    expect(word(try SentAndReceivedTransfer(sent: sent, received: other).fates), equals: "...x..")
  }

  @Test func packetsAreKnownByTheNumbersOfIPv4() throws {
    let sent = try capture([1, 2, 2, 2, 3], numbered: [11, 12, 13, 14, 15])
    for kept in 1...3 {
      let numbers: [UInt16] = [11, UInt16(11 + kept), 15]
      let transfer = try SentAndReceivedTransfer(sent: sent, received: capture([1, 2, 3], numbered: numbers))
      expect(Array(word(transfer.fates)).firstIndex(of: "."), equals: 0)
      expect(
        word(transfer.fates), equals: [".", "x", "x", "x", "."].enumerated().map { $0 == kept ? "." : $1 }.joined())
    }
  }

  /// Block 5 comes after block 6, and block 8 twice: with numbers both have arrived.
  @Test func withNumbersTheOrderOfArrivalIsNoMatter() throws {
    let sent = try capture(Array(1...10), numbered: Array(65_530...65_535) + Array(0...3))
    let late: [UInt32] = [1, 2, 3, 4, 6, 5, 7, 8, 8, 10]
    let numbers = late.map { UInt16(truncatingIfNeeded: 65_529 + $0) }
    let transfer = try SentAndReceivedTransfer(sent: sent, received: capture(late, numbered: numbers))
    expect(word(transfer.fates), equals: "........x.")
    #expect(transfer.foreign == 1 && transfer.outside == 0)
    expect(transfer.fates.times, equals: transfer.fates.times.sorted())
    // The first packet that arrives need not be the first that was sent.
    let turned = try capture([2, 1, 3], numbered: [65_531, 65_530, 65_532])
    #expect(word(try SentAndReceivedTransfer(sent: sent, received: turned).fates) == "...")
    // Without numbers a block may have been sent again, and nobody knows.
    let plain = try capture(Array(1...300))
    let swapped = try capture([1, 3, 2] + Array(4...300))
    #expect(try SentAndReceivedTransfer(sent: plain, received: swapped).fates.stretches.contains(where: \.isLost))
  }

  /// Blocks and IPv4's numbers come round together, with captures that say the time and without: a copy that arrives late is
  /// no packet of the next turn.
  @Test(arguments: [true, false]) func numbersThatComeRoundAreNotTakenForEachOther(hasTimes: Bool) throws {
    let count = 150_000
    func capture(_ places: [Int]) throws -> TransferCapture {
      let packets = places.map { place in
        WrittenCapture.Sent(
          block: UInt32(place % 65_536), nanoseconds: 1_000_000_000 + UInt64(place) * 100_000,
          identification: UInt16(place % 65_536))
      }
      let format: WrittenCapture.Format = hasTimes ? .pcapNano : .pcapngSimple
      return try TransferCapture(ByteSource(WrittenCapture(format: format).bytes(packets)))
    }
    var places = Array(0..<count)
    for place in stride(from: 10, to: count - 10, by: 5000) { places.swapAt(place, place + 3) }
    var lost = Set(stride(from: 77, to: count - 10, by: 997))
    let arrived = places.filter { !lost.contains($0) }
    let twice = arrived.flatMap { $0 % 60_000 == 0 ? [$0, $0] : [$0] }
    let transfer = try SentAndReceivedTransfer(sent: capture(Array(0..<count)), received: capture(twice))
    expect(transfer.foreign, equals: 3)
    var place = 0
    for stretch in transfer.fates.stretches {
      if stretch.isLost {
        for packet in place..<place + stretch.count { #expect(lost.remove(packet) != nil, "\(packet)") }
      }
      place += stretch.count
    }
    #expect(lost.isEmpty && place == count)
  }

  @Test func whatTheDeviceMayNotHaveHeardIsLeftOut() throws {
    let sent = try capture([1, 2, 3, 4, 5, 6])
    let transfer = try SentAndReceivedTransfer(sent: sent, received: capture([3, 5]))
    #expect(word(transfer.fates) == ".x." && transfer.outside == 3)
  }

  @Test func capturesOfDifferentTransfersAreRefused() throws {
    #expect(throws: CaptureError.self) {
      try SentAndReceivedTransfer(sent: capture([1, 2, 3]), received: capture([7, 8, 9]))
    }
    #expect(throws: CaptureError.self) {
      try SentAndReceivedTransfer(sent: capture([1, 2, 3]), received: capture([1, 2, 3, 4]))
    }
  }
}
