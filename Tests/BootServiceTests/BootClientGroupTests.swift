import BlockTransfer
import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import BootService

@Suite("A client in a group")
struct BootClientGroupTests {
  let content = (0..<40).map { UInt8($0) }

  private func inGroup(
    _ mode: ClientMode = .auto, isActive: Bool, threshold: UInt64? = 100
  ) -> ClientBench {
    var bench = ClientBench(mode)
    bench.begin()
    bench.receive(.optionAcknowledgment(.grant(size: 40, isActive: isActive, threshold: threshold)))
    _ = bench.takeSent()
    return bench
  }

  @Test("Nothing that makes the server send leaves before the group is joined")
  func joinsFirst() {
    var bench = ClientBench()
    bench.joinsAtOnce = false
    bench.begin()
    _ = bench.takeSent()
    bench.receive(.optionAcknowledgment(.grant(size: 40)))
    expect(bench.joins, equals: [ClientBench.group])
    #expect(bench.sent.isEmpty)
    expect(bench.client.deadline, equals: .never)
    bench.joined()
    expect(bench.takeSent().map(\.packet), equals: [.acknowledgment(0)])
    #expect(bench.events.contains(.joined(ClientBench.group)))
  }

  @Test("The group of a server of RFC 2090 may have a socket of its own")
  func active() {
    var bench = inGroup(isActive: true, threshold: nil)
    for block in BlockNumber(1)...3 {
      let sender = Endpoint(host: ClientBench.server.host, port: 5000)
      bench.receive(block: block, of: content, from: sender, by: .multicast)
    }
    expect(bench.takeSent().map(\.packet), equals: (BlockNumber(1)...3).map { .acknowledgment($0) })
    expect(bench.written, equals: content)
    expect(bench.leaves, equals: [ClientBench.group])
    expect(bench.outcome, equals: .complete)
    expect(bench.client.counts.multicastBlocks, equals: 3)
  }

  @Test("Another server of the same host, with another file in the same group, is not heard", arguments: [100, nil])
  func otherServer(threshold: UInt64?) {
    var bench = inGroup(isActive: true, threshold: threshold)
    let other = Endpoint(host: ClientBench.server.host, port: 6969)
    bench.receive(block: 1, of: content, by: .multicast)
    for block in BlockNumber(2)...3 {
      bench.receive(block: block, of: content.map { ~$0 }, from: other, by: .multicast)
      bench.receive(block: block, of: content, by: .multicast)
    }
    bench.receive(.optionAcknowledgment([.promotion(.check(session: 1))]), from: other, by: .multicast)
    expect(bench.written, equals: content)
    expect(bench.outcome, equals: .complete)
    #expect(!bench.events.contains(.sessionEnded(1)))
    expect(bench.client.counts.strangers, equals: 3)
  }

  @Test("A server of promotion is told apart from the first packet on")
  func otherServerFirst() {
    var bench = inGroup(isActive: true)
    let other = Endpoint(host: ClientBench.server.host, port: 6969)
    bench.receive(block: 1, of: content.map { ~$0 }, from: other, by: .multicast)
    for block in BlockNumber(1)...3 { bench.receive(block: block, of: content, by: .multicast) }
    expect(bench.written, equals: content)
  }

  @Test("DATA of the wrong length, of a block outside the file, or of another host is dropped")
  func wrongData() {
    var bench = inGroup(isActive: true)
    for bytes in [0, 15, 17] {
      bench.receive(.data(block: 1, payload: ArraySlice(repeating: 9, count: bytes)), by: .multicast)
    }
    bench.receive(.data(block: 0, payload: content[..<16]), by: .multicast)
    bench.receive(.data(block: 4, payload: content[..<16]), by: .multicast)
    let stranger = Endpoint(host: HostAddress(192, 0, 2, 66), port: 69)
    bench.receive(block: 1, of: content, from: stranger, by: .multicast)
    #expect(bench.file.isEmpty)
    #expect(bench.sent.isEmpty)
    expect(bench.client.counts.malformed, equals: 5)
    expect(bench.client.counts.strangers, equals: 1)
  }

  @Test("A passive device checks itself, is promoted, and fetches what it misses")
  func promoted() {
    var bench = inGroup(isActive: false)
    for block in [1, 3] as [BlockNumber] { bench.receive(block: block, of: content, by: .multicast) }
    bench.receive(.optionAcknowledgment([.promotion(.check(session: 1))]), by: .multicast)
    let report = GapReport(
      missingPackets: 1, totalGapBytes: 16, gaps: 1, largestGap: 1, chains: 0, longestChain: 0)
    expect(bench.takeRequest(), equals: [.promotion(.report(report))])
    #expect(bench.events.contains(.sessionEnded(1)))
    #expect(bench.events.contains(.checked(report)))
    bench.receive(.optionAcknowledgment([.promotion(.smart)]))
    expect(bench.takeSent().map(\.packet), equals: [.acknowledgment(1)])
    bench.receive(block: 2, of: content)
    expect(bench.takeSent().map(\.packet), equals: [.acknowledgment(3)])
    expect(bench.written, equals: content)
    expect(bench.outcome, equals: .complete)
    expect(bench.client.counts.unicastBlocks, equals: 1)
  }

