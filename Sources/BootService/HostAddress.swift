/// The address of a host, IPv4 or IPv6, as a number.
///
/// An IPv4 address is kept as the IPv6 address that maps it (`::ffff:192.0.2.1`, RFC 4291 §2.5.5.2), so that one host
/// has one number, whatever socket heard it.
public struct HostAddress: Hashable, Sendable, BitwiseCopyable {
  /// The 128 bits of the IPv6 address.
  public var bits: UInt128

  /// An address of 128 bits.
  public init(bits: UInt128) { self.bits = bits }

  /// An IPv4 address.
  public init(v4: UInt32) { bits = UInt128(0xFFFF) << 32 | UInt128(v4) }

  /// An IPv4 address as people write it.
  public init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
    self.init(v4: UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d))
  }

  /// The 32 bits of an IPv4 address; nil for another one.
  public var v4: UInt32? { bits >> 32 == 0xFFFF ? UInt32(truncatingIfNeeded: bits) : nil }

  /// Whether it is the address of a group: 224.0.0.0/4, or ff00::/8.
  public var isGroup: Bool { v4.map { $0 >> 28 == 0xE } ?? (bits >> 120 == 0xFF) }

  /// 0.0.0.0 or ::, which stand for every address of a machine.
  public var isUnspecified: Bool { v4 == 0 || bits == 0 }

  /// 255.255.255.255.
  public static let broadcast = HostAddress(v4: .max)

  /// Whether it is an address of this machine alone: 127.0.0.0/8, or ::1.
  public var isLoopback: Bool { v4.map { $0 >> 24 == 127 } ?? (bits == 1) }
}

extension HostAddress: Comparable {
  /// The order of the numbers.
  public static func < (left: HostAddress, right: HostAddress) -> Bool { left.bits < right.bits }
}

extension HostAddress: CustomStringConvertible {
  /// `192.0.2.1`, or the shortest form of an IPv6 address (RFC 5952 §4).
  public var description: String {
    if let v4 {
      return [24, 16, 8, 0].map { String(v4 >> $0 & 0xFF) }.joined(separator: ".")
    }
    let groups = (0..<8).map { UInt16(truncatingIfNeeded: bits >> (112 - 16 * $0)) }
    guard let zeros = Self.longestZeros(in: groups) else { return Self.text(groups[...]) }
    return Self.text(groups[..<zeros.lowerBound]) + "::" + Self.text(groups[zeros.upperBound...])
  }

  private static func text(_ groups: ArraySlice<UInt16>) -> String {
    groups.map { String($0, radix: 16) }.joined(separator: ":")
  }

  /// The first of the longest runs of two or more groups that are 0.
  private static func longestZeros(in groups: [UInt16]) -> Range<Int>? {
    var longest = 0..<1
    var start = 0
    for (position, group) in groups.enumerated() {
      if group != 0 {
        start = position + 1
      } else if position + 1 - start > longest.count {
        longest = start..<position + 1
      }
    }
    return longest.count > 1 ? longest : nil
  }
}

extension HostAddress: LosslessStringConvertible {
  /// Reads `192.0.2.1`, or an IPv6 address without a zone.
  public init?(_ text: String) {
    if text.utf8.contains(UInt8(ascii: ":")) {
      guard let bits = Self.v6(text) else { return nil }
      self.init(bits: bits)
    } else {
      guard let v4 = Self.v4(text[...]) else { return nil }
      self.init(v4: v4)
    }
  }

  private static func v4(_ text: Substring) -> UInt32? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var number: UInt32 = 0
    for part in parts {
      // A leading zero is octal to some readers, so it is refused.
      guard part == "0" || part.utf8.first != UInt8(ascii: "0"), part.utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
        let byte = UInt8(part)
      else { return nil }
      number = number << 8 | UInt32(byte)
    }
    return number
  }

  private static func v6(_ text: String) -> UInt128? {
    let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
    guard halves.count <= 2, let head = groups(halves[0]) else { return nil }
    guard halves.count == 2 else { return head.count == 8 ? number(head) : nil }
    guard let tail = groups(halves[1]), head.count + tail.count <= 7 else { return nil }
    return number(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
  }

  private static func number(_ groups: [UInt16]) -> UInt128 { groups.reduce(0) { $0 << 16 | UInt128($1) } }

  /// The groups of 16 bits of one side of `::`. The last ones may be an IPv4 address.
  private static func groups(_ text: Substring) -> [UInt16]? {
    guard !text.isEmpty else { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (position, part) in parts.enumerated() {
      if position == parts.count - 1, let v4 = v4(part) {
        groups += [UInt16(v4 >> 16), UInt16(truncatingIfNeeded: v4)]
      } else {
        guard 1...4 ~= part.utf8.count, part.utf8.first != UInt8(ascii: "+"), let group = UInt16(part, radix: 16)
        else { return nil }
        groups.append(group)
      }
    }
    return groups.count <= 8 ? groups : nil
  }
}
