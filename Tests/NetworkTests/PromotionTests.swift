import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionRun
@testable import Runs

/// In these worlds packet 1 of a passive device is its OACK, and packet b + 1 is DATA b.
@Suite struct PromotionTests {
  /// A threshold of three digits makes an OACK of 161 bytes, 1288 ns: everything is 16 ns later than without one.
  /// The session ends at 1 325 960, the notice arrives at 1 446 648, the report at 1 566 648; `smart` turns at 1 586 648,
  /// takes 672 ns, arrives at 1 687 320. ACK(2) is there 120 000 ns later, DATA 3 arrives 128 000 ns after that.
  @Test func aSmallTotalGapIsPromotedAndFetched() throws {
    let record = try run(SmallWorld.configuration(devices: 2, blocks: 4, threshold: 931, losing: [[], [4]]))
    expect(
      record.devices[1],
      equals: DeviceRecord(
        2,
        roles: [.passive, .smart, .complete],
        sessionsHeard: 1,
        firstCheck: .missing(1),
        promoted: 1_687_320,
        completed: 1_935_320,
        multicast: 3,
        unicast: 1,
        offered: 8,
        lost: 1
      ))
    expect(
      record.sessions,
      equals: [
        SessionRecord(
          1,
          active: 1,
          begin: 341_288,
          end: 1_325_960,
          data: 4,
          firstSet: 1,
          secondSet: 1,
          promoted: 1
        )
      ])
    expect(record.gapSizes, equals: [GapSizeCount(session: 1, blocks: 1, count: 1)])
    expect(record.unicastDataPackets, equals: 1)
    #expect(record.serverBytes == 2 * 161 + 3000 + 84 + 3 * 86 + 84 + 1000)
    expect(record.sessionOneLoss.map(\.lost), equals: [0, 1])
  }

  /// R11 is strict: a total gap of the threshold itself waits. `wait` and `elected` turn at 1 586 648 and take 672 and 776
  /// ns; elected at 1 688 096, ACK(2) at the server at 1 808 096, DATA 3 arrives at 1 936 096.
  @Test func aTotalGapOfTheThresholdItselfWaitsAndIsElected() throws {
    let record = try run(SmallWorld.configuration(devices: 2, blocks: 4, threshold: 930, losing: [[], [4]]))
    expect(
      record.devices[1],
      equals: DeviceRecord(
        2,
        roles: [.passive, .active, .complete],
        sessionsHeard: 2,
        firstCheck: .missing(1),
        completed: 1_936_096,
        multicast: 4,
        offered: 9,
        lost: 1
      ))
    expect(
      record.sessions,
      equals: [
        SessionRecord(1, active: 1, begin: 341_288, end: 1_325_960, data: 4, firstSet: 1, secondSet: 1),
        SessionRecord(2, active: 2, begin: 1_808_096, end: 2_056_096, data: 1, firstSet: 0, secondSet: 0),
      ])
    expect(record.unicastDataPackets, equals: 0)
    #expect(record.serverBytes == 2 * 161 + 3000 + 84 + 3 * 86 + 84 + 97 + 1000 + 3 * 86)
  }

  /// The empty last block counts as a packet of no bytes: a device that misses it alone has a gap of 0 bytes.
  @Test(arguments: [
    ([UInt64(2), 4], UInt64(1860), false), ([2, 4], 1861, true), ([2], 1860, true), ([5], 1, true), ([5], 0, false),
    ([2, 5], 931, true), ([2, 5], 930, false),
  ])
  func theThresholdIsComparedWithTheBytesOfTheMissingPackets(lost: [UInt64], threshold: UInt64, isPromoted: Bool)
    throws
  {
    let record = try run(SmallWorld.configuration(devices: 2, blocks: 4, threshold: threshold, losing: [[], lost]))
    expect(record.devices[1].firstCheck?.missingPackets, equals: UInt32(lost.count))
    expect(
      record.devices[1].roles, equals: isPromoted ? [.passive, .smart, .complete] : [.passive, .active, .complete])
    expect(record.sessions[0].promoted, equals: isPromoted ? 1 : 0)
    expect(record.sessions[0].waiting, equals: isPromoted ? 0 : 1)
  }

