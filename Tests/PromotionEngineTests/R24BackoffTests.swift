import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

@Suite("R24: a request's timeout grows with each repeat")
struct R24BackoffTests {
  /// When the repeats of a request go out that waits 1, 2, 4, … seconds, and when it is given up.
  private static let doubling: [Int64] = [1, 3, 7, 15, 31, 63]
  private var repeats: [Int64] { Self.doubling.dropLast() }
  private let end = s(63)

  private static func doubled(_ parameters: inout ProtocolParameters) {
    parameters.backoff = 2
    parameters.sessionTimeout = s(70)
    parameters.groupTimeout = s(80)
  }

  @Test("a request to join (R3)")
  func joining() {
    var bench = DeviceBench(Self.doubled)
    bench.switchOn(at: ms(7))
    for time in repeats {
      expect(bench.deadline, equals: ms(7) + s(time))
      expect(bench.fire(at: bench.deadline), equals: [.send(.request(.usual), leavesAt: ms(7) + s(time))])
    }
    expect(bench.deadline, equals: ms(7) + end)
    expect(bench.fire(at: bench.deadline), equals: [.entered(.failed)])
  }

  @Test("an ask of the active device (R6)")
  func active() {
    var bench = DeviceBench.accepted(active: true, Self.doubled)
    let asked = ms(1) + turnaround
    for time in repeats {
      expect(bench.deadline, equals: asked + s(time))
      expect(bench.fire(at: bench.deadline), equals: [ack(0, asked + s(time))])
    }
    expect(bench.deadline, equals: asked + end)
    expect(bench.fire(at: bench.deadline), equals: [.entered(.failed)])
  }

  @Test("a block that the active device missed puts it back, and a block that it had does not")
  func activePutBack() {
    var bench = DeviceBench.accepted(active: true, windowSize: 4, Self.doubled)
    bench.run(until: s(4))
    let asked = ms(1) + turnaround
    expect(bench.deadline, equals: asked + s(7))
    bench.group(4, at: s(4))  // the last of the window: it asks at once
    expect(bench.deadline, equals: s(4) + turnaround + s(1))
    bench.run(until: s(6))
    expect(bench.deadline, equals: s(4) + turnaround + s(3))
    expect(bench.group(4, at: ms(6_500)), equals: [ack(0, ms(6_500) + turnaround)])
    expect(bench.deadline, equals: ms(6_500) + turnaround + s(2), "that ask waits as long as the repeat before it")
  }

  @Test("a gap report (R10), which then waits on")
  func report() {
    var bench = DeviceBench.passive(missing: [3], Self.doubled)
    bench.notice(1, at: ms(10))
    let sent = ms(10) + turnaround
    for time in repeats {
      expect(bench.deadline, equals: sent + s(time))
      expect(bench.fire(at: bench.deadline), equals: [.send(bench.report(), leavesAt: sent + s(time))])
    }
    expect(bench.deadline, equals: sent + end)
    expect(bench.fire(at: bench.deadline), equals: [])
    expect(bench.role, equals: .passive)
    bench.notice(2, at: s(70))
    expect(bench.deadline, equals: s(70) + turnaround + s(1), "a new report starts anew")
  }

  @Test("the asks of a smart device (R14)")
  func smart() {
    var bench = DeviceBench.smart(missing: [2, 8], Self.doubled)
    let asked = ms(3) + turnaround
    bench.run(until: s(4))
    expect(bench.deadline, equals: asked + s(7))
    expect(bench.hear(.data(2), at: s(5)), equals: [ack(7, s(5) + turnaround)])
    for time in repeats {
      expect(bench.deadline, equals: s(5) + turnaround + s(time))
      expect(bench.fire(at: bench.deadline), equals: [ack(7, s(5) + turnaround + s(time))])
    }
    expect(bench.fire(at: s(5) + turnaround + end), equals: [.entered(.failed)])
  }

  @Test("the server's asks for a report (R15)")
  func asking() {
    var bench = ServerBench.afterSession(devices: 2, Self.doubled)
    let lastNotice = ms(120) + turnaround
    bench.run(until: lastNotice)
    let first = lastNotice + s(1)
    for time in [0] + repeats {
      expect(bench.deadline, equals: first + s(time))
      expect(bench.fire(at: bench.deadline), equals: [.unicast(.check(session: 1), to: 2, leavesAt: first + s(time))])
    }
    expect(bench.deadline, equals: first + end)
    expect(bench.fire(at: bench.deadline), equals: [])
    expect(bench.server.standing(of: 2), equals: .struckOff)
  }

