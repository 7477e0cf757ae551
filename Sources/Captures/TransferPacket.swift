/// A DATA packet of a multicast transfer, where it was captured.
package struct TransferPacket: Hashable, Sendable {
  /// The instant in nanoseconds; nil if the capture does not say it.
  package var time: Int64?
  /// The four bytes behind the opcode: a block number of 32 bits, or one of 16 bits and the first data.
  var word: UInt32
  /// IPv4's number of the packet; often 0.
  var identification: UInt16
  /// The bytes of its UDP payload as its header says: the last block of a file is shorter.
  var length: UInt16

  /// The block's number.
  func block(isWide: Bool) -> UInt32 { isWide ? word : word >> 16 }
}

/// Where a group's packets go.
package struct Group: Hashable, Sendable, CustomStringConvertible, LosslessStringConvertible {
  package let address: UInt32
  /// Nil for any port.
  package let port: UInt16?

  init(address: UInt32, port: UInt16?) { (self.address, self.port) = (address, port) }

  /// Reads `239.192.0.1` or `239.192.0.1:1758`.
  package init?(_ text: String) {
    let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    guard parts.count == 4, parts.allSatisfy({ $0 != nil }) else { return nil }
    let address = parts.reduce(0) { $0 << 8 | UInt32($1 ?? 0) }
    guard Datagram.isGroup(address) else { return nil }
    guard halves.count == 2 else {
      self.init(address: address, port: nil)
      return
    }
    guard let port = UInt16(halves[1]), port > 0 else { return nil }
    self.init(address: address, port: port)
  }

  package var description: String {
    [24, 16, 8, 0].map { "\(address >> UInt32($0) & 0xFF)" }.joined(separator: ".") + (port.map { ":\($0)" } ?? "")
  }

  func contains(_ other: Group) -> Bool { address == other.address && (port == nil || port == other.port) }
}
