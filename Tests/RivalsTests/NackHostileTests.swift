import BlockTransfer
import Network
import PromotionEngine
import RandomStreams
import TestSupport
import Testing
import Timebase

@testable import Rivals
@testable import Runs

/// Messages that no end sends: nothing traps, and nothing is believed that cannot be.
@Suite struct NackHostileTests {
  private func settings(_ strategy: StrategyName, blocks: UInt64 = 100) throws -> NackSettings {
    try NackSettings(world(strategy, blocks: blocks, [Cohort(name: "a", count: 3)]))
  }

  @Test func rangesThatTheFileDoesNotHaveAreIgnored() throws {
    var requests = RepairRequests(blocks: 100, groups: nil)
    requests.add(
      .ranges([
        Gap(first: 0, last: 5), Gap(first: 7, last: 6), Gap(first: 100, last: 101), Gap(first: .max, last: .max),
        Gap(first: .max, last: 0), Gap(first: 1, last: .max),
      ]))
    requests.add(.shortages([Shortage(group: 0, count: 1)]))
    #expect(requests.isEmpty)
    requests.add(.ranges([Gap(first: 100, last: 100), Gap(first: 3, last: 5)]))
    requests.add(.ranges([Gap(first: 5, last: 6), Gap(first: 1, last: 1)]))
    #expect(!requests.isEmpty)
    expect(requests.take(), equals: [Gap(first: 1, last: 1), Gap(first: 3, last: 6), Gap(first: 100, last: 100)])
    #expect(requests.isEmpty && requests.take() == [])
  }

  @Test func groupsThatTheFileDoesNotHaveAreIgnoredAndNobodyNeedsMoreThanAGroup() throws {
    let groups = ErasureGroups(blocks: 45, size: 20)
    var requests = RepairRequests(blocks: 45, groups: groups)
    requests.add(
      .shortages([Shortage(group: 3, count: 1), Shortage(group: .max, count: .max), Shortage(group: 0, count: 0)]))
    requests.add(.ranges([Gap(first: 1, last: 1)]))
    #expect(requests.isEmpty)
    requests.add(
      .shortages([Shortage(group: 1, count: 2), Shortage(group: 2, count: .max), Shortage(group: 1, count: 1)]))
    expect(requests.take(), equals: [Gap(first: 66, last: 67), Gap(first: 86, last: 90)])
  }

  @Test func theLargestFileWithParityPacketsHasNumbersForThem() {
    let groups = ErasureGroups(blocks: ErasureGroups.mostBlocks, size: .max)
    #expect(groups.count == 1 && groups.blocks(of: 0) == Gap(first: 1, last: ErasureGroups.mostBlocks))
    expect(groups.parities(ErasureGroups.mostBlocks, of: 0).last, equals: BlockNumber.max - 1)
    var gaps = GapMap(blocks: ErasureGroups.mostBlocks)
    #expect(groups.fill(.max - 1, through: .max, in: &gaps) == GapMap.Filled(count: 1, last: .max - 1))
  }

  /// Each sequence of messages with extreme numbers, at extreme instants, leaves the server able to end.
  @Test(arguments: [StrategyName.nack, .nackFEC])
  func noMessageTrapsTheServer(strategy: StrategyName) throws {
    let settings = try settings(strategy)
    let instants = [Nanoseconds(.min), Nanoseconds(-1), .zero, Nanoseconds(1), .seconds(3), Nanoseconds(.max)]
    let numbers: [UInt32] = [0, 1, 2, 100, 101, .max]
    var messages: [NackMessage] = [
      .register, .data(.max), .confirm(sentAt: .never, hasBegun: true), .ask(Ask(number: .max, sentAt: .never)),
    ]
    for instant in instants { messages.append(.confirmed(sentAt: instant)) }
    for (instant, number) in zip(instants, numbers) {
      for held in instants {
        let ask = Ask(number: number, sentAt: instant)
        messages.append(.report(NackReport(ask: ask, held: held, content: .ranges([Gap(first: number, last: .max)]))))
        messages.append(
          .report(NackReport(ask: ask, held: held, content: .shortages([Shortage(group: number, count: .max)]))))
      }
    }
    var server = NackServer(settings, devices: 3)
    var effects: [NackServer.Effect] = []
    var now = Nanoseconds.zero
    for (index, message) in messages.enumerated() {
      server.receive(message, from: DeviceID(index % 5), at: now, into: &effects)
      if server.deadline != .never {
        now = max(now, server.deadline)
        server.fire(at: now, into: &effects)
      }
    }
    var steps = 0
    while server.deadline != .never, steps < 10_000 {
      now = max(now, server.deadline)
      server.fire(at: now, into: &effects)
      steps += 1
    }
    expect(server.deadline, equals: .never)
    #expect(server.roundTrip.map { $0 <= .seconds(6) } ?? true)
  }

