@testable import Captures

/// Writes captures as others do, by the words of the formats.
struct WrittenCapture {
  enum Format: CaseIterable, Sendable {
    case pcapMicro, pcapMicroBig, pcapNano, pcapNanoBig, pcapng, pcapngBig, pcapngNano, pcapngObsolete, pcapngSimple

    var isBig: Bool { [.pcapMicroBig, .pcapNanoBig, .pcapngBig].contains(self) }
    var isNano: Bool { [.pcapNano, .pcapNanoBig, .pcapngNano].contains(self) }
    var hasTimes: Bool { self != .pcapngSimple }
  }

  /// A DATA packet.
  struct Sent {
    var block: UInt32
    var nanoseconds: UInt64
    var identification: UInt16 = 0
    var payload = 32
  }

  var format = Format.pcapMicro
  var link: UInt16 = 1
  var tags = 0
  var optionWords = 0
  var isWide = false
  var destination: [UInt8] = [239, 192, 0, 1]
  var port: UInt16 = 1758
  var fragment: UInt16 = 0
  var snap = 65_535

  func bytes(_ packets: [Sent]) -> [UInt8] {
    beginning + packets.flatMap { record(frame($0), at: $0.nanoseconds) }
  }

  private func number(_ value: UInt64, _ count: Int) -> [UInt8] {
    let little = (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    return format.isBig ? little.reversed() : little
  }

  private func big(_ value: UInt32, _ count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
  }

  private func block(_ kind: UInt32, _ body: [UInt8]) -> [UInt8] {
    let padded = body + [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
    let length = number(UInt64(padded.count + 12), 4)
    return number(UInt64(kind), 4) + length + padded + length
  }

  private var beginning: [UInt8] {
    switch format {
    case .pcapMicro, .pcapMicroBig, .pcapNano, .pcapNanoBig:
      return number(format.isNano ? 0xA1B2_3C4D : 0xA1B2_C3D4, 4) + number(2, 2) + number(4, 2) + number(0, 8)
        + number(UInt64(snap), 4) + number(UInt64(link), 4)
    default:
      let section = block(0x0A0D_0D0A, number(0x1A2B_3C4D, 4) + number(1, 2) + number(0, 2) + number(.max, 8))
      let options = format.isNano ? number(9, 2) + number(1, 2) + [9, 0, 0, 0] + number(0, 4) : []
      return section + block(1, number(UInt64(link), 2) + number(0, 2) + number(UInt64(snap), 4) + options)
        + block(0xBAD, number(7, 4))  // a block that nobody knows
    }
  }

  private func record(_ frame: [UInt8], at nanoseconds: UInt64) -> [UInt8] {
    let kept = Array(frame.prefix(snap))
    let lengths = number(UInt64(kept.count), 4) + number(UInt64(frame.count), 4)
    let ticks = format.isNano ? nanoseconds : nanoseconds / 1000
    let halves = number(ticks >> 32, 4) + number(ticks & 0xFFFF_FFFF, 4)
    switch format {
    case .pcapMicro, .pcapMicroBig, .pcapNano, .pcapNanoBig:
      let parts: UInt64 = format.isNano ? 1_000_000_000 : 1_000_000
      return number(ticks / parts, 4) + number(ticks % parts, 4) + lengths + kept
    case .pcapng, .pcapngBig, .pcapngNano: return block(6, number(0, 4) + halves + lengths + kept)
    case .pcapngObsolete: return block(2, number(0, 2) + number(0, 2) + halves + lengths + kept)
    case .pcapngSimple: return block(3, number(UInt64(frame.count), 4) + kept)
    }
  }

  private func frame(_ sent: Sent) -> [UInt8] {
    let number = isWide ? big(sent.block, 4) : big(sent.block & 0xFFFF, 2)
    let payload = [0, 3] + number + [UInt8](repeating: 0x55, count: sent.payload)
    let udp = big(69, 2) + big(UInt32(port), 2) + big(UInt32(payload.count + 8), 2) + [0, 0] + payload
    let headerLength = 20 + 4 * optionWords
    var ip: [UInt8] = [0x40 | UInt8(headerLength / 4), 0] + big(UInt32(headerLength + udp.count), 2)
    ip += big(UInt32(sent.identification), 2) + big(UInt32(fragment), 2) + [64, 17, 0, 0, 192, 168, 0, 1]
    ip += destination + [UInt8](repeating: 1, count: 4 * optionWords) + udp
    let tag = (0..<tags).flatMap { $0 == 0 ? [0x88, 0xA8, 0, 1] as [UInt8] : [0x81, 0, 0, 2] }
    switch link {
    case 1: return [UInt8](repeating: 2, count: 12) + tag + [8, 0] + ip + [0, 0, 0, 0]  // padding
    case 113: return [UInt8](repeating: 0, count: 14) + [8, 0] + ip
    case 276: return [8, 0] + [UInt8](repeating: 0, count: 18) + ip
    case 0: return [2, 0, 0, 0] + ip
    default: return ip
    }
  }
}