  @Test("an election (R15)")
  func election() {
    var bench = ServerBench.afterSession(devices: 2, Self.doubled)
    bench.run(until: ms(200))
    bench.hear(gapReport(missing: 8), from: 2, at: ms(200))
    let told = ms(200) + turnaround
    for time in repeats {
      expect(bench.deadline, equals: told + s(time))
      expect(bench.fire(at: bench.deadline), equals: [.unicast(.elected, to: 2, leavesAt: told + s(time))])
    }
    expect(bench.deadline, equals: told + end)
    bench.fire(at: bench.deadline)
    expect(bench.server.standing(of: 2), equals: .struckOff)
  }

  @Test("an invitation to a smart place (R13)")
  func invitation() {
    var bench = ServerBench.afterSession(devices: 3) {
      Self.doubled(&$0)
      $0.promotion.threshold = 5_000
      $0.promotion.maxSmart = 1
    }
    bench.hear(gapReport(missing: 2), from: 2, at: ms(200))
    bench.hear(gapReport(missing: 3), from: 3, at: ms(200))
    bench.hear(.acknowledgment(10), from: 2, at: ms(300))
    let told = ms(300) + turnaround
    for time in repeats {
      expect(bench.deadline(of: 3), equals: told + s(time))
      expect(bench.fire(for: 3, at: bench.deadline(of: 3)), equals: [.unicast(.smart, to: 3, leavesAt: told + s(time))])
    }
    expect(bench.deadline(of: 3), equals: told + end)
    expect(bench.fire(for: 3, at: bench.deadline(of: 3)), equals: [])
    expect(bench.deadline(of: 3), equals: told + s(70), "then only the place is freed")
  }

  @Test("the opens of MTFTP, given up session_timeout and the sum of the timeouts after the first (R17)")
  func opens() {
    var bench = DeviceBench(file: tenBlocks) {
      Self.doubled(&$0)
      $0.mode = .pxeMTFTP
    }
    bench.switchOn(at: .zero)
    // The seventh repeat would come 128 s after the sixth, but for max_timeout.
    for time in [0] + Self.doubling + [127] {
      expect(bench.deadline, equals: s(2 + time))
      expect(bench.fire(at: bench.deadline), equals: [.send(.open, leavesAt: s(2 + time))])
    }
    expect(bench.deadline, equals: s(2) + s(70) + end)
    expect(bench.fire(at: bench.deadline), equals: [.entered(.failed)])
  }

  @Test("the ACKs of MTFTP's active device, which is passive then (R18)")
  func driving() {
    var bench = DeviceBench(file: tenBlocks) {
      Self.doubled(&$0)
      $0.mode = .pxeMTFTP
    }
    bench.switchOn(at: .zero)
    bench.fire(at: s(2))
    expect(bench.hear(.data(1), at: ms(2_100)), equals: [.entered(.active), ack(1, ms(2_100) + turnaround)])
    bench.run(until: s(4))
    expect(bench.deadline, equals: ms(2_100) + turnaround + s(3))
    expect(bench.group(2, at: s(5)), equals: [ack(2, s(5) + turnaround)])
    for time in repeats {
      expect(bench.deadline, equals: s(5) + turnaround + s(time))
      expect(bench.fire(at: bench.deadline), equals: [ack(2, s(5) + turnaround + s(time))])
    }
    expect(bench.fire(at: s(5) + turnaround + end), equals: [.entered(.passive)])
  }

  @Test("no timeout grows beyond max_timeout, nor becomes shorter by it", arguments: [1, 3, 4, 64])
  func most(seconds: Int64) {
    var parameters = ProtocolParameters()
    (parameters.backoff, parameters.maxTimeout) = (3, s(seconds))
    let waits = (0...3).map { parameters.timeout(after: $0) }
    expect(waits, equals: [1, 3, 9, 27].map { s(min($0, max(1, seconds))) })
  }

  @Test("the sum of the timeouts is exact, and neither it nor a timeout overflows", arguments: UInt64(0)..<60)
  func sum(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    func magnitude() -> Nanoseconds { Nanoseconds(Int64(random.next() >> UInt64.random(in: 1...62, using: &random))) }
    var parameters = ProtocolParameters()
    parameters.timeout = max(Nanoseconds(1), magnitude())
    parameters.maxTimeout = magnitude()
    parameters.backoff = Int.random(in: 1...8, using: &random)
    parameters.retries = Int.random(in: 1...1000, using: &random)
    // The rule as it is written, in numbers that cannot overflow before they are cut.
    let most = Int128(max(parameters.timeout, parameters.maxTimeout).count)
    var (wait, sum) = (Int128(parameters.timeout.count), Int128(0))
    var waits: [Int128] = []
    for _ in 0...parameters.retries {
      waits.append(wait)
      sum += wait
      wait = parameters.backoff == 1 ? wait : min(wait * Int128(parameters.backoff), most)
    }
    expect(waits.indices.map { Int128(parameters.timeout(after: UInt32($0)).count) }, equals: waits)
    expect(parameters.patience, equals: sum)
  }
}
