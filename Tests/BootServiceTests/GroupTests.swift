import BlockTransfer
import BootService
import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

@Suite("Groups")
struct GroupTests {
  let file = FileID(rawValue: 1)
  let group = Endpoint(host: HostAddress(239, 192, 0, 1), port: 1758)
  let second = Endpoint(host: HostAddress(239, 192, 0, 2), port: 1758)

  /// A bench whose file has ten blocks of 500 bytes and an empty one.
  private func bench(_ adjust: (inout BootServerSettings) -> Void = { _ in }) -> ServerBench {
    ServerBench {
      $0.parameters.blockSize = 500
      $0.parameters.promotion.threshold = 2000
      adjust(&$0)
    }
  }

  private static func multicast(_ more: [TransferOption] = [], blockSize: UInt32 = 500) -> Packet {
    ServerBench.request([.blockSize(blockSize), .transferSize(0), .multicast(.request)] + more)
  }

  private func reply(_ host: UInt8, isActive: Bool) -> TransferOption {
    .multicast(.reply(address: "239.192.0.\(host)", port: 1758, isActive: isActive))
  }

  @Test("Who asks for promotion gets it, and drives the group")
  func promotion() {
    var bench = bench()
    let client = ServerBench.client(1)
    let answer = Packet.optionAcknowledgment([
      .blockSize(500), .transferSize(5000), reply(1, isActive: true),
      .promotion(.offer(threshold: 2000, continuity: 1, endedSessions: 0)),
    ])
    expect(bench.hear(Self.multicast([.promotion(.request)]), from: client), equals: [.packet(answer, to: client)])
    expect(bench.hear(.acknowledgment(0), from: client, at: ms(1)), equals: [.data(1...1, to: group)])
    let terms = GroupTerms(blockSize: 500, windowSize: 1, wideBlockNumbers: false)
    let layout = FileLayout(size: 5000, blockSize: 500)!
    let description = GroupDescription(
      fileName: "boot.img", layout: layout, terms: terms, mode: .rfc2090, address: group)
    expect(
      bench.events,
      equals: [
        .groupOpened(1, description), .joined(1, of: 1, client, knowsPromotion: true),
        .sessionOpened(1, session: 1, active: 1), .standing(1, of: 1, .active), .sessionBegan(1, session: 1),
        .sentToGroup(1, first: 1, last: 1, payloadBytes: 500),
      ])
  }

  @Test("Who asks for multicast alone gets the group in full, and nothing that it did not ask for")
  func rfc2090Alone() {
    var bench = bench()
    let client = ServerBench.client(1)
    let active = Packet.optionAcknowledgment([reply(1, isActive: true)])
    expect(bench.hear(ServerBench.request([.multicast(.request)]), from: client), equals: [.packet(active, to: client)])
    let passive = Packet.optionAcknowledgment([reply(1, isActive: false)])
    let other = ServerBench.client(2)
    expect(bench.hear(ServerBench.request([.multicast(.request)]), from: other), equals: [.packet(passive, to: other)])
  }

  @Test("When the active device is complete, RFC 2090's next is elected in full, and told nothing of promotion")
  func election() {
    var bench = bench()
    for host in 1...2 as ClosedRange<UInt8> {
      bench.hear(Self.multicast(), from: ServerBench.client(host))
    }
    let seen = bench.hear(.acknowledgment(11), from: ServerBench.client(1), at: ms(1))
    let elected = Packet.optionAcknowledgment([reply(1, isActive: true)])
    expect(seen, equals: [.packet(elected, to: ServerBench.client(2))])
    expect(bench.hear(.acknowledgment(3), from: ServerBench.client(2), at: ms(2)), equals: [.data(4...4, to: group)])
    #expect(bench.events.contains(.sessionEnded(1, session: 1, .complete)))
    #expect(bench.events.contains(.sessionOpened(1, session: 2, active: 2)))
    #expect(bench.events.contains(.standing(1, of: 1, .complete)))
  }

  @Test("A smaller block makes another group, with another address; a larger one does not")
  func otherTerms() {
    var bench = bench()
    bench.hear(Self.multicast(), from: ServerBench.client(1))
    let small = ServerBench.client(2)
    let answer = Packet.optionAcknowledgment([.blockSize(400), .transferSize(5000), reply(2, isActive: true)])
    expect(bench.hear(Self.multicast(blockSize: 400), from: small), equals: [.packet(answer, to: small)])
    let large = ServerBench.client(3)
    let same = Packet.optionAcknowledgment([.blockSize(500), .transferSize(5000), reply(1, isActive: false)])
    expect(bench.hear(Self.multicast(blockSize: 9000), from: large), equals: [.packet(same, to: large)])
    expect(bench.hear(.acknowledgment(0), from: small, at: ms(1)), equals: [.data(1...1, to: second)])
  }

