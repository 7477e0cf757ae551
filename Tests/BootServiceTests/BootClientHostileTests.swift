import BlockTransfer
import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import BootService

@Suite("A client among liars")
struct BootClientHostileTests {
  private static let modes: [ClientMode] = [
    .auto, .promotion, .rfc2090, .tftp, .mtftp(MTFTPTerms(group: ClientBench.group, size: 640)),
  ]

  @Test("No datagram from anywhere makes it trap, write outside the file, or end twice", arguments: UInt64(1)...40)
  func anyDatagram(seed: UInt64) {
    var chance = FixedSequence(state: seed)
    let mode = Self.modes[Int(seed) % Self.modes.count]
    var bench = ClientBench(mode) { $0.windowSize = chance.next(below: 3) + 1 }
    bench.checksWrites = false
    bench.begin()
    for _ in 0..<2_000 {
      switch chance.next(below: 20) {
      case 0: bench.wait()
      case 1: bench.joined()
      default:
        let bytes = Self.datagram(&chance)
        bench.receive(
          bytes: bytes, from: Self.sender(&chance), by: chance.next(below: 2) == 0 ? .unicast : .multicast)
      }
      bench.sent = []
      #expect(bench.client.deadline >= bench.now || bench.client.deadline == .never || bench.outcome == nil)
    }
    if let size = bench.client.file?.size, bench.client.terms?.way != .tftp {
      #expect(bench.file.allSatisfy { $0.key + UInt64($0.value.count) <= size })
    }
    let ends = bench.events.filter { if case .ended = $0 { true } else { false } }
    expect(ends.count, equals: bench.outcome == nil ? 0 : 1)
  }

  private static func sender(_ chance: inout FixedSequence) -> Endpoint {
    switch chance.next(below: 8) {
    case 0: Endpoint(host: HostAddress(192, 0, 2, 77), port: 69)
    case 1: Endpoint(host: ClientBench.server.host, port: UInt16(chance.next(below: 65_536)))
    default: ClientBench.peer
    }
  }

  /// A packet that makes sense somewhere, often with a few bytes changed, cut or added; or just bytes.
  private static func datagram(_ chance: inout FixedSequence) -> [UInt8] {
    guard chance.next(below: 10) > 0 else { return chance.bytes(Int(chance.next(below: 40))) }
    let isWide = chance.next(below: 10) == 0
    var bytes = (try? packet(&chance).encoded(blockNumbers: isWide ? .bits32 : .bits16)) ?? []
    guard chance.next(below: 3) == 0 else { return bytes }
    for _ in 0...chance.next(below: 3) where !bytes.isEmpty {
      bytes[Int(chance.next(below: UInt32(bytes.count)))] = UInt8(chance.next(below: 256))
    }
    if chance.next(below: 4) == 0 { bytes.removeLast(Int(chance.next(below: UInt32(bytes.count + 1)))) }
    return bytes
  }

  private static func packet(_ chance: inout FixedSequence) -> Packet {
    let size = UInt64(chance.next(below: 4)) * 320
    switch chance.next(below: 12) {
    case 0: return .error(code: ErrorCode(rawValue: UInt16(chance.next(below: 10))), message: "no")
    case 1: return .acknowledgment(chance.next(below: 70_000))
    case 2: return .optionAcknowledgment([.promotion(.check(session: chance.next(below: 5)))])
    case 3: return .optionAcknowledgment([.promotion(chance.next(below: 2) == 0 ? .smart : .wait)])
    case 4:
      return .optionAcknowledgment([
        .multicast(.reply(address: nil, port: nil, isActive: chance.next(below: 2) == 0))
      ])
    case 5:
      return .optionAcknowledgment(
        .grant(
          size: size, isActive: chance.next(below: 2) == 0, threshold: chance.next(below: 2) == 0 ? 100 : nil))
    case 6: return .optionAcknowledgment([.blockSize(16), .transferSize(UInt64.max - UInt64(chance.next(below: 2)))])
    case 7: return .optionAcknowledgment([.blockSize(16), .transferSize(size), .windowSize(1)])
    default:
      let block = chance.next(below: 20) == 0 ? chance.next(below: 65_536) : chance.next(below: 45)
      let bytes = chance.next(below: 4) == 0 ? Int(chance.next(below: 600)) : 16
      return .data(block: block, payload: ArraySlice(repeating: 1, count: bytes))
    }
  }
}

extension FixedSequence {
  mutating func next(below end: UInt32) -> UInt32 { UInt32.random(in: 0..<end, using: &self) }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(next(below: 256)) } }
}
