import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

@Suite("R23: a device that loses much lets another one drive")
struct R23HandOverTests {
  /// Devices 1 to 3 joined at 0, and device 1 asked for these blocks, one each millisecond; more than a quarter of the
  /// last four DATA is too much.
  private func bench(
    asking blocks: [BlockNumber], devices: DeviceID = 3, _ adjust: (inout ProtocolParameters) -> Void = { _ in }
  ) -> ServerBench {
    var bench = ServerBench {
      var rule = HandOverRule()
      rule.window = 4
      $0.handOver = rule
      adjust(&$0)
    }
    for device in 1...devices { bench.hear(.request(.usual), from: device, at: .zero) }
    for (time, block) in zip(Int64(1)..., blocks) {
      let effects = bench.hear(.acknowledgment(block - 1), from: 1, at: ms(time))
      expect(effects.last, equals: .multicastData(first: block, last: block, leavesAt: ms(time) + turnaround))
    }
    return bench
  }

  @Test("the ask that finds too many repeats is answered with OACK multicast=addr,port,0, and the check follows")
  func handsOver() {
    var bench = bench(asking: [1, 2, 2, 2])
    let leaves = ms(5) + turnaround
    expect(
      bench.hear(.acknowledgment(2), from: 1, at: ms(5)),
      equals: [
        .unicast(.notActive, to: 1, leavesAt: leaves), .sessionEnded(.handedOver),
        .multicast(.check(session: 1), leavesAt: leaves),
      ])
    expect(bench.server.standing(of: 1), equals: .passive)
    expect(bench.server.state.phase, equals: .check(awaited: 3))
    expect(
      Message.notActive.packet(in: WireContext(parameters: ProtocolParameters())),
      equals: .optionAcknowledgment([.multicast(.reply(address: "239.192.0.1", port: 1_758, isActive: false))]))
  }

  @Test("it stands last in the order of registration")
  func order() {
    var bench = bench(asking: [1, 2, 2, 2])
    bench.hear(.acknowledgment(2), from: 1, at: ms(5))
    for device in [1, 2, 3] as [DeviceID] { bench.hear(gapReport(missing: 4), from: device, at: ms(6)) }
    var elected: [DeviceID] = []
    for time in 7...9 {
      guard case .election(let device, others: 0) = bench.server.state.phase else { break }
      elected.append(device)
      bench.hear(.acknowledgment(10), from: device, at: ms(Int64(time)))
    }
    expect(elected, equals: [2, 3, 1])
  }

  @Test("a share that is not exceeded is answered", arguments: [[1, 2, 2, 3], [1, 2, 3, 4], [1, 1, 2, 3, 4, 5]])
  func notExceeded(blocks: [Int]) {
    var bench = bench(asking: blocks.map { BlockNumber($0) })
    let effects = bench.hear(.acknowledgment(5), from: 1, at: ms(9))
    expect(effects, equals: [.multicastData(first: 6, last: 6, leavesAt: ms(9) + turnaround)])
  }

  @Test("nor does it end a session that has sent less than a window")
  func tooEarly() {
    var bench = bench(asking: [1, 2, 2])
    expect(bench.hear(.acknowledgment(2), from: 1, at: ms(9)).count, equals: 1)
  }

  @Test("nor one of a device that got nothing in it, which R6 ends")
  func stuck() {
    var bench = bench(asking: [1, 1, 1, 1, 1, 1])
    expect(bench.hear(.acknowledgment(0), from: 1, at: ms(9)).count, equals: 1)
    expect(bench.hear(.acknowledgment(1), from: 1, at: ms(9)).count, equals: 3)
  }

  @Test("nor one to which nobody else listens, until somebody does")
  func alone() {
    var bench = bench(asking: [1, 2, 2, 2], devices: 1)
    expect(bench.hear(.acknowledgment(2), from: 1, at: ms(9)).count, equals: 1)
    bench.hear(.request(.usual), from: 2, at: ms(10))
    expect(
      bench.hear(.acknowledgment(2), from: 1, at: ms(11)).first,
      equals: .unicast(.notActive, to: 1, leavesAt: ms(11) + turnaround))
  }

  @Test("ACK(n) ends it as ever")
  func completes() {
    var bench = bench(asking: [1, 2, 2, 2])
    expect(bench.hear(.acknowledgment(10), from: 1, at: ms(9)).first, equals: .sessionEnded(.complete))
  }

  @Test("the next session counts anew")
  func anew() {
    var bench = bench(asking: [1, 2, 2, 2], devices: 2)
    bench.hear(.acknowledgment(2), from: 1, at: ms(5))
    for device in [1, 2] as [DeviceID] { bench.hear(gapReport(missing: 4), from: device, at: ms(6)) }
    for block in [2, 2, 3] as [BlockNumber] { bench.hear(.acknowledgment(block), from: 2, at: ms(7)) }
    expect(bench.hear(.acknowledgment(4), from: 2, at: ms(8)).count, equals: 1, "three DATA are no window")
    expect(bench.server.activeDevice, equals: 2)
  }

  @Test("the device is passive, and checks itself at the notice")
  func device() {
    var bench = DeviceBench.accepted(active: true)
    bench.group(1, at: ms(2))
    expect(bench.hear(.notActive, at: ms(3)), equals: [.entered(.passive)])
    expect(bench.notice(1, at: ms(4)), equals: [bench.checked, .send(bench.report(), leavesAt: ms(4) + turnaround)])
  }

  @Test("a device that did not hear of it asks again, and learns it by R8a")
  func unheard() {
    var bench = bench(asking: [1, 2, 2, 2])
    bench.hear(.acknowledgment(2), from: 1, at: ms(5))
    expect(
      bench.hear(.acknowledgment(2), from: 1, at: s(1)),
      equals: [.unicast(.check(session: 1), to: 1, leavesAt: s(1) + turnaround)])
  }

  @Test("no other role waits for that OACK (R8a), and a complete device answers it (R7)")
  func otherRoles() {
    var passive = DeviceBench.passive(missing: [3])
    let before = passive.device
    expect(passive.hear(.notActive, at: ms(5)), equals: [])
    expect(passive.device, equals: before)
    var complete = DeviceBench.passive(missing: [])
    expect(complete.hear(.notActive, at: ms(5)), equals: [ack(10, ms(5) + turnaround)])
    var joining = DeviceBench()
    joining.switchOn(at: .zero)
    expect(joining.hear(.notActive, at: ms(5)), equals: [])
  }

  @Test("repeats are counted among the last DATA exactly, sent block by block or in rounds", arguments: UInt64(0)..<40)
  func counts(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let window = Int.random(in: 1...30, using: &random)
    var data = RepeatedData(window: UInt32(window))
    var inRounds = data
    var sent: [BlockNumber] = []
    var repeated: [Bool] = []
    var first: BlockNumber = 1
    for _ in 0..<300 {
      // An active device's asks never go back; some are repeated.
      if !random.once(in: 3) { first += BlockNumber.random(in: 0...7, using: &random) }
      let size = BlockNumber.random(in: 1...6, using: &random)
      for block in first...first + size - 1 {
        repeated.append(sent.max().map { block <= $0 } ?? false)
        sent.append(block)
        data.send(block...block)
      }
      inRounds.send(first...first + size - 1)
      let expected = repeated.suffix(window).count { $0 }
      #expect(data.repeats == UInt64(expected) && data.sent == UInt64(sent.count))
      #expect((inRounds.repeats, inRounds.sent) == (data.repeats, data.sent))
    }
  }
}
