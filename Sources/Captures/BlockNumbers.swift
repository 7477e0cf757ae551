/// How far it is from one block to the next, in a transfer whose numbers come round again.
///
/// After block 65 535 some servers send block 0, others block 1. If a transfer never has a block 0 and comes round, it is
/// one of the latter.
struct BlockNumbers {
  /// Numbers come round only from so near to their end to so near to their beginning. Any other step back is one.
  private static let margin = 4096

  private let isWide: Bool
  private let modulus: Int

  init(_ packets: [TransferPacket], isWide: Bool) {
    self.isWide = isWide
    modulus = packets.contains { $0.block(isWide: false) == 0 } ? 65_536 : 65_535
  }

  /// The distance from one packet's block to another's: above 0 forward, below 0 back. Nothing is forward of the end of
  /// the file.
  func distance(from: UInt32, to: UInt32, isAtEnd: Bool) -> Int {
    let distance = Int(to) - Int(from)
    guard !isWide, distance.magnitude > 65_535 - 2 * Self.margin else { return distance }
    if distance > 0 { return distance - modulus }
    let isRound = Int(from) > 65_535 - Self.margin && to < Self.margin && !isAtEnd
    return isRound ? distance + modulus : distance
  }
}
