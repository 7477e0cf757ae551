import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

/// What goes by calls of its own must be what goes by messages.
@Suite("Repair: a block that is fetched or asked for by a call of its own is as if its message had come")
struct RepairTests {
  private let report = DeviceBench.passive(missing: [2, 5]).report()

  @Test("the device, whatever it misses, whatever comes", arguments: 1...4, UInt64(1)...20)
  func device(smartWindow: Int, seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let missing = tenBlocks.blocks.random(&random)
    var bench = DeviceBench.smart(missing: missing) { $0.promotion.smartWindow = smartWindow }
    var fetched = 0
    for step in 1...60 {
      let now = ms(3 + Int64(step))
      if bench.deadline <= now { bench.fire(at: now) }
      // The lowest that it misses, or any block, even one that is not of the file.
      let block =
        Bool.random(using: &random)
        ? bench.device.gaps.first ?? 1 : BlockNumber.random(in: 0...tenBlocks.blocks + 1, using: &random)
      let before = bench
      let effects = bench.hear(.data(block), at: now)
      var shortcut = before
      let next = shortcut.device.fetch(
        block, at: now, answersAt: now + turnaround, timeout: bench.settings.parameters.timeout)
      guard let next else {
        expect(shortcut.device, equals: before.device)
        continue
      }
      fetched += 1
      expect(shortcut.device, equals: bench.device)
      #expect(shortcut.deadline >= before.deadline)
      switch next {
      case .nothing: expect(effects, equals: [])
      case .block(let block, let lowest):
        expect(effects, equals: [ack(block - 1, now + turnaround)])
        expect(lowest, equals: bench.device.gaps.first)
      }
    }
    #expect(fetched > 0 || missing.count < 3)
  }

  @Test(
    "what a smart device hears of the group and did not ask for, it takes in stretches as if block by block",
    arguments: 1...4, UInt64(1)...20)
  func listens(smartWindow: Int, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var bench = DeviceBench.smart(missing: tenBlocks.blocks.random(&random)) { $0.promotion.smartWindow = smartWindow }
    var stretches = 0
    for step in 1...60 {
      let now = ms(3 + 10 * Int64(step))
      if bench.deadline <= now { bench.fire(at: now) }
      let first = BlockNumber.random(in: 1...tenBlocks.blocks, using: &random)
      let last = BlockNumber.random(in: first...tenBlocks.blocks, using: &random)
      guard case .onlyListens(let proof) = bench.device.hearing(at: now, smartListens: true), proof.awaitsThrough > 0,
        !(first...last).contains(where: { $0 <= proof.awaitsThrough && bench.device.gaps.contains($0) })
      else {
        bench.hear(.data(first), by: .multicast, at: now)
        continue
      }
      stretches += 1
      var stretch = bench
      let timeOfLast = now + Nanoseconds.milliseconds(Int64(last - first))
      let heard = stretch.device.listen(
        proof, to: first, through: last, except: UnsafeBufferPointer(start: nil, count: 0), at: timeOfLast)
      if heard.filled.count > 0 {
        stretch.device.tookUnasked(
          at: now + Nanoseconds.milliseconds(Int64(heard.filled.last - first)),
          timeout: bench.settings.parameters.timeout)
      }
      let deadline = bench.deadline
      for block in first...last {
        let effects = bench.hear(
          .data(block), by: .multicast, at: now + Nanoseconds.milliseconds(Int64(block - first)))
        expect(effects, equals: [])
      }
      #expect(!heard.isComplete && bench.device == stretch.device)
      #expect(bench.deadline >= deadline)
    }
    #expect(stretches > 0)
  }

  @Test("after a repeat a smart device only listens again when something new has come, for its timeout may have grown")
  func listensAgain() {
    func awaitsThrough(_ bench: DeviceBench) -> BlockNumber? {
      var device = bench.device
      guard case .onlyListens(let proof) = device.hearing(at: ms(9), smartListens: true) else { return nil }
      return proof.awaitsThrough
    }
    var bench = DeviceBench.smart(missing: [2, 3, 7])
    expect(awaitsThrough(bench), equals: 2)
    bench.fire(at: bench.deadline)
    #expect(awaitsThrough(bench) == nil)
    bench.hear(.data(7), by: .multicast, at: s(3))
    expect(awaitsThrough(bench), equals: 2)
    expect(bench.device.hearing(at: ms(9), smartListens: false), equals: .nothing)
  }

