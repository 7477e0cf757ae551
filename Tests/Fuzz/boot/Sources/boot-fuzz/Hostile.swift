import TFTPWire

/// Packets that make sense somewhere, often spoilt, and noise.
enum Hostile {
  private static let options = [
    "blksize\u{0}1428\0", "blksize\u{0}512\0", "blksize\u{0}8\0", "blksize\u{0}65464\0", "blksize\u{0}0\0",
    "tsize\u{0}0\0",
    "tsize\u{0}18446744073709551615\0", "timeout\u{0}1\0", "timeout\u{0}255\0", "windowsize\u{0}4\0",
    "windowsize\u{0}65535\0", "multicast\0\0", "multicast\u{0}1,2\0", "multicast\0239.192.0.1,1758,1\0",
    "multicast\0239.192.0.1,1758,0\0", "multicast\0,,1\0", "promotion\0\0", "promotion\u{0}1,1428,1,1,0,0\0",
    "promotion\u{0}4294967295,18446744073709551615,1,1,0,0\0", "promotion\u{0}1000,1,1\0", "promotion\0check,1\0",
    "promotion\0check,4294967295\0", "promotion\0smart\0", "promotion\0wait\0", "blocknumbers\u{0}32\0", "x\0y\0",
  ]
  private static let names = ["boot.img", "empty", "huge", "secret", "none", "../../etc/passwd", ""]

  /// A datagram. `block` is one that would lead on.
  static func datagram(near block: UInt32, _ chance: inout Chance) -> [UInt8] {
    guard !chance.once(in: 20) else { return (0..<chance.below(600)).map { _ in UInt8(chance.below(256)) } }
    var bytes = packet(near: block, &chance)
    guard chance.once(in: 4) else { return bytes }
    for _ in 0...chance.below(4) where !bytes.isEmpty {
      switch chance.below(4) {
      case 0: bytes[chance.below(bytes.count)] = UInt8(chance.below(256))
      case 1: bytes[chance.below(bytes.count)] ^= 1 << UInt8(chance.below(8))
      case 2: bytes.removeLast(chance.below(bytes.count + 1))
      default: bytes.insert(UInt8(chance.below(256)), at: chance.below(bytes.count + 1))
      }
    }
    return bytes
  }

  private static func packet(near block: UInt32, _ chance: inout Chance) -> [UInt8] {
    switch chance.below(16) {
    case 0..<5: text([0, 1], chance.pick(names) + "\0" + (chance.once(in: 20) ? "netascii" : "octet") + "\0", &chance)
    case 5..<7: text([0, 6], "", &chance)
    case 7..<12: numbered([0, 4], chance.once(in: 3) ? chance.pick([0, 1, 2, 7, 8, 65_535, block]) : block, &chance)
    case 12..<15: numbered([0, 3], block, &chance) + Array(repeating: 7, count: chance.pick([0, 1, 16, 512, 1428]))
    default: [0, 5, 0, UInt8(chance.below(10))] + Array("no\0".utf8)
    }
  }

  private static func numbered(_ opcode: [UInt8], _ block: UInt32, _ chance: inout Chance) -> [UInt8] {
    let low = [UInt8(truncatingIfNeeded: block >> 8), UInt8(truncatingIfNeeded: block)]
    guard chance.once(in: 8) else { return opcode + low }
    return opcode + [UInt8(truncatingIfNeeded: block >> 24), UInt8(truncatingIfNeeded: block >> 16)] + low
  }

  private static func text(_ opcode: [UInt8], _ begin: String, _ chance: inout Chance) -> [UInt8] {
    var text = begin
    for _ in 0..<chance.below(6) { text += chance.pick(options) }
    return opcode + Array(text.utf8)
  }
}