  @Test("A passive device that is complete waits for its check, and for a while answers who did not hear it")
  func dallies() {
    var bench = inGroup(isActive: false)
    for block in BlockNumber(1)...3 { bench.receive(block: block, of: content, by: .multicast) }
    #expect(bench.events.contains(.completed(size: 40)))
    #expect(bench.outcome == nil)
    bench.receive(.optionAcknowledgment([.promotion(.check(session: 1))]), by: .multicast)
    expect(bench.takeSent().map(\.packet), equals: [.acknowledgment(3)])
    bench.receive(.optionAcknowledgment([.promotion(.check(session: 1))]))
    expect(bench.takeSent().map(\.packet), equals: [.acknowledgment(3)])
    #expect(bench.outcome == nil)
    bench.wait()
    expect(bench.outcome, equals: .complete)
    expect(bench.now, equals: .seconds(2))
  }

  @Test(
    "Servers of RFC 2090 make it the active device by an OACK of any form",
    arguments: [
      [.multicast(.reply(address: nil, port: nil, isActive: true))],
      [.multicast(.reply(address: "239.192.0.1", port: 1758, isActive: true))],
      [.blockSize(16), .multicast(.reply(address: "239.192.0.1", port: 1758, isActive: true))],
      [.blockSize(16), .transferSize(0), .multicast(.reply(address: nil, port: nil, isActive: true))],
      [.blockSize(16), .transferSize(40), .multicast(.reply(address: "239.192.0.1", port: 1758, isActive: true))],
    ] as [[TransferOption]])
  func elected(options: [TransferOption]) {
    var bench = inGroup(isActive: false, threshold: nil)
    bench.receive(block: 1, of: content, by: .multicast)
    bench.receive(.optionAcknowledgment(Options(options)))
    expect(bench.takeSent().map(\.packet), equals: [.acknowledgment(1)])
    expect(bench.client.role, equals: .active)
  }

  @Test(
    "What a server says to a device that it knows means nothing to one that lost its first OACK (R8a)",
    arguments: [
      .multicast(.reply(address: "239.192.0.1", port: 1758, isActive: true)),
      .multicast(.reply(address: "239.192.0.1", port: 1758, isActive: false)),
      .promotion(.check(session: 1)), .promotion(.smart), .promotion(.wait),
    ] as [TransferOption])
  func lostItsFirstAnswer(option: TransferOption) {
    var bench = ClientBench()
    bench.begin()
    _ = bench.takeSent()
    bench.receive(.optionAcknowledgment([option]))
    #expect(bench.takeSent().isEmpty)
    #expect(bench.outcome == nil)
    bench.receive(.optionAcknowledgment(.grant(size: 40, isActive: true, threshold: 100)))
    expect(bench.takeSent().map(\.packet), equals: [.acknowledgment(0)])
  }

  @Test("A server that does not tell the size, or echoes 0, is asked for it alone", arguments: [nil, 0])
  func asksForSize(told: UInt64?) {
    var bench = ClientBench()
    bench.begin()
    _ = bench.takeSent()
    bench.receive(.optionAcknowledgment(.grant(size: told, threshold: nil)))
    #expect(bench.joins.isEmpty)
    expect(bench.takeRequest(), equals: [.blockSize(16), .transferSize(0)])
    bench.receive(.optionAcknowledgment([.blockSize(16), .transferSize(40)]))
    expect(bench.takeRequest()?.multicast, equals: .request)
    bench.receive(.optionAcknowledgment(.grant(size: told, threshold: nil)))
    expect(bench.joins, equals: [ClientBench.group])
    expect(bench.client.file?.size, equals: 40)
  }

  @Test("Who knows the size need not ask")
  func knowsSize() {
    var bench = ClientBench(size: 40)
    bench.begin()
    bench.receive(.optionAcknowledgment(.grant(size: nil, threshold: nil)))
    expect(bench.client.file?.size, equals: 40)
  }

  @Test("A file of more than 65 535 blocks needs wide numbers; without them it comes by unicast (R21)")
  func wideNumbers() {
    let size: UInt64 = 16 * 65_535
    var bench = ClientBench()
    bench.begin()
    _ = bench.takeSent()
    bench.receive(.optionAcknowledgment([.blockSize(16), .transferSize(size)]))
    expect(bench.takeRequest()?.blockNumberWidth, equals: .bits32)
    var lucky = bench
    lucky.receive(.optionAcknowledgment(.grant(size: size, isWide: true)))
    expect(lucky.takeSent().map(\.packet), equals: [.acknowledgment(0)])
    lucky.receive(.data(block: 65_536, payload: []), by: .multicast, width: .bits32)
    expect(lucky.client.gaps.missing, equals: 65_535)

    bench.receive(.optionAcknowledgment(.grant(size: size)))
    expect(
      bench.takeRequest(),
      equals: [
        .blockSize(16), .transferSize(0), .timeout(seconds: 1), .windowSize(1), .wideBlockNumbers,
      ])
    bench.receive(.optionAcknowledgment([.blockSize(16), .transferSize(size)]))
    expect(bench.client.terms?.way, equals: .tftp)
  }

