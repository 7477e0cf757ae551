import BlockTransfer
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionEngine

@Suite("R4, R7, R8: the server in a session")
struct R04SessionTests {
  private func session(_ adjust: (inout ProtocolParameters) -> Void = { _ in }) -> ServerBench {
    var bench = ServerBench(adjust)
    bench.hear(.request(.any), from: 1, at: .zero)
    bench.hear(.request(.any), from: 2, at: .zero)
    return bench
  }

  private func data(_ first: BlockNumber, _ last: BlockNumber, _ now: Nanoseconds) -> ServerEffect {
    .multicastData(first: first, last: last, leavesAt: now + turnaround)
  }

  @Test(
    "ACK(a) is answered with the window after a, which ends with the file",
    arguments: [
      (window: UInt32(1), ack: BlockNumber(0), first: BlockNumber(1), last: BlockNumber(1)), (1, 9, 10, 10),
      (4, 0, 1, 4), (4, 5, 6, 9), (4, 6, 7, 10), (4, 8, 9, 10), (.max, 3, 4, 10),
    ]
  )
  func window(window: UInt32, ack: BlockNumber, first: BlockNumber, last: BlockNumber) {
    var bench = session { $0.windowSize = window }
    expect(bench.hear(.acknowledgment(ack), from: 1, at: ms(1)), equals: [.sessionBegan, data(first, last, ms(1))])
  }

  @Test("every ACK of the active device is answered, the same one too; the session begins once")
  func everyAcknowledgment() {
    var bench = session()
    expect(bench.hear(.acknowledgment(0), from: 1, at: ms(1)), equals: [.sessionBegan, data(1, 1, ms(1))])
    expect(bench.hear(.acknowledgment(0), from: 1, at: ms(2)), equals: [data(1, 1, ms(2))])
    expect(bench.hear(.acknowledgment(7), from: 1, at: ms(3)), equals: [data(8, 8, ms(3))])
    expect(bench.hear(.acknowledgment(2), from: 1, at: ms(4)), equals: [data(3, 3, ms(4))])
  }

  @Test("ACK(n) ends the session when it arrives")
  func end() {
    var bench = session()
    bench.hear(.acknowledgment(0), from: 1, at: ms(1))
    expect(
      bench.hear(.acknowledgment(10), from: 1, at: ms(2)),
      equals: [.sessionEnded(.complete), .multicast(.check(session: 1), leavesAt: ms(2) + turnaround)])
    expect(bench.server.sessionsEnded, equals: 1)
    #expect(bench.server.activeDevice == nil)
  }

  @Test("an ACK beyond the file is no ACK(n)")
  func beyond() {
    var bench = session()
    expect(bench.hear(.acknowledgment(11), from: 1, at: ms(1)), equals: [])
    expect(bench.hear(.acknowledgment(.max), from: 1, at: ms(1)), equals: [])
    expect(bench.server.activeDevice, equals: 1)
  }

  @Test("the session is abandoned when nothing was heard from the active device for session_timeout")
  func abandoned() {
    var bench = session()
    bench.hear(.acknowledgment(0), from: 1, at: ms(1))
    bench.hear(.request(.usual), from: 3, at: s(3))
    expect(bench.deadline, equals: ms(1) + s(6))
    expect(bench.fire(at: ms(1) + s(6) - Nanoseconds(1)), equals: [])
    expect(
      bench.fire(at: ms(1) + s(6)),
      equals: [.sessionEnded(.abandoned), .multicast(.check(session: 1), leavesAt: ms(1) + s(6))])
    expect(bench.server.sessionsEnded, equals: 1)
    #expect(bench.server.activeDevice == nil)
  }

  @Test(
    "any word of the active device keeps the session",
    arguments: [Message.request(.usual), .acknowledgment(3), .acknowledgment(99), gapReport(missing: 3)]
  )
  func anyWord(word: Message) {
    var bench = session()
    bench.hear(.acknowledgment(0), from: 1, at: ms(1))
    bench.hear(word, from: 1, at: s(5))
    expect(bench.deadline, equals: s(11))
    expect(bench.fire(at: s(7)), equals: [])
  }

  @Test(
    "an active device that never sent its first ACK is given up session_timeout after its request, however often it repeats it",
    arguments: [0, 5])
  func neverBegan(repeats: Int64) {
    var bench = ServerBench()
    bench.hear(.request(.usual), from: 1, at: .zero)
    for number in 0..<repeats { bench.hear(.request(.usual), from: 1, at: s(1 + number)) }
    expect(bench.deadline, equals: s(6))
    expect(bench.fire(at: s(6)).first, equals: .sessionEnded(.abandoned))
    expect(bench.server.sessionsEnded, equals: 1)
  }
}

@Suite("R8a: struck off, and ACKs of others")
struct R08aStruckOffTests {
  /// Device 1 was struck off with its session at 6 s, device 2 waits for the check.
  private func abandoned() -> ServerBench {
    var bench = ServerBench()
    bench.hear(.request(.usual), from: 1, at: .zero)
    bench.hear(.request(.usual), from: 2, at: .zero)
    bench.fire(at: s(6))
    return bench
  }

