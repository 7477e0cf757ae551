import TFTPWire
import TestSupport
import Testing

/// What must hold of all packets and of all bytes.
struct PropertyTests {
  @Test(arguments: UInt64(0)..<10, BlockNumberWidth.allCases)
  func everyPacketComesBackFromItsBytes(seed: UInt64, width: BlockNumberWidth) throws {
    var random = RandomPackets(seed: seed)
    for _ in 0..<500 {
      let packet = random.packet(width)
      let bytes = try packet.encoded(blockNumbers: width)
      expect(packet.encodedLength(blockNumbers: width), equals: bytes.count)
      try expect(Packet(decoding: bytes, blockNumbers: width), equals: packet)
      try expect(Packet(decoding: bytes.span.bytes, blockNumbers: width), equals: packet)
    }
  }

  @Test(arguments: BlockNumberWidth.allCases)
  func everyTruncationIsReadOrRefused(width: BlockNumberWidth) throws {
    var random = RandomPackets(seed: 2)
    var packets = Vector.all.filter { $0.width == width }.map(\.packet)
    packets += (0..<300).map { _ in random.packet(width) }
    for packet in packets {
      let bytes = try packet.encoded(blockNumbers: width)
      for count in 0..<bytes.count {
        let survivor = checkReading(Array(bytes[..<count]), width)
        #expect(survivor != packet)
      }
    }
  }

  @Test(arguments: UInt64(0)..<10)
  func hostileBytesAreRefusedOrReadForGood(seed: UInt64) throws {
    var random = RandomPackets(seed: 1000 + seed)
    var read = 0
    for _ in 0..<20_000 {
      let width: BlockNumberWidth = Bool.random(using: &random.random) ? .bits16 : .bits32
      var bytes = try random.packet(width).encoded(blockNumbers: width)
      random.random.mutate(&bytes)
      if checkReading(bytes, width) != nil { read += 1 }
    }
    // The mutations must leave enough packets whole for the property to mean something, and break enough of them.
    #expect(2_000..<18_000 ~= read)
  }

  /// Whatever is read must come back from its own bytes, and both ways of reading must agree.
  @discardableResult
  private func checkReading(_ bytes: [UInt8], _ width: BlockNumberWidth) -> Packet? {
    let outcome = Result { () throws(WireError) in try Packet(decoding: bytes, blockNumbers: width) }
    let fromSpan = Result { () throws(WireError) in try Packet(decoding: bytes.span.bytes, blockNumbers: width) }
    expect(fromSpan, equals: outcome)
    switch outcome {
    case .failure(let error):
      #expect(0...bytes.count ~= error.offset)
      return nil
    case .success(let packet):
      let again = Result { () throws(WireError) in
        let written = try packet.encoded(blockNumbers: width)
        expect(written.count, equals: packet.encodedLength(blockNumbers: width))
        return try Packet(decoding: written, blockNumbers: width)
      }
      expect(again, equals: outcome, "\(bytes)")
      return packet
    }
  }
}

extension SplitMix64 {
  /// Bytes that mean something to a decoder.
  private static let telling =
    Array("\0\0\0\u{1}\u{3}\u{4}\u{5}\u{6},,+- 0123456789ABCabc.:".utf8) + [0x7F, 0x80, 0xFF]

  /// Cuts, lengthens and changes bytes in a few places.
  fileprivate mutating func mutate(_ bytes: inout [UInt8]) {
    for _ in 0..<Int.random(in: 1...3, using: &self) {
      let place = Int.random(in: 0...bytes.count, using: &self)
      let new = Bool.random(using: &self) ? byte() : Self.telling.randomElement(using: &self)!
      switch Int.random(in: 0..<6, using: &self) {
      case 0: bytes.removeSubrange(place...)
      case 1: bytes.insert(new, at: place)
      case 2 where place < bytes.count: bytes.remove(at: place)
      case 3 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
      case 4: bytes.append(contentsOf: bytes.suffix(from: place))
      default: if place < bytes.count { bytes[place] = new }
      }
    }
  }
}