  @Test("A group that can't be joined: unicast, or the end for who wants multicast alone")
  func notJoined() {
    for mode in [ClientMode.auto, .promotion] {
      var bench = ClientBench(mode)
      bench.joinsAtOnce = false
      bench.begin()
      bench.receive(.optionAcknowledgment(.grant(size: 40)))
      _ = bench.takeSent()
      bench.notJoined()
      guard case .error = bench.sent.first?.packet else { Issue.record("no ERROR"); return }
      if mode == .auto {
        #expect(bench.takeRequest()?.multicast == nil)
      } else {
        expect(bench.outcome, equals: .failed(.notJoined("join: no route")))
      }
    }
  }

  @Test("When nothing of the group ever arrives the file comes by unicast")
  func deafToTheGroup() {
    var bench = inGroup(isActive: true)
    for _ in 0..<6 { bench.wait() }
    let request = bench.takeRequest()
    #expect(request != nil)
    #expect(request?.multicast == nil)
    bench.receive(.optionAcknowledgment([.blockSize(16), .transferSize(40)]))
    for block in BlockNumber(1)...3 { bench.receive(block: block, of: content) }
    expect(bench.outcome, equals: .complete)
    expect(bench.written, equals: content)
  }

  @Test("Ended by its user while it waits for the group, a complete client has its file")
  func cancelledWhenComplete() {
    var bench = inGroup(isActive: false)
    for block in BlockNumber(1)...3 { bench.receive(block: block, of: content, by: .multicast) }
    bench.cancel()
    expect(bench.outcome, equals: .complete)
    #expect(bench.sent.isEmpty)
  }

  @Test("When the group falls silent after its first block the download fails")
  func silence() {
    var bench = inGroup(isActive: true)
    bench.receive(block: 1, of: content, by: .multicast)
    for _ in 0..<7 where bench.outcome == nil { bench.wait() }
    expect(bench.outcome, equals: .failed(.silent))
  }

  @Test("ERROR ends a device that is not complete, and means nothing to one that is")
  func errors() {
    var bench = inGroup(isActive: false)
    var complete = bench
    bench.receive(error: .undefined, "the server ends")
    expect(bench.outcome, equals: .failed(.refused(.undefined, message: "the server ends")))
    for block in BlockNumber(1)...3 { complete.receive(block: block, of: content, by: .multicast) }
    complete.receive(error: .undefined)
    #expect(complete.outcome == nil)
  }

  @Test("MTFTP negotiates nothing: it listens, opens, and drives (R17, R18)")
  func mtftp() {
    var bench = ClientBench(.mtftp(MTFTPTerms(group: ClientBench.group, size: 40)))
    bench.begin()
    expect(bench.joins, equals: [ClientBench.group])
    #expect(bench.sent.isEmpty)
    bench.wait()
    expect(bench.takeRequest(), equals: [])
    bench.receive(block: 1, of: content)
    bench.receive(block: 1, of: content, by: .multicast)
    for block in BlockNumber(2)...3 { bench.receive(block: block, of: content, by: .multicast) }
    expect(bench.takeSent().map(\.packet), equals: (BlockNumber(1)...3).map { .acknowledgment($0) })
    #expect(bench.takeSent().allSatisfy { $0.to == ClientBench.peer })
    expect(bench.written, equals: content)
    expect(bench.outcome, equals: .complete)
  }

  @Test("MTFTP with a server that knows only plain TFTP ends some time")
  func noMTFTP() {
    var bench = ClientBench(.mtftp(MTFTPTerms(group: ClientBench.group, size: 40)))
    bench.begin()
    for _ in 0..<1000 where bench.outcome == nil {
      bench.wait()
      if bench.takeRequest() != nil { bench.receive(block: 1, of: content) }
    }
    expect(bench.outcome, equals: .failed(.nothingOfGroup(ClientBench.group)))
    #expect(bench.now <= .seconds(80))
  }

  @Test("A passive device of MTFTP has nobody to tell that it is complete")
  func passiveMTFTP() {
    var bench = ClientBench(.mtftp(MTFTPTerms(group: ClientBench.group, size: 40)))
    bench.begin()
    for block in BlockNumber(1)...3 { bench.receive(block: block, of: content, by: .multicast) }
    #expect(bench.sent.isEmpty)
    expect(bench.outcome, equals: .complete)
  }
}

extension BootClientGroupTests {
  @Test("A server with a port for each client repeats by itself first; one without leaves that to the client")
  func precedence() {
    for (sender, timeout) in [(ClientBench.peer, Nanoseconds.milliseconds(1500)), (ClientBench.server, .seconds(1))] {
      var group = ClientBench(.rfc2090)
      group.begin()
      group.receive(.optionAcknowledgment(.grant(size: 40, threshold: nil)), from: sender)
      expect(group.client.deadline, equals: timeout)
      var plain = ClientBench()
      plain.begin()
      plain.receive(.optionAcknowledgment([.blockSize(16), .transferSize(40)]), from: sender)
      expect(plain.client.deadline, equals: timeout)
    }
  }
}
