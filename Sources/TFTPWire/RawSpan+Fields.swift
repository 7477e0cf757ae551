import BlockTransfer

/// Reads the fields of a packet. Every offset is checked before it is used. Offsets count from the packet's start.
extension RawSpan {
  func byte(at offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

  func bigEndian16(at offset: Int) throws(WireError) -> UInt16 {
    guard byteCount - offset >= 2 else { throw WireError(.truncated, at: byteCount) }
    return UInt16(byte(at: offset)) << 8 | UInt16(byte(at: offset + 1))
  }

  func blockNumber(at offset: Int, width: BlockNumberWidth) throws(WireError) -> BlockNumber {
    let high = try bigEndian16(at: offset)
    guard width == .bits32 else { return BlockNumber(high) }
    return BlockNumber(high) << 16 | BlockNumber(try bigEndian16(at: offset + 2))
  }

  func expectEnd(at offset: Int) throws(WireError) {
    guard offset == byteCount else { throw WireError(.trailingBytes, at: offset) }
  }

  /// The bytes of a string without its NUL; `offset` moves past the NUL.
  func stringField(at offset: inout Int) throws(WireError) -> Range<Int> {
    var end = offset
    while end < byteCount {
      let byte = byte(at: end)
      if byte == 0 {
        defer { offset = end + 1 }
        return offset..<end
      }
      guard byte < 0x80 else { throw WireError(.notASCII, at: end) }
      end += 1
    }
    throw WireError(.unterminatedString, at: offset)
  }

  /// A string whose bytes are known to be ASCII.
  func string(_ field: Range<Int>) -> String {
    extracting(field).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }

  func copy(from start: Int) -> ArraySlice<UInt8> {
    extracting(start..<byteCount).withUnsafeBytes { ArraySlice($0) }
  }

  /// Whether a field is `word`, in upper or lower case. `word` itself is in lower case.
  func spells(_ word: String, _ field: Range<Int>) -> Bool {
    field.count == word.utf8.count
      && zip(field, word.utf8).allSatisfy { offset, expected in byte(at: offset).lowercasedASCII == expected }
  }

  /// A number in decimal digits only: no sign, no space. Leading zeros are accepted. Nil if it does not fit.
  func decimal<Number: FixedWidthInteger>(_ field: Range<Int>, as type: Number.Type = Number.self) -> Number? {
    guard !field.isEmpty else { return nil }
    var number: Number = 0
    for offset in field {
      let digit = byte(at: offset)
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
      let (product, overflow) = number.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(Number(digit - UInt8(ascii: "0")))
      guard !overflow, !carry else { return nil }
      number = sum
    }
    return number
  }

  /// The parts of a field between its commas, or nil if there are more than `limit`.
  func commaSeparated(_ field: Range<Int>, atMost limit: Int) -> [Range<Int>]? {
    var parts: [Range<Int>] = []
    var start = field.lowerBound
    for offset in field where byte(at: offset) == UInt8(ascii: ",") {
      parts.append(start..<offset)
      start = offset + 1
      guard parts.count < limit else { return nil }
    }
    parts.append(start..<field.upperBound)
    return parts
  }
}
