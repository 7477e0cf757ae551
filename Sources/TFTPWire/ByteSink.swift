import BlockTransfer

/// A destination for the bytes of a packet. One description of the packet gives both its bytes and their count.
protocol ByteSink {
  mutating func append(_ byte: UInt8)
  mutating func append(text: String)
  mutating func append(payload: ArraySlice<UInt8>)
}

extension ByteSink {
  mutating func append(_ number: UInt16) {
    append(UInt8(truncatingIfNeeded: number >> 8))
    append(UInt8(truncatingIfNeeded: number))
  }

  /// The caller has checked that the number fits the width.
  mutating func append(_ block: BlockNumber, width: BlockNumberWidth) {
    if width == .bits32 { append(UInt16(truncatingIfNeeded: block >> 16)) }
    append(UInt16(truncatingIfNeeded: block))
  }

  mutating func append(terminated text: String) {
    append(text: text)
    append(0 as UInt8)
  }

  /// Appends the digits without making a string.
  mutating func append(decimal number: UInt64) {
    var place: UInt64 = 1
    while number / place >= 10 { place *= 10 }
    while place > 0 {
      append(UInt8(ascii: "0") + UInt8(number / place % 10))
      place /= 10
    }
  }

  /// Numbers with commas between them.
  mutating func append(decimals numbers: UInt64...) {
    for (position, number) in numbers.enumerated() {
      if position > 0 { append(UInt8(ascii: ",")) }
      append(decimal: number)
    }
  }
}

/// Keeps the bytes.
extension [UInt8]: ByteSink {
  mutating func append(text: String) { append(contentsOf: text.utf8) }
  mutating func append(payload: ArraySlice<UInt8>) { append(contentsOf: payload) }
}

/// Only counts them.
struct ByteCounter: ByteSink {
  var count = 0

  mutating func append(_ byte: UInt8) { count += 1 }
  mutating func append(text: String) { count += text.utf8.count }
  mutating func append(payload: ArraySlice<UInt8>) { count += payload.count }
}
