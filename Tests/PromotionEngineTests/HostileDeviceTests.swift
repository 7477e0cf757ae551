import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

@Suite("A device under hostile input")
struct HostileDeviceTests {
  /// The moves of the diagram in `Device.swift`, and those of R8a and R18 back to passive.
  private static let moves: [RoleName: [RoleName]] = [
    .joining: [.active, .passive, .complete, .failed], .passive: [.active, .smart, .complete, .failed],
    .active: [.passive, .complete, .failed], .smart: [.passive, .complete, .failed], .complete: [], .failed: [],
  ]

  @Test("neither traps nor leaves its diagram, and its deadlines move on", arguments: UInt64(0)..<16)
  func randomMessages(block seedBlock: UInt64) {
    for seed in seedBlock * 50..<(seedBlock + 1) * 50 {
      var random = SplitMix64(seed: seed)
      var bench = DeviceBench(file: random.once(in: 20) ? nil : tenBlocks)
      bench.settings.parameters = random.parameters()
      bench.settings.answerDelay = random.once(in: 2) ? .zero : turnaround
      var now = Nanoseconds.zero
      for step in 0..<100 {
        now += random.pause()
        let before = bench.device
        let effects = input(to: &bench, at: now, step: step, using: &random)
        check(effects, from: before, to: bench.device, at: now, "seed \(seed), step \(step)")
        for case .drawReportDelay in effects { bench.device.delayReport(by: ms(Int64(random.next() % 501))) }
      }
    }
  }

  private func input(
    to bench: inout DeviceBench,
    at now: Nanoseconds,
    step: Int,
    using random: inout SplitMix64
  ) -> [DeviceEffect] {
    if step == 3 { return bench.switchOn(at: now) }
    if step == 10, random.once(in: 2) { return bench.hear(acceptance(isActive: random.once(in: 2)), at: now) }
    if random.once(in: 300) { return bench.switchOff() }
    guard random.once(in: 4) else {
      return bench.hear(random.message(), by: random.once(in: 2) ? .unicast : .multicast, at: now)
    }
    let effects = bench.fire(at: now)
    var left = effects
    for _ in 0..<3 where !left.contains(.drawReportDelay) { left = bench.fire(at: now) }
    if !effects.contains(.drawReportDelay) { #expect(bench.deadline > now) }
    return effects
  }

  private func check(
    _ effects: [DeviceEffect],
    from before: Device,
    to after: Device,
    at now: Nanoseconds,
    _ place: Comment
  ) {
    var role = before.role
    for effect in effects {
      switch effect {
      case .entered(let next):
        #expect(Self.moves[role]?.contains(next) == true, "\(role) → \(next): \(place)")
        role = next
      case .send(let message, let leavesAt):
        #expect(leavesAt >= now, place)
        if case .acknowledgment(let block) = message { #expect(block <= after.file?.blocks ?? 0, place) }
      case .drawReportDelay, .checked:
        break
      }
    }
    if after.role != before.role { #expect(after.role == role || after.role == .failed, place) }
    if before.role == .failed { #expect(after == before && effects.isEmpty, place) }
    expect(after.gaps.missing, equals: after.gaps.gaps.reduce(0) { $0 + $1.count }, place)
    expect(after.isComplete, equals: after.file != nil && after.gaps.missing == 0, place)
  }
}