  @Test(arguments: [StrategyName.nack, .nackFEC])
  func noMessageTrapsADevice(strategy: StrategyName) throws {
    let settings = try settings(strategy, blocks: 10)
    var device = NackDevice(blocks: settings.file.blocks)
    var effects: [NackDevice.Effect] = []
    device.receive(.ask(Ask(number: 1, sentAt: .zero)), at: .zero, answersAt: .zero, settings, into: &effects)
    #expect(effects.isEmpty && device.isOff)
    device.switchOn(at: .zero, settings, into: &effects)
    let messages: [NackMessage] = [
      .confirm(sentAt: .never, hasBegun: false), .register, .confirmed(sentAt: Nanoseconds(.min)),
      .ask(Ask(number: .max, sentAt: .never)), .ask(Ask(number: 0, sentAt: Nanoseconds(.min))), .data(0),
    ]
    for message in messages { device.receive(message, at: .zero, answersAt: .zero, settings, into: &effects) }
    guard case .onlyListens(let proof) = device.hearing else {
      Issue.record("it does not listen")
      return
    }
    for (first, last) in [(0, 0), (0, .max), (11, 10), (21, .max), (.max, .max)] as [(BlockNumber, BlockNumber)] {
      [Gap]().withUnsafeBufferPointer { none in
        _ = device.listen(proof, to: first, through: last, except: none, at: .zero, groups: settings.groups)
      }
    }
    var now = Nanoseconds.zero
    var steps = 0
    while device.deadline(settings).time != .never, steps < 1000 {
      now = max(now, device.deadline(settings).time)
      device.fire(at: now, settings, into: &effects)
      steps += 1
    }
    #expect(device.isAtItsEnd)
  }

  /// Packets of a group in any order and number: as many blocks are filled as packets came, as long as some are missing.
  @Test func stretchesFillWhatSinglePacketsFill() {
    let groups = ErasureGroups(blocks: 23, size: 5)
    for seed in UInt64(1)...200 {
      var random = RandomStream(StreamKey(seed: seed, replication: 1, device: 0, purpose: .join))
      var (stretch, single) = (GapMap(blocks: 23), GapMap(blocks: 23))
      for block in BlockNumber(1)...23 where random.uniform(upTo: 1) == 0 {
        _ = stretch.fill(block, through: block)
        _ = single.fill(block, through: block)
      }
      let first = 1 + BlockNumber(random.uniform(upTo: 45))
      let last = first + BlockNumber(random.uniform(upTo: UInt64(46 - first)))
      let filled = groups.fill(first, through: last, in: &stretch)
      var expected = GapMap.Filled.nothing
      for packet in first...last {
        let before = single.missing
        if packet <= 23 {
          _ = single.fill(packet, through: packet)
        } else {
          let members = groups.blocks(of: groups.group(of: packet - 23))
          if let block = (members.first...members.last).first(where: { single.contains($0) }) {
            _ = single.fill(block, through: block)
          }
        }
        if single.missing < before { expected = GapMap.Filled(count: expected.count + 1, last: packet) }
      }
      #expect(stretch == single && filled == expected, "seed \(seed)")
      let shortages = groups.shortages(in: stretch)
      for group in 0..<groups.count {
        let members = groups.blocks(of: group)
        let missing = (members.first...members.last).count { stretch.contains($0) }
        expect(Int(shortages.first { $0.group == group }?.count ?? 0), equals: missing, "seed \(seed)")
      }
    }
  }
}