  @Test("the check does not wait for a device that was struck off, nor elects it")
  func notWaitedFor() {
    var bench = abandoned()
    expect(
      bench.hear(gapReport(missing: 3), from: 2, at: s(7)),
      equals: [
        .unicast(.wait, to: 2, leavesAt: s(7) + turnaround), .unicast(.elected, to: 2, leavesAt: s(7) + turnaround),
      ])
    #expect(!bench.run(until: s(60)).contains { if case .unicast(_, to: 1, _) = $0 { true } else { false } })
  }

  @Test("its request registers it anew, at the end of the order")
  func registersAnew() {
    var bench = abandoned()
    bench.hear(.request(.usual), from: 3, at: s(7))
    expect(
      bench.hear(.request(.usual), from: 1, at: s(7)),
      equals: [.unicast(acceptance(isActive: false, ended: 1), to: 1, leavesAt: s(7) + turnaround)])
    expect(
      bench.hear(.acknowledgment(10), from: 2, at: s(8)),
      equals: [.unicast(.elected, to: 3, leavesAt: s(8) + turnaround)])
    expect(
      bench.hear(.acknowledgment(10), from: 3, at: s(9)),
      equals: [.unicast(.elected, to: 1, leavesAt: s(9) + turnaround)])
  }

  @Test("its report re-admits it at its old place")
  func readmits() {
    var bench = abandoned()
    expect(
      bench.hear(gapReport(missing: 3), from: 1, at: s(7)),
      equals: [.unicast(.wait, to: 1, leavesAt: s(7) + turnaround)])
    let effects = bench.hear(gapReport(missing: 3), from: 2, at: s(8))
    expect(effects.last, equals: .unicast(.elected, to: 1, leavesAt: s(8) + turnaround))
  }

  @Test("its ACK(n) completes it")
  func completes() {
    var bench = abandoned()
    expect(bench.hear(.acknowledgment(10), from: 1, at: s(7)), equals: [])
    let effects = bench.hear(.acknowledgment(10), from: 2, at: s(8))
    expect(effects, equals: [])
    expect(bench.hear(.request(.usual), from: 3, at: s(9)).first, equals: .sessionOpened(active: 3))
  }

  @Test("any other ACK of one that is neither active, elected nor smart is answered with a check")
  func otherAcknowledgments() {
    var bench = abandoned()
    for device in [1, 2, 7] as [DeviceID] {
      expect(
        bench.hear(.acknowledgment(4), from: device, at: s(7)),
        equals: [.unicast(.check(session: 1), to: device, leavesAt: s(7) + turnaround)])
    }
    bench.hear(.acknowledgment(10), from: 2, at: s(8))
    expect(
      bench.hear(.acknowledgment(4), from: 2, at: s(9)),
      equals: [.unicast(.check(session: 1), to: 2, leavesAt: s(9) + turnaround)])
  }

  @Test("such an ACK is answered at most once a second, for each device, by the k of then")
  func onceASecond() {
    var bench = abandoned()
    let answered = { (device: DeviceID, k: UInt32, now: Nanoseconds) -> [ServerEffect] in
      [.unicast(.check(session: k), to: device, leavesAt: now + turnaround)]
    }
    expect(bench.hear(.acknowledgment(4), from: 1, at: s(7)), equals: answered(1, 1, s(7)))
    expect(bench.hear(.acknowledgment(4), from: 1, at: s(7)), equals: [], "an ask for several blocks at once")
    expect(bench.hear(.acknowledgment(4), from: 2, at: s(7)), equals: answered(2, 1, s(7)), "another device")
    expect(bench.hear(.acknowledgment(4), from: 1, at: s(8) - Nanoseconds(1)), equals: [])
    expect(bench.hear(.acknowledgment(4), from: 1, at: s(8)), equals: answered(1, 1, s(8)))
    expect(bench.hear(.acknowledgment(4), from: 1, at: s(9) - Nanoseconds(1)), equals: [], "it counts from the answer")

    // What the limit keeps back changes nothing else: reports, ACK(n) and requests are answered as ever.
    bench.hear(gapReport(missing: 1), from: 2, at: s(9))
    expect(bench.server.standing(of: 2), equals: .elected)
    expect(bench.hear(.acknowledgment(10), from: 1, at: s(9)), equals: [])
    expect(bench.hear(.request(.usual), from: 1, at: s(9)).count, equals: 1)
    expect(bench.hear(.acknowledgment(0), from: 1, at: s(31)).first, equals: answered(1, 1, s(31)).first)
  }

  @Test("the limit holds to the end of time", arguments: [Nanoseconds(.max - 20_000), Nanoseconds(.min)])
  func limitAtTheEnds(now: Nanoseconds) {
    var bench = ServerBench()
    expect(bench.hear(.acknowledgment(4), from: 7, at: now).count, equals: 1)
    expect(bench.hear(.acknowledgment(4), from: 7, at: now), equals: [])
  }