  @Test(
    "what a smart device ignores changes nothing, whoever was meant: all that it has",
    arguments: [Addressing.unicast, .multicast], UInt64(1)...20)
  func ignored(addressing: Addressing, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var bench = DeviceBench.smart(missing: tenBlocks.blocks.random(&random))
    for step in 1...60 {
      let now = ms(3 + Int64(step))
      if bench.deadline <= now { bench.fire(at: now) }
      let block = BlockNumber.random(in: 0...tenBlocks.blocks + 1, using: &random)
      var before = bench
      let isIgnored = before.device.ignores(block)
      expect(before.device, equals: bench.device)
      if case .fetching = bench.device.doing { expect(isIgnored, equals: !bench.device.gaps.contains(block)) }
      let effects = bench.hear(.data(block), by: addressing, at: now)
      if isIgnored { #expect(effects == [] && bench.device == before.device && bench.deadline == before.deadline) }
    }
  }

  @Test("no other device ignores a block, whatever it has")
  func othersIgnoreNothing() {
    func isIgnored(_ block: BlockNumber, by bench: DeviceBench) -> Bool {
      var device = bench.device
      return device.ignores(block)
    }
    #expect(!isIgnored(1, by: DeviceBench()))
    #expect(!isIgnored(1, by: .passive(missing: [2, 3])))
    #expect(!isIgnored(1, by: .accepted(active: true)))
    #expect(isIgnored(1, by: .smart(missing: [2, 3])))
    #expect(!isIgnored(2, by: .smart(missing: [2, 3])))
  }

  @Test("only a smart device fetches, and not its last block")
  func others() {
    func isTaken(_ block: BlockNumber, by bench: DeviceBench) -> Bool {
      var device = bench.device
      return device.fetch(block, at: ms(9), answersAt: ms(9), timeout: s(1)) != nil
    }
    #expect(!isTaken(1, by: DeviceBench()))
    #expect(!isTaken(2, by: .passive(missing: [2, 3])))
    #expect(!isTaken(1, by: .accepted(active: true)))
    #expect(isTaken(2, by: .smart(missing: [2, 3])))
    #expect(!isTaken(3, by: .smart(missing: [2, 3])))
    #expect(!isTaken(2, by: .smart(missing: [2])), "it completes the device")
  }

  @Test("the server, whatever it takes the device for", arguments: 0...12 as ClosedRange<BlockNumber>)
  func server(block: BlockNumber) {
    var bench = ServerBench.afterSession(devices: 4) { $0.promotion.threshold = 5_000 }
    bench.hear(report, from: 2, at: ms(101))
    bench.hear(.acknowledgment(10), from: 3, at: ms(101))
    for device in 0...6 as ClosedRange<DeviceID> {
      let now = ms(200)
      var shortcut = bench
      let leavesAt = shortcut.server.answer(askFor: block, from: device, at: now)
      expect(leavesAt != nil, equals: device == 2 && block < 10)
      var long = bench
      let effects = long.hear(.acknowledgment(block), from: device, at: now)
      guard let leavesAt else {
        expect(shortcut.server.state, equals: bench.server.state)
        expect(shortcut.deadline(of: device), equals: bench.deadline(of: device))
        continue
      }
      expect(effects, equals: [.unicast(.data(block + 1), to: device, leavesAt: leavesAt)])
      expect(shortcut.server.state, equals: long.server.state)
      #expect(shortcut.deadline == long.deadline && shortcut.deadline == bench.deadline)
      expect(shortcut.deadline(of: device), equals: long.deadline(of: device))
      #expect(shortcut.deadline(of: device) >= bench.deadline(of: device))
    }
  }

  @Test("an ask of a device that was invited ends the repeats of its invitation")
  func invited() {
    var bench = ServerBench.afterSession(devices: 3) {
      $0.promotion.threshold = 5_000
      $0.promotion.maxSmart = 1
    }
    bench.hear(report, from: 2, at: ms(101))
    bench.hear(report, from: 3, at: ms(102))
    bench.hear(.acknowledgment(10), from: 2, at: ms(200))
    expect(bench.deadline(of: 3), equals: ms(200) + turnaround + s(1), "its invitation is repeated")
    let leavesAt = bench.server.answer(askFor: 4, from: 3, at: ms(300))
    expect(leavesAt, equals: ms(300) + turnaround)
    expect(bench.deadline(of: 3), equals: ms(300) + s(6))
  }
}

extension BlockNumber {
  /// Some of the blocks from 1 on, at least one.
  fileprivate func random(_ generator: inout SplitMix64) -> [BlockNumber] {
    let some = (1...self).filter { _ in Bool.random(using: &generator) }
    return some.isEmpty ? [self] : some
  }
}
