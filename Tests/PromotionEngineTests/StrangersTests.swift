import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

/// What strangers' packets cost a server: each the same, however many came before, and memory by devices.
@Suite("What strangers cost a server")
struct StrangersTests {
  @Test("one device that registers and leaves again and again has one place in the order", arguments: [false, true])
  func registersAgainAndAgain(whileAnotherDrives: Bool) {
    var bench = ServerBench()
    if whileAnotherDrives { bench.hear(.request(.usual), from: 1, at: .zero) }
    for step in 1...2000 {
      let now = Nanoseconds(Int64(step) * 20_000)
      bench.hear(.request(.usual), from: 2, at: now)
      bench.hear(.acknowledgment(10), from: 2, at: now)
      bench.fire(at: now)
      #expect(bench.server.registry.count <= 2 * Server.leastRegistryLimit)
    }
    #expect(bench.server.waiting == 0 && bench.server.queued == 0)
  }

  @Test("one device that reports again and again has a bounded number of entries in the queue for places (R13)")
  func reportsAgainAndAgain() {
    var bench = ServerBench.afterSession(devices: 3) {
      $0.promotion.threshold = 1 << 20
      $0.promotion.maxSmart = 1
    }
    bench.hear(.report(gapReport(1)), from: 2, at: ms(101))
    for step in 1...1000 {
      bench.hear(.report(gapReport(step % 2 == 0 ? 1 : 2)), from: 3, at: ms(101) + Nanoseconds(Int64(step)))
      #expect(bench.server.smartQueue.count <= Server.leastRegistryLimit)
    }
    // It is still queued, and gets the place that comes free.
    bench.hear(.acknowledgment(10), from: 2, at: ms(200))
    expect(bench.server.standing(of: 3), equals: .smart)
  }

  @Test("a number beyond the limit is not heard, and costs no memory")
  func numbersBeyondTheLimit() {
    var bench = ServerBench()
    #expect(bench.hear(.request(.usual), from: 20_000_000, at: .zero).isEmpty)
    #expect(bench.hear(.acknowledgment(0), from: .max, at: .zero).isEmpty)
    #expect(bench.server.peers.count < 10)
    #expect(!bench.hear(.request(.usual), from: 65_536, at: .zero).isEmpty)
    #expect(bench.hear(.request(.usual), from: 65_537, at: .zero).isEmpty)
  }

  private func gapReport(_ blocks: UInt32) -> GapReport {
    GapReport(
      missingPackets: blocks, totalGapBytes: UInt64(blocks) * 1428, gaps: 1, largestGap: blocks, chains: 0,
      longestChain: 0)
  }

  @Test("to drop old entries changes nothing that is sent", arguments: UInt64(0)..<8)
  func droppingChangesNothing(block: UInt64) {
    for seed in block * 25..<(block + 1) * 25 {
      var random = SplitMix64(seed: seed)
      var parameters = random.parameters()
      parameters.promotion.maxSmart = 1
      let settings = ServerSettings(parameters: parameters, file: tenBlocks)
      var (dropping, keeping) = (Server(settings), Server(settings))
      keeping.registryLimit = .max
      var now = Nanoseconds.zero
      for step in 0..<400 {
        now += random.pause()
        let device = DeviceID.random(in: 1...5, using: &random)
        let message: Message = [.request(.usual), .open, .acknowledgment(10), random.message()].randomElement(
          using: &random)!
        var effects: (dropping: [ServerEffect], keeping: [ServerEffect]) = ([], [])
        dropping.receive(message, from: device, at: now, into: &effects.dropping)
        dropping.fire(at: now, into: &effects.dropping)
        keeping.receive(message, from: device, at: now, into: &effects.keeping)
        keeping.fire(at: now, into: &effects.keeping)
        expect(effects.dropping, equals: effects.keeping, "seed \(seed), step \(step)")
      }
    }
  }
}