  @Test("A report is answered in its device's group, and told")
  func report() {
    var bench = bench()
    let device = ServerBench.client(2)
    for host in 1...2 as ClosedRange<UInt8> {
      bench.hear(Self.multicast([.promotion(.request)]), from: ServerBench.client(host))
    }
    bench.hear(.acknowledgment(11), from: ServerBench.client(1), at: ms(1))
    let report = GapReport(
      missingPackets: 2, totalGapBytes: 1000, gaps: 1, largestGap: 2, chains: 0, longestChain: 0)
    let smart = Packet.optionAcknowledgment([.promotion(.smart)])
    expect(
      bench.hear(ServerBench.request([.promotion(.report(report))]), from: device, at: ms(2)),
      equals: [.packet(smart, to: device)])
    expect(bench.hear(.acknowledgment(4), from: device, at: ms(3)), equals: [.data(5...5, to: device)])
    #expect(bench.events.contains(.reported(2, of: 1, report)))
    #expect(bench.events.contains(.standing(2, of: 1, .smart)))
    expect(bench.events.last, equals: .sentToDevice(2, of: 1, block: 5, payloadBytes: 500))
    expect(bench.hear(.acknowledgment(11), from: device, at: ms(4)), equals: [])
    expect(bench.events.last, equals: .standing(2, of: 1, .complete))
  }

  @Test(
    "Without addresses, or with more blocks than 16 bits number, a device is served alone: no `multicast` comes back")
  func alone() {
    let client = ServerBench.client(1)
    let answer = Packet.optionAcknowledgment([.blockSize(500), .transferSize(5000)])
    var without = bench { $0.groups = nil }
    expect(without.hear(Self.multicast(), from: client), equals: [.packet(answer, to: client)])
    expect(without.hear(.acknowledgment(0), from: client, at: ms(1)), equals: [.data(1...1, to: client)])
    var large = bench()
    large.files["boot.img"] = .found(file, size: 500 * 70_000)
    let size = Packet.optionAcknowledgment([.blockSize(500), .transferSize(500 * 70_000)])
    expect(large.hear(Self.multicast(), from: client), equals: [.packet(size, to: client)])
  }

  @Test("With wide numbers such a file has its group")
  func wide() {
    var bench = bench { $0.parameters.wideBlockNumbers = true }
    bench.files["boot.img"] = .found(file, size: 500 * 70_000)
    let client = ServerBench.client(1)
    let answer = Packet.optionAcknowledgment([
      .blockSize(500), .transferSize(500 * 70_000), reply(1, isActive: true), .wideBlockNumbers,
    ])
    expect(bench.hear(Self.multicast([.wideBlockNumbers]), from: client), equals: [.packet(answer, to: client)])
    expect(
      bench.hear(.acknowledgment(69_999), from: client, at: ms(1), width: .bits32),
      equals: [
        .data(70_000...70_000, to: group)
      ])
  }