  @Test("a device that did not ask for promotion hears that it is not active, in full and without the option")
  func withoutTheOption() throws {
    var bench = ServerBench()
    bench.hear(.request(.plain), from: 1, at: .zero)
    bench.fire(at: s(6))
    expect(
      bench.hear(.acknowledgment(4), from: 1, at: s(7)),
      equals: [.unicast(.notActive, to: 1, leavesAt: s(7) + turnaround)])
    expect(bench.hear(.acknowledgment(4), from: 1, at: s(7)), equals: [])
    expect(
      Message.notActive.packet(in: WireContext(parameters: ProtocolParameters())),
      equals: .optionAcknowledgment([.multicast(.reply(address: "239.192.0.1", port: 1_758, isActive: false))]))
  }

  @Test("an unknown device's ACK(n) and report leave nobody waiting")
  func unknownDevice() {
    var bench = ServerBench()
    expect(bench.hear(.acknowledgment(10), from: 7, at: ms(1)), equals: [])
    expect(bench.hear(gapReport(missing: 3), from: 7, at: ms(2)), equals: [])
    expect(bench.hear(.request(.usual), from: 1, at: ms(3)).first, equals: .sessionOpened(active: 1))
  }

  @Test("an active device that is asked by unicast is passive again, and reports at once")
  func activeIsAsked() {
    var bench = DeviceBench.accepted(active: true)
    bench.group(1, at: ms(2))
    let report = bench.report()
    expect(
      bench.hear(.check(session: 1), at: ms(3)),
      equals: [.entered(.passive), bench.checked, .send(report, leavesAt: ms(3) + turnaround)])
    expect(bench.role, equals: .passive)
    expect(bench.notice(1, at: ms(4)), equals: [], "it has heard of session 1")
  }

  @Test("a smart device that is asked by unicast is passive again, and reports at once, whatever the report window")
  func smartIsAsked() {
    var bench = DeviceBench.smart(missing: [3, 5]) { $0.promotion.reportWindow = s(2) }
    expect(
      bench.hear(.check(session: 1), at: ms(4)),
      equals: [.entered(.passive), bench.checked, .send(bench.report(), leavesAt: ms(4) + turnaround)])
    expect(bench.role, equals: .passive)
  }

  @Test(
    "one that hears that it is not active falls back; an active one has been relieved, and waits for the notice (R23)",
    arguments: [true, false])
  func isNotActive(wasActive: Bool) {
    var bench = wasActive ? DeviceBench.accepted(active: true) : .smart(missing: [3, 5])
    let effects = bench.hear(.notActive, at: ms(4))
    let check = [bench.checked, .send(bench.report(), leavesAt: ms(4) + turnaround)]
    expect(effects, equals: [.entered(.passive)] + (wasActive ? [] : check))
    expect(bench.role, equals: .passive)
    let before = bench.device
    expect(bench.hear(.notActive, at: ms(5)), equals: [], "it is passive already")
    expect(bench.hear(.notActive, by: .multicast, at: ms(5)), equals: [], "no word for the group")
    expect(bench.device.state, equals: before.state)
  }

  @Test("a notice to the group does not move an active or smart device, but it has heard it")
  func noticeToBusy() {
    for var bench in [DeviceBench.accepted(active: true), .smart(missing: [3])] {
      let role = bench.role
      expect(bench.notice(4, at: ms(5)), equals: [])
      expect(bench.role, equals: role)
      bench.hear(.check(session: 4), at: ms(6))
      expect(bench.notice(4, at: ms(7)), equals: [])
      expect(bench.notice(5, at: ms(8)).first, equals: bench.checked)
    }
  }

  @Test("any other OACK that a role does not wait for is ignored")
  func ignored() {
    let grants: [Message] = [.smart, .wait, .elected, acceptance(isActive: true)]
    for bench in [DeviceBench.accepted(active: true), .smart(missing: [3])] {
      for grant in grants {
        var bench = bench
        let before = bench.device
        expect(bench.hear(grant, at: ms(5)), equals: [])
        expect(bench.device, equals: before)
      }
    }
    var joining = DeviceBench()
    joining.switchOn(at: .zero)
    let before = joining.device
    for message in [.smart, .wait, .elected, .check(session: 3), .notActive] as [Message] {
      expect(joining.hear(message, at: ms(1)), equals: [])
    }
    expect(joining.device, equals: before)
  }

  @Test(
    "OACKs that are for one device are ignored when they come over the group",
    arguments: [Message.smart, .elected]
  )
  func grantsToGroup(grant: Message) {
    var bench = DeviceBench.passive(missing: [3])
    expect(bench.hear(grant, by: .multicast, at: ms(5)), equals: [])
    expect(bench.role, equals: .passive)
  }
}