/// What strangers send who know the protocol: each can do so much, and no more.
@Suite("What forged packets delay")
struct ForgedPacketsTests {
  @Test(
    "forged registrations, with reports, delay an honest device's election by at most session_timeout",
    arguments: [0, 1, 100, 1000, 1364], ActiveOrder.allCases)
  func elections(forged: Int, order: ActiveOrder) {
    var bench = ServerBench { $0.activeOrder = order }
    let honest = DeviceID(forged + 2)
    for device in 1...honest { bench.hear(.request(.usual), from: device, at: .zero) }
    bench.hear(.acknowledgment(10), from: 1, at: ms(1))
    // No order puts it before them.
    for device in 2...honest { bench.hear(gapReport(missing: 5, gaps: 2), from: device, at: ms(2)) }
    while bench.server.standing(of: honest) != .elected { bench.fire(at: bench.deadline) }
    let asked = bench.deadline - bench.server.parameters.timeout
    #expect(asked <= ms(2) + bench.server.parameters.sessionTimeout)
    #expect(!bench.hear(.acknowledgment(0), from: honest, at: asked).isEmpty)
    expect(bench.server.activeDevice, equals: honest)
  }

  @Test("the rest of those who were asked are asked again retries times in all, then are gone")
  func repeats() {
    var bench = ServerBench.afterSession(devices: 200)
    for device in DeviceID(2)...200 { bench.hear(gapReport(missing: 5), from: device, at: ms(101)) }
    var asked: [DeviceID: Int] = [2: 1]
    for effect in bench.run(until: s(60)) {
      if case .unicast(.elected, let device, _) = effect { asked[device, default: 0] += 1 }
    }
    #expect(asked.count == 199 && asked.values.allSatisfy { $0 == 6 })
    #expect(bench.server.state.phase == .idle && bench.deadline == .never && bench.server.waiting == 0)
  }

  @Test("sessions that end at once, one after the other, keep a bounded number of notices", arguments: [2, 3, 20])
  func notices(copies: Int) {
    var bench = ServerBench { $0.noticeCopies = copies }
    for step in 1...1000 {
      let now = Nanoseconds(Int64(step))
      bench.hear(.request(.usual), from: 2, at: now)
      bench.hear(.acknowledgment(10), from: 2, at: now)
      #expect(bench.server.notices.count <= 64)
    }
    // The last one is told as often as any.
    let told = bench.run(until: s(2)).count { if case .multicast(.check(1000), _) = $0 { true } else { false } }
    expect(told, equals: copies - 1)
  }

  @Test("a forged notice silences no device: a number that is far away does not count, a near one is forgotten")
  func forgedNotices() {
    var bench = DeviceBench.passive(missing: [4])
    expect(bench.notice(.max, at: ms(3)), equals: [])
    expect(bench.notice(17, at: ms(3)), equals: [])
    expect(bench.notice(1, at: ms(4)).first, equals: bench.checked)
    bench.hear(.wait, at: ms(5))
    expect(bench.notice(17, at: ms(6)).first, equals: bench.checked)
    bench.hear(.wait, at: ms(7))
    expect(bench.notice(2, at: ms(8)), equals: [], "it believes that 17 have ended")
    expect(
      bench.hear(.check(session: 2), at: s(1)).first, equals: bench.checked, "the server asks who has not reported")
    bench.hear(.wait, at: s(2))
    expect(bench.notice(3, at: s(3)).first, equals: bench.checked)
  }

  @Test("a device that drives takes no forged number either")
  func forgedWhileDriving() {
    var bench = DeviceBench.accepted(active: true)
    bench.notice(.max, at: ms(3))
    bench.hear(.notActive, at: ms(4))
    expect(bench.notice(1, at: ms(5)).first, equals: bench.checked)
  }

  @Test("sessions are counted up to what a packet can say, and no further")
  func mostSessions() {
    var bench = ServerBench()
    bench.server.sessionsEnded = .max - 1
    for time in 1...3 as ClosedRange<Int64> {
      bench.hear(.request(.usual), from: 1, at: s(time))
      bench.hear(.acknowledgment(10), from: 1, at: s(time))
      expect(bench.server.sessionsEnded, equals: .max)
    }
  }