  /// One place; device 2 reports first and gets it. Device 3 misses blocks 2 and 4 (two gaps, 1860 bytes), device 4
  /// blocks 2, 3 and 4 (one gap, 2790 bytes). A device that is complete says so 20 000 ns later; 100 000 ns after that the
  /// server knows, 20 000 ns later `smart` goes to the next, takes 672 ns and arrives after 100 000.
  @Test(arguments: [
    (SmartOrder.arrival, [2, 3, 4]), (.smallestGap, [2, 3, 4]), (.largestGap, [2, 4, 3]), (.fewestGaps, [2, 4, 3]),
  ])
  func placesThatComeFreeAreGivenByTheSmartOrder(order: SmartOrder, devices: [Int]) throws {
    var configuration = SmallWorld.configuration(
      devices: 4,
      blocks: 8,
      threshold: 5000,
      losing: [[], [4], [3, 5], [3, 4, 5]]
    )
    configuration.parameters.promotion.maxSmart = 1
    configuration.parameters.promotion.smartOrder = order
    let record = try run(configuration)
    expect(record.sessions.map(\.promoted), equals: [3])
    #expect(record.devices[1...].allSatisfy { $0.roles == [.passive, .smart, .complete] })
    for (one, next) in zip(devices, devices.dropFirst()) {
      let completed = try #require(record.devices[one - 1].completed)
      expect(record.devices[next - 1].promoted, equals: completed + Nanoseconds(240_672))
    }
  }

  /// All three notices are lost to device 2 (packets 6–8). The last one turned at 21 345 960, so the server asks by
  /// unicast at 1 021 345 960: 688 ns and 100 000 later the device hears it, and is promoted 240 672 ns after that.
  @Test func whoHeardNoNoticeIsAskedByUnicast() throws {
    let record = try run(
      SmallWorld.configuration(devices: 2, blocks: 4, threshold: 931, losing: [[], [4, 6, 7, 8]])
    )
    #expect(record.devices[1].promoted == Nanoseconds(1_021_345_960 + 688 + 100_000 + 240_672))
    expect(record.devices[1].lostPackets, equals: 4)
  }

  /// And so are all six times that the server asks (packets 9–14): 6.5 s after DATA 4 (1 205 960) the device checks itself.
  /// Its report leaves at once, is at the server 100 000 ns later, and `smart` arrives 120 672 ns after that.
  @Test func whoHearsNothingChecksItselfAfterTheGroupTimeout() throws {
    let lost: [UInt64] = [4] + Array(6...14)
    let record = try run(SmallWorld.configuration(devices: 2, blocks: 4, threshold: 931, losing: [[], lost]))
    #expect(record.devices[1].promoted == Nanoseconds(1_205_960 + 6_500_000_000 + 100_000 + 120_672))
    expect(record.devices[1].roles, equals: [.passive, .smart, .complete])
    expect(record.devices[1].offeredPackets, equals: 16)
  }

  /// Device 2's report (its second packet) left at 1 466 648 and is lost: it is repeated a second later.
  @Test func aLostReportIsRepeatedAfterTheTimeout() throws {
    let record = try run(
      SmallWorld.configuration(devices: 2, blocks: 4, threshold: 931, losing: [[], [4]], up: [[], [2]])
    )
    expect(record.devices[1].promoted, equals: Nanoseconds(1_001_466_648 + 100_000 + 120_672))
  }

  /// Device 2 misses 2, 3, 4 and is promoted; device 3 misses 4–7 and drives session 2, which begins with block 4:
  /// while device 2 fetches block 2, block 4 reaches it with the group, unless it does not listen.
  @Test(arguments: [true, false])
  func aSmartDeviceListensToTheGroupIfItIsToldTo(listens: Bool) throws {
    var configuration = SmallWorld.configuration(
      devices: 3,
      blocks: 8,
      threshold: 2791,
      losing: [[], [3, 4, 5], [5, 6, 7, 8]]
    )
    configuration.parameters.promotion.smartListens = listens
    configuration.cohorts[0].turnaround = .zero
    let record = try run(configuration)
    let smart = record.devices[1]
    expect(smart.roles, equals: [.passive, .smart, .complete])
    expect(record.devices[2].roles, equals: [.passive, .active, .complete])
    expect(smart.unicastBlocks, equals: listens ? 2 : 3)
    expect(smart.multicastBlocks, equals: listens ? 6 : 5)
    expect(smart.sessionsHeard, equals: listens ? 2 : 1)
    expect(record.sessions[1].firstSet, equals: 0)
  }
}
