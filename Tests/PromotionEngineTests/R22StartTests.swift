import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

@Suite("R22: the first session waits for devices")
struct R22StartTests {
  private func bench(
    devices: Int, within: Nanoseconds? = nil, _ adjust: (inout ProtocolParameters) -> Void = { _ in }
  ) -> ServerBench {
    ServerBench {
      var start = StartRule()
      (start.devices, start.within) = (devices, within)
      $0.start = start
      adjust(&$0)
    }
  }

  private func answer(to device: DeviceID, isActive: Bool = false, at now: Nanoseconds) -> ServerEffect {
    .unicast(acceptance(isActive: isActive), to: device, leavesAt: now + turnaround)
  }

  @Test("every request is answered with mc=0 until enough are registered, and then the first is elected")
  func byCount() {
    var bench = bench(devices: 3)
    expect(bench.hear(.request(.usual), from: 7, at: ms(1)), equals: [answer(to: 7, at: ms(1))])
    expect(bench.hear(.request(.usual), from: 2, at: ms(2)), equals: [answer(to: 2, at: ms(2))])
    expect(
      bench.hear(.request(.usual), from: 7, at: ms(3)), equals: [answer(to: 7, at: ms(3))],
      "a repeat is no other device")
    expect(bench.server.state.phase, equals: .gathering)
    expect(bench.deadline, equals: .never)
    expect(
      bench.hear(.request(.usual), from: 5, at: ms(4)),
      equals: [
        answer(to: 5, at: ms(4)), .started, .unicast(.elected, to: 7, leavesAt: ms(4) + turnaround),
      ])
    expect(bench.hear(.acknowledgment(0), from: 7, at: ms(5)).first, equals: .sessionOpened(active: 7))
    expect(bench.hear(.request(.usual), from: 8, at: ms(6)), equals: [answer(to: 8, at: ms(6))], "R2 holds")
  }

  @Test("or until the first of them has waited for long enough")
  func inTime() {
    var bench = bench(devices: 3, within: s(60))
    expect(bench.deadline, equals: .never)
    bench.hear(.request(.usual), from: 4, at: ms(100))
    bench.hear(.request(.usual), from: 3, at: s(50))
    bench.hear(.request(.usual), from: 4, at: s(55))
    expect(bench.deadline, equals: ms(60_100))
    expect(bench.fire(at: ms(60_099)), equals: [])
    expect(bench.fire(at: ms(60_100)), equals: [.started, .unicast(.elected, to: 4, leavesAt: ms(60_100))])
    expect(bench.fire(at: ms(60_100)), equals: [])
  }

  @Test("enough devices are waited for no longer, and one is enough when one is asked for")
  func atOnce() {
    var bench = bench(devices: 1, within: s(60))
    expect(
      bench.hear(.request(.usual), from: 9, at: ms(1)),
      equals: [
        answer(to: 9, at: ms(1)), .started, .unicast(.elected, to: 9, leavesAt: ms(1) + turnaround),
      ])
    expect(bench.deadline, equals: ms(1) + turnaround + s(1))
  }

  @Test("an elected device that does not answer is struck off, and the next is elected (R15); then R2 holds")
  func silent() {
    var bench = bench(devices: 2)
    bench.hear(.request(.usual), from: 1, at: .zero)
    bench.hear(.request(.usual), from: 2, at: .zero)
    let asked = turnaround + s(2)
    expect(
      bench.run(until: asked).suffix(2),
      equals: [
        .unicast(.elected, to: 1, leavesAt: asked), .unicast(.elected, to: 2, leavesAt: asked),
      ])
    bench.run(until: turnaround + s(6))
    expect(bench.server.standing(of: 1), equals: .struckOff)
    bench.run(until: s(20))
    #expect(bench.server.state.phase == .idle && bench.server.standing(of: 2) == .struckOff)
    expect(
      bench.hear(.request(.usual), from: 1, at: s(21)),
      equals: [
        .sessionOpened(active: 1), answer(to: 1, isActive: true, at: s(21)),
      ])
  }

  @Test("who reports after a silence meanwhile is told to wait, and counts once")
  func reports() {
    var bench = bench(devices: 2)
    bench.hear(.request(.usual), from: 1, at: .zero)
    expect(
      bench.hear(gapReport(missing: 10, bytes: 9_500, gaps: 1), from: 1, at: s(7)),
      equals: [.unicast(.wait, to: 1, leavesAt: s(7) + turnaround)])
    expect(bench.server.state.phase, equals: .gathering)
    expect(
      bench.hear(.request(.usual), from: 2, at: s(8)).last,
      equals: .unicast(.elected, to: 1, leavesAt: s(8) + turnaround))
  }

  @Test("all miss everything, so any order elects the first that registered", arguments: ActiveOrder.allCases)
  func order(activeOrder: ActiveOrder) {
    var bench = bench(devices: 2) { $0.activeOrder = activeOrder }
    bench.hear(.request(.usual), from: 8, at: .zero)
    expect(
      bench.hear(.request(.plain), from: 2, at: ms(1)).last,
      equals: .unicast(.elected, to: 8, leavesAt: ms(1) + turnaround))
  }

  @Test("MTFTP: no open is answered until then; then the first gets block 1, and the others are forgotten")
  func mtftp() {
    var bench = bench(devices: 2, within: s(60)) { $0.mode = .pxeMTFTP }
    expect(bench.hear(.open, from: 6, at: ms(1)), equals: [])
    expect(bench.hear(.open, from: 6, at: ms(2)), equals: [])
    let first = ms(3) + turnaround
    expect(
      bench.hear(.open, from: 4, at: ms(3)),
      equals: [
        .started, .sessionOpened(active: 6), .sessionBegan, .unicast(.data(1), to: 6, leavesAt: first),
        .multicastData(first: 1, last: 1, leavesAt: first),
      ])
    expect(bench.server.standing(of: 4), equals: .unknown)
    expect(bench.hear(.open, from: 4, at: ms(4)), equals: [])
    expect(bench.fire(at: first + s(6)), equals: [.sessionEnded(.abandoned)])
    expect(bench.hear(.open, from: 4, at: s(7)).first, equals: .sessionOpened(active: 4), "R17 holds")
  }

  @Test("MTFTP: in time")
  func mtftpInTime() {
    var bench = bench(devices: 9, within: s(5)) { $0.mode = .pxeMTFTP }
    bench.hear(.open, from: 3, at: s(1))
    expect(bench.deadline, equals: s(6))
    expect(bench.fire(at: s(6)).last, equals: .multicastData(first: 1, last: 1, leavesAt: s(6)))
    expect(bench.server.activeDevice, equals: 3)
  }
}