  @Test("no time traps an engine, the last one neither", arguments: [Int64.max, .max - 1, .max - 1_000_000_000, .min])
  func anyTime(count: Int64) {
    let now = Nanoseconds(count)
    var bench = ServerBench { $0.promotion.threshold = 5_000 }
    for device in DeviceID(1)...3 { bench.hear(.request(.usual), from: device, at: now) }
    bench.hear(.acknowledgment(0), from: 1, at: now)
    bench.hear(.acknowledgment(10), from: 1, at: now)
    bench.hear(gapReport(missing: 2), from: 2, at: now)
    bench.hear(gapReport(missing: 9), from: 3, at: now)
    bench.hear(.acknowledgment(0), from: 2, at: now)
    bench.hear(.acknowledgment(0), from: 9, at: now)
    var effects: [ServerEffect] = []
    for _ in 0..<20 { bench.server.fireAll(at: .never, into: &effects) }
    for role in [true, false] {
      var device = DeviceBench.accepted(active: role)
      device.group(3, at: now)
      device.hear(.check(session: 1), at: now)
      device.hear(.smart, at: now)
      device.hear(.notActive, at: now)
      for _ in 0..<20 { device.fire(at: .never) }
    }
  }
}

/// One timer for the group and all smart devices.
@Suite("One deadline for a driver")
struct OneDeadlineTests {
  @Test("it does what a timer for each device does, at the same instants", arguments: UInt64(0)..<8)
  func likeManyTimers(block: UInt64) {
    for seed in block * 25..<(block + 1) * 25 {
      var random = SplitMix64(seed: seed)
      var parameters = random.parameters()
      parameters.mode = .rfc2090
      parameters.promotion.threshold = 1 << 30
      let settings = ServerSettings(parameters: parameters, file: tenBlocks)
      var (one, many) = (Server(settings), Server(settings))
      var now = Nanoseconds.zero
      for step in 0..<400 {
        let next = now + random.pause()
        while one.nextDeadline <= next {
          now = max(now, one.nextDeadline)
          var fired: (one: [ServerEffect], many: [ServerEffect]) = ([], [])
          one.fireAll(at: now, into: &fired.one)
          many.fire(at: now, into: &fired.many)
          let due = many.peers.indices.map { DeviceID($0) }.filter { many.deadline(of: $0) <= now }
          for device in due.sorted(by: { (many.deadline(of: $0), $0) < (many.deadline(of: $1), $1) }) {
            many.fire(for: device, at: now, into: &fired.many)
          }
          let isAlike = fired.one == fired.many || sorted(fired.one) == sorted(fired.many)
          #expect(isAlike, "seed \(seed), step \(step): \(fired)")
          guard one.nextDeadline > now else { break }
        }
        now = next
        #expect(many.deadline > now && many.peers.indices.allSatisfy { many.deadline(of: DeviceID($0)) > now })
        let device = DeviceID.random(in: 1...5, using: &random)
        let message: Message = [.request(.usual), .acknowledgment(10), gapReport(missing: 2), random.message()]
          .randomElement(using: &random)!
        var effects: (one: [ServerEffect], many: [ServerEffect]) = ([], [])
        one.receive(message, from: device, at: now, into: &effects.one)
        many.receive(message, from: device, at: now, into: &effects.many)
        expect(effects.one, equals: effects.many, "seed \(seed), step \(step)")
        #expect(one.placeDeadlines.count <= max(Server.leastRegistryLimit, 2 * one.smartDevices))
      }
    }
  }

  /// In what order devices are looked at that are due at one instant is the driver's business.
  private func sorted(_ effects: [ServerEffect]) -> [String] { effects.map { "\($0)" }.sorted() }

  @Test("a smart device that is heard puts its deadline off, and costs no entry")
  func putsOff() {
    var bench = ServerBench.afterSession(devices: 2) { $0.promotion.threshold = 5_000 }
    bench.hear(gapReport(missing: 2), from: 2, at: ms(200))
    bench.run(until: s(1))
    for time in 1...100 as ClosedRange<Int64> { bench.hear(.acknowledgment(0), from: 2, at: s(1) + ms(time)) }
    expect(bench.server.placeDeadlines.count, equals: 1)
    expect(bench.server.nextDeadline, equals: ms(6_200) + turnaround, "early, but never late")
    var effects: [ServerEffect] = []
    bench.server.fireAll(at: ms(6_200) + turnaround, into: &effects)
    #expect(effects == [] && bench.server.nextDeadline == ms(7_100))
    bench.server.fireAll(at: ms(7_100), into: &effects)
    #expect(bench.server.standing(of: 2) == .struckOff && bench.server.nextDeadline == .never)
  }
}
