import TestSupport
import Testing

@testable import Captures

/// Captures in every form, and in none.
@Suite struct CaptureReadingTests {
  private static let packets = (1...5).map {
    WrittenCapture.Sent(block: UInt32($0), nanoseconds: 1_700_000_000_000_000_000 + UInt64($0) * 1_234_567_000)
  }

  private func read(_ bytes: [UInt8], group: Group? = nil) throws(CaptureError) -> TransferCapture {
    try TransferCapture(ByteSource(bytes), group: group)
  }

  @Test(arguments: WrittenCapture.Format.allCases)
  func everyFormatInEveryByteOrderSaysBlocksAndTimes(format: WrittenCapture.Format) throws {
    let bytes = WrittenCapture(format: format).bytes(Self.packets)
    #expect(TransferCapture.isForm(of: bytes))
    let capture = try read(bytes)
    expect(capture.group.description, equals: "239.192.0.1:1758")
    expect(capture.packets.map { $0.block(isWide: false) }, equals: [1, 2, 3, 4, 5])
    expect(capture.packets.map(\.time), equals: Self.packets.map { format.hasTimes ? Int64($0.nanoseconds) : nil })
    #expect(!capture.isCut && !capture.isWide && capture.others.isEmpty)
  }

  @Test(
    arguments: [(1, 0, 0), (1, 1, 0), (1, 2, 10), (113, 0, 0), (276, 0, 3), (101, 0, 0), (228, 0, 0), (0, 0, 0)]
      as [(UInt16, Int, Int)])
  func everyLinkTagAndOptionIsReadThrough(link: UInt16, tags: Int, optionWords: Int) throws {
    for format in [WrittenCapture.Format.pcapMicro, .pcapngBig] {
      let written = WrittenCapture(format: format, link: link, tags: tags, optionWords: optionWords)
      try expect(read(written.bytes(Self.packets)).packets.map { $0.block(isWide: false) }, equals: [1, 2, 3, 4, 5])
    }
  }

  @Test func wideNumbersAreKnownByTheirZeros() throws {
    let capture = try read(WrittenCapture(isWide: true).bytes(Self.packets))
    #expect(capture.isWide && capture.packets.map { $0.block(isWide: true) } == [1, 2, 3, 4, 5])
  }

  @Test func theTransferWithMostDataIsTakenUnlessOneIsNamed() throws {
    let few = WrittenCapture(destination: [239, 1, 2, 3]).bytes(Array(Self.packets.prefix(2)))
    let bytes = WrittenCapture().bytes(Self.packets) + few.dropFirst(24)
    let capture = try read(bytes)
    expect(capture.packets.count, equals: 5)
    #expect(capture.others.map(\.group.description) == ["239.1.2.3:1758"] && capture.others.map(\.packets) == [2])
    try expect(read(bytes, group: Group("239.1.2.3")).packets.count, equals: 2)
    try expect(read(bytes, group: Group("239.1.2.3:1758")).packets.count, equals: 2)
    #expect(throws: CaptureError.self) { try read(bytes, group: Group("239.1.2.3:9")) }
    for text in ["1.2.3.4", "239.1.2", "239.1.2.3:", "239.1.2.3:0", "239.1.2.300", "x", "", "239.1.2.3:1:2"] {
      #expect(Group(text) == nil, "\(text)")
    }
  }

  @Test(
    arguments: [
      (WrittenCapture(fragment: 0x2000), "fragments"), (WrittenCapture(fragment: 0x00B9), "fragments"),
      (WrittenCapture(link: 127), "monitor"), (WrittenCapture(link: 9999), "link type 9999"),
      (WrittenCapture(snap: 42), "cut off"), (WrittenCapture(snap: 30), "cut off"),
      (WrittenCapture(snap: 12), "cut off"),
      (WrittenCapture(destination: [10, 0, 0, 7]), "5 are UDP, 0 of them to a group"),
    ] as [(WrittenCapture, String)])
  func whatCannotBeUsedIsSaidWithAReason(written: WrittenCapture, says: String) {
    let error = #expect(throws: CaptureError.self) { try read(written.bytes(Self.packets)) }
    #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
  }

