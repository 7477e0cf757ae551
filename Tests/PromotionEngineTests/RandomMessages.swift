import BlockTransfer
import TFTPWire
import Timebase

@testable import PromotionEngine

extension SplitMix64 {
  /// Mostly small, sometimes at the ends of its type.
  mutating func extreme() -> UInt32 {
    switch next() % 8 {
    case 0: 0
    case 1: .max - UInt32(next() % 2)
    case 2: UInt32(truncatingIfNeeded: next())
    default: UInt32(next() % 12)
    }
  }

  mutating func extremeBytes() -> UInt64 { once(in: 4) ? .max - next() % 2 : UInt64(extreme()) }

  /// Any message there is, whether or not it makes sense.
  mutating func message() -> Message {
    switch next() % 13 {
    case 0: once(in: 3) ? .request(.any) : .request(once(in: 4) ? .plain : .usual)
    case 1: .open
    case 2: .report(report())
    case 3, 4, 5: .data(extreme())
    case 6, 7: .acknowledgment(extreme())
    case 8: .acceptance(acceptance())
    case 9: .check(session: extreme())
    case 10: once(in: 3) ? .notActive : .smart
    case 11: once(in: 3) ? .error(ErrorCode(rawValue: UInt16(truncatingIfNeeded: extreme()))) : .wait
    default: .elected
    }
  }

  mutating func report() -> GapReport {
    GapReport(
      missingPackets: extreme(),
      totalGapBytes: extremeBytes(),
      gaps: extreme(),
      largestGap: extreme(),
      chains: extreme(),
      longestChain: extreme()
    )
  }

  private mutating func acceptance() -> Acceptance {
    let file = once(in: 3) ? FileLayout(size: extremeBytes(), blockSize: extreme()) : nil
    return Acceptance(
      file: file ?? tenBlocks,
      windowSize: extreme(),
      wideBlockNumbers: once(in: 2),
      isActive: once(in: 2),
      promotion: once(in: 4)
        ? nil
        : Acceptance.Offer(threshold: extremeBytes(), continuity: extreme(), sessionsEnded: extreme())
    )
  }

  /// Parameters that the two ends may be configured with.
  mutating func parameters() -> ProtocolParameters {
    var parameters = ProtocolParameters()
    parameters.mode = once(in: 3) ? .pxeMTFTP : .rfc2090
    parameters.speaksPromotion = !once(in: 4)
    parameters.windowSize = once(in: 2) ? 1 : UInt32.random(in: 2...12, using: &self)
    parameters.retries = Int.random(in: 1...5, using: &self)
    parameters.noticeCopies = Int.random(in: 1...4, using: &self)
    parameters.activeOrder = ActiveOrder.allCases.randomElement(using: &self)!
    parameters.promotion.smartOrder = SmartOrder.allCases.randomElement(using: &self)!
    parameters.promotion.threshold = once(in: 3) ? 0 : extremeBytes()
    parameters.promotion.maxSmart = once(in: 2) ? nil : Int.random(in: 1...3, using: &self)
    parameters.promotion.smartWindow = Int.random(in: 1...4, using: &self)
    parameters.promotion.reportWindow = once(in: 2) ? .zero : ms(500)
    if once(in: 3) { parameters.backoff = Int.random(in: 2...8, using: &self) }
    if once(in: 4) {
      var start = StartRule()
      start.devices = Int.random(in: 1...6, using: &self)
      start.within = once(in: 2) ? nil : pause()
      parameters.start = start
    }
    if once(in: 3) {
      var rule = HandOverRule()
      rule.repeatsPerBillion = once(in: 2) ? 0 : 250_000_000
      rule.window = UInt32.random(in: 1...20, using: &self)
      parameters.handOver = rule
    }
    return parameters
  }

  /// How much later the next thing happens: often at the same instant.
  mutating func pause() -> Nanoseconds {
    once(in: 2) ? .zero : once(in: 10) ? s(20) : ms(Int64(next() % 2_000))
  }
}
