import BlockTransfer
import TFTPWire

/// Packets that can be encoded, of every kind and form.
struct RandomPackets {
  var random: SplitMix64

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func packet(_ width: BlockNumberWidth) -> Packet {
    switch Int.random(in: 0..<5, using: &random) {
    case 0: .readRequest(readRequest())
    case 1: .data(block: block(width), payload: payload(atMost: 40))
    case 2: .acknowledgment(block(width))
    case 3: .error(code: ErrorCode(rawValue: .random(in: 0...UInt16.max, using: &random)), message: text(atMost: 20))
    default: .optionAcknowledgment(options())
    }
  }

  mutating func options() -> Options {
    var options: [TransferOption] = [
      .blockSize(.random(in: TransferOption.blockSizes, using: &random)),
      .transferSize(number64()),
      .timeout(seconds: .random(in: TransferOption.timeouts, using: &random)),
      .windowSize(.random(in: TransferOption.windowSizes, using: &random)),
      .multicast(multicast()),
      .promotion(promotion()),
      .wideBlockNumbers,
      .unknown(name: "x-one" + text(atMost: 6), value: text(atMost: 10)),
      .unknown(name: "x-two" + text(atMost: 6), value: text(atMost: 10)),
    ]
    options.shuffle(using: &random)
    return Options(Array(options.prefix(.random(in: 0...options.count, using: &random))))
  }

  mutating func payload(atMost limit: Int) -> ArraySlice<UInt8> {
    ArraySlice((0..<Int.random(in: 0...limit, using: &random)).map { _ in random.byte() })
  }

  private mutating func readRequest() -> ReadRequest {
    let mode: TransferMode = Bool.random(using: &random) ? .octet : .netascii
    return ReadRequest(fileName: text(atMost: 30), mode: mode, options: options())
  }

  private mutating func multicast() -> Multicast {
    let addresses = [nil, "239.192.0.1", "ff02::1", "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"]
    return Bool.random(using: &random)
      ? .request
      : .reply(
        address: addresses.randomElement(using: &random)!,
        port: Bool.random(using: &random) ? nil : .random(in: 1...UInt16.max, using: &random),
        isActive: .random(using: &random)
      )
  }

  private mutating func promotion() -> Promotion {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: .request
    case 1: .offer(threshold: number64(), continuity: number32(), endedSessions: number32())
    case 2: .check(session: number32())
    case 3: .smart
    case 4: .wait
    default:
      .report(
        GapReport(
          missingPackets: number32(),
          totalGapBytes: number64(),
          gaps: number32(),
          largestGap: number32(),
          chains: number32(),
          longestChain: number32()
        )
      )
    }
  }

  private mutating func block(_ width: BlockNumberWidth) -> BlockNumber { number32() & width.largestBlock }

  /// Every length in digits is as likely as every other.
  private mutating func number64() -> UInt64 { random.next() >> UInt64.random(in: 0..<64, using: &random) }
  private mutating func number32() -> UInt32 { UInt32(truncatingIfNeeded: number64()) }

  private mutating func text(atMost limit: Int) -> String {
    let count = Int.random(in: 0...limit, using: &random)
    return String(decoding: (0..<count).map { _ in UInt8.random(in: 1...0x7F, using: &random) }, as: UTF8.self)
  }
}

extension SplitMix64 {
  mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next() >> 56) }
}