  /// A block that takes more than a frame is refused, whether or not the capture shows its fragments.
  @Test(arguments: [(1468, false), (1469, true), (4096, true)])
  func aBlockIsOneFrame(blockSize: Int, isRefused: Bool) {
    var packets = Self.packets
    packets[2].payload = blockSize
    let result = Result { () throws(CaptureError) in
      try read(WrittenCapture(snap: 128).bytes(packets))
    }
    switch result {
    case .success: #expect(!isRefused)
    case .failure(let error):
      let words = "DATA to the group takes an IP packet of \(blockSize + 32) bytes, more than the 1500 of a frame"
      #expect(isRefused && error.description.contains(words), "\(error)")
    }
  }

  /// A capture that was killed ends anywhere: what is whole of it counts, and nothing traps.
  @Test(arguments: WrittenCapture.Format.allCases)
  func aCaptureThatEndsAnywhereIsReadUpToThere(format: WrittenCapture.Format) throws {
    let bytes = WrittenCapture(format: format).bytes(Self.packets)
    var most = 0
    for end in 0..<bytes.count {
      let result = Result { () throws(CaptureError) in try read(Array(bytes[..<end])) }
      guard case .success(let capture) = result else { continue }
      #expect(capture.packets.count >= most && capture.packets.count <= 5)
      most = max(most, capture.packets.count)
    }
    #expect(most >= 4)
  }

  /// A file that was made longer than what was written ends with zeros, and may be endless.
  @Test(arguments: [WrittenCapture.Format.pcapMicro, .pcapNanoBig, .pcapng])
  func zerosAfterTheLastPacketAreDamage(format: WrittenCapture.Format) {
    let error = #expect(throws: CaptureError.self) {
      try read(WrittenCapture(format: format).bytes(Self.packets) + [UInt8](repeating: 0, count: 64))
    }
    #expect(error?.description.contains("damaged at byte") == true, "\(error?.description ?? "")")
  }

  /// Bytes that were changed at random are read or refused with words.
  @Test(arguments: WrittenCapture.Format.allCases)
  func damagedCapturesNeverTrap(format: WrittenCapture.Format) {
    var random = FixedSequence(state: UInt64(WrittenCapture.Format.allCases.firstIndex(of: format) ?? 0))
    let bytes = WrittenCapture(format: format, tags: 1, optionWords: 2).bytes(Self.packets)
    var refused = 0
    for _ in 0..<1500 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<damaged.count, using: &random)
        damaged[place] = [0, 0xFF, 0x80, UInt8.random(in: 0...255, using: &random)].randomElement(using: &random) ?? 0
      }
      switch Result(catching: { () throws(CaptureError) in try read(damaged) }) {
      case .success(let capture):
        _ = Result { () throws(CaptureError) in try ReceivedTransfer(capture, most: 1_000_000) }
        _ = Result { () throws(CaptureError) in try SentAndReceivedTransfer(sent: capture, received: capture) }
      case .failure(let error):
        refused += 1
        #expect(!error.description.isEmpty)
      }
    }
    #expect(refused > 0)
  }

  @Test func bytesAtRandomBehindEachBeginningNeverTrap() {
    var random = FixedSequence(state: 7)
    let beginnings = WrittenCapture.Format.allCases.map { WrittenCapture(format: $0).bytes([]) } + [[]]
    for round in 0..<2000 {
      let bytes =
        beginnings[round % beginnings.count]
        + (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      _ = Result { () throws(CaptureError) in try read(bytes) }
    }
  }

  /// Times that no clock has: a resolution of 10⁻¹²⁷ s or 2⁻¹²⁷ s, or an offset beyond all time.
  @Test func timesBeyondNumbersAreNone() throws {
    #expect(CaptureTime.nanoseconds(seconds: .max, fraction: 0, parts: 1) == nil)
    #expect(CaptureTime.nanoseconds(seconds: 1, fraction: .max, parts: 1) == nil)
    #expect(CaptureTime.nanoseconds(seconds: 1, fraction: 1, parts: 0) == nil)
    expect(CaptureTime.nanoseconds(seconds: 2, fraction: 1, parts: 1 << 32), equals: 2_000_000_000)
    expect(CaptureTime.nanoseconds(seconds: 2, fraction: 999, parts: 1000), equals: 2_999_000_000)
    var bytes = WrittenCapture(format: .pcapngNano).bytes(Self.packets)
    let resolution = try #require(bytes.firstRange(of: [9, 0, 1, 0, 9]))
    for exponent in [0x13, 0x14, 0x7F, 0x80, 0xBF, 0xC0, 0xFF] as [UInt8] {
      bytes[resolution.lowerBound + 4] = exponent
      try expect(read(bytes).packets.count, equals: 5)
    }
  }
}