  @Test("A client of IPv6 is not given a group of IPv4, which it might not hear")
  func otherNetwork() throws {
    var bench = bench()
    let client = Endpoint(host: try #require(HostAddress("2001:db8::1")), port: 2070)
    let answer = Packet.optionAcknowledgment([.blockSize(500), .transferSize(5000)])
    expect(bench.hear(Self.multicast(), from: client), equals: [.packet(answer, to: client)])
  }

  @Test("Beyond the most devices, and the most groups, devices are served alone")
  func bounds() {
    var bench = bench {
      $0.mostDevices = 1
      $0.mostGroups = 1
    }
    bench.hear(Self.multicast(), from: ServerBench.client(1))
    let plain = Packet.optionAcknowledgment([.blockSize(500), .transferSize(5000)])
    expect(
      bench.hear(Self.multicast(), from: ServerBench.client(2)), equals: [.packet(plain, to: ServerBench.client(2))])
    let other = Packet.optionAcknowledgment([.blockSize(400), .transferSize(5000)])
    expect(
      bench.hear(Self.multicast(blockSize: 400), from: ServerBench.client(3)),
      equals: [.packet(other, to: ServerBench.client(3))])
  }

  @Test("A device that gives up by ERROR ends its session, and the next one drives")
  func givesUp() {
    var bench = bench()
    for host in 1...2 as ClosedRange<UInt8> { bench.hear(Self.multicast(), from: ServerBench.client(host)) }
    let seen = bench.hear(.error(code: .diskFull, message: ""), from: ServerBench.client(1), at: ms(1))
    expect(seen, equals: [.packet(.optionAcknowledgment([reply(1, isActive: true)]), to: ServerBench.client(2))])
    #expect(bench.events.contains(.left(1, of: 1, .gaveUp(.diskFull))))
    #expect(bench.events.contains(.sessionEnded(1, session: 1, .abandoned)))
  }

  @Test("A device that asks for another file leaves its group")
  func asksForOther() {
    var bench = bench()
    bench.files["other"] = .found(FileID(rawValue: 2), size: 100)
    bench.hear(Self.multicast(), from: ServerBench.client(1))
    bench.hear(ServerBench.request(file: "other"), from: ServerBench.client(1), at: ms(1))
    #expect(bench.events.contains(.left(1, of: 1, .askedForOther)))
    #expect(bench.events.contains(.sessionEnded(1, session: 1, .abandoned)))
  }

  @Test("A repeated request registers nobody twice, by whatever name the file is asked for")
  func repeated() {
    var bench = bench()
    bench.files["/boot.img"] = .found(file, size: 5000)
    let first = bench.hear(Self.multicast(), from: ServerBench.client(1))
    expect(bench.hear(Self.multicast(), from: ServerBench.client(1), at: s(1)), equals: first)
    let renamed = ServerBench.request(
      [.blockSize(500), .transferSize(0), .multicast(.request)], file: "/boot.img")
    expect(bench.hear(renamed, from: ServerBench.client(1), at: s(2)), equals: first)
    expect(bench.events.count { if case .joined = $0 { true } else { false } }, equals: 1)
  }

  @Test("Silent devices are struck off, an idle group is forgotten, and its address comes again after its rest")
  func forgotten() {
    let last = HostAddress(239, 192, 0, 1)
    var bench = bench { $0.groups = GroupAddresses(last...last, port: 1758) }
    bench.hear(Self.multicast(), from: ServerBench.client(1))
    bench.hear(Self.multicast(), from: ServerBench.client(2), at: ms(1))
    bench.hear(.acknowledgment(0), from: ServerBench.client(1), at: ms(2))
    let seen = bench.wait(until: s(80))
    expect(seen.last, equals: .released(file))
    #expect(bench.events.contains(.standing(1, of: 1, .struckOff)))
    #expect(bench.events.contains(.standing(2, of: 1, .struckOff)))
    expect(bench.events.last, equals: .groupClosed(1))
    let plain = Packet.optionAcknowledgment([.blockSize(500), .transferSize(5000)])
    expect(
      bench.hear(Self.multicast(), from: ServerBench.client(3)), equals: [.packet(plain, to: ServerBench.client(3))])
    let answer = Packet.optionAcknowledgment([.blockSize(500), .transferSize(5000), reply(1, isActive: true)])
    let again = bench.hear(Self.multicast(), from: ServerBench.client(4), at: s(200))
    expect(again, equals: [.packet(answer, to: ServerBench.client(4))])
  }

  @Test(
    "A group of which nobody ever answers is gone as soon as its devices are: forged requests take no address for long")
  func forged() {
    var bench = bench { $0.mostGroups = 2 }
    for size in [8, 9] as [UInt32] { bench.hear(Self.multicast(blockSize: size), from: ServerBench.client(1)) }
    bench.wait(until: s(15))
    expect(bench.events.last, equals: .groupClosed(2))
    expect(bench.server.deadline, equals: .never)
  }

  @Test("When the server stops, the devices that are not complete are told why")
  func stops() {
    var bench = bench()
    for host in 1...3 as ClosedRange<UInt8> { bench.hear(Self.multicast(), from: ServerBench.client(host)) }
    bench.hear(.acknowledgment(11), from: ServerBench.client(1), at: ms(1))
    bench.hear(.acknowledgment(0), from: ServerBench.client(2), at: ms(2))
    var effects: [BootServerEffect] = []
    bench.server.stop(saying: "the server stops", at: ms(3), into: &effects)
    let error = Packet.error(code: .undefined, message: "the server stops")
    expect(
      bench.seen(effects),
      equals: [
        .packet(error, to: ServerBench.client(2)), .packet(error, to: ServerBench.client(3)), .released(file),
      ])
    expect(bench.events.suffix(2), equals: [.sessionEnded(1, session: 2, .abandoned), .groupClosed(1)])
    expect(bench.server.deadline, equals: .never)
  }
}
