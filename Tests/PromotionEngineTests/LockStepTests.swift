import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

@Suite("Lock-step: rounds that are skipped are as if they had been gone")
struct LockStepTests {
  /// Forty blocks and an empty last one.
  static let file = FileLayout(size: 40_000, blockSize: 1_000)!

  private static func driving(windowSize: UInt32) -> DeviceBench {
    .accepted(active: true, file: file, windowSize: windowSize)
  }

  @Test("a device after any number of rounds", arguments: [UInt32(1), 2, 3, 7, 20])
  func device(windowSize: UInt32) throws {
    var gone = Self.driving(windowSize: windowSize)
    let start = gone
    let lockStep = try #require(gone.device.lockStep)
    #expect(lockStep == Device.LockStep(first: 1, windowSize: windowSize, rounds: 40 / windowSize - 1))
    for round in 1...max(1, lockStep.rounds) where round <= lockStep.rounds {
      let now = ms(1 + Int64(round))
      for block in 1...windowSize { gone.group((round - 1) * windowSize + block, at: now) }
      var skipped = start
      skipped.device.skip(
        rounds: round, of: lockStep, askedAt: now + turnaround, under: skipped.settings)
      expect(skipped.device, equals: gone.device)
      expect(skipped.deadline, equals: gone.deadline)
    }
  }

  @Test("no device is in lock-step that does not drive, or misses less than a window in a row")
  func others() {
    #expect(Device().lockStep == nil)
    #expect(DeviceBench.accepted(active: false, file: Self.file).device.lockStep == nil)
    #expect(Self.driving(windowSize: 41).device.lockStep == nil, "the last window ends the session")
    var holed = Self.driving(windowSize: 4)
    holed.group(3, at: ms(2))
    #expect(holed.device.lockStep == nil, "it has a block of the window")
  }

  @Test("more rounds than there are change nothing")
  func tooMany() throws {
    var bench = Self.driving(windowSize: 4)
    let lockStep = try #require(bench.device.lockStep)
    let before = bench.device
    bench.device.skip(rounds: lockStep.rounds + 1, of: lockStep, askedAt: ms(5), under: bench.settings)
    expect(bench.device, equals: before)
  }
}
