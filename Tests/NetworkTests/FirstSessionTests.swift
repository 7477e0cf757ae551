import PromotionEngine
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import PromotionRun
@testable import Runs

@Suite struct FirstSessionTests {
  @Test func theSizesOnTheWireAreThoseOfTheRules() {
    // 2 + (8+4) + (6+5) + (8+2) + (11+2) + (10+19) + (10+6) = 93 bytes, and 66.
    expect(SmallWorld.acceptanceBytes(size: 2790), equals: 159)
    expect(SmallWorld.acceptanceBytes(size: 2790, threshold: 931), equals: 161)
  }

  /// RRQs leave at 0 and arrive at 100 000, device 1 first; their OACKs turn to the uplink at 120 000 and take
  /// 159 × 8 = 1272 ns each: they leave at 121 272 and 122 544. Device 1 has its at 221 272, and sends ACK(0) at 241 272.
  /// It arrives at 341 272: the session begins. DATA 1 turns to the uplink at 361 272, leaves at 369 272, arrives at
  /// 469 272; 2 and 3 arrive 248 000 ns after one another; 4 turns at 361 272 + 3 × 248 000 = 1 105 272, takes 672,
  /// arrives at 1 205 944. ACK(4) leaves at 1 225 944: the session ends at 1 325 944. The notice turns at 1 345 944.
  @Test func withoutLossEverybodyIsCompleteAfterOneSession() throws {
    let record = try run(SmallWorld.configuration(devices: 2, blocks: 4))
    expect(record.ended, equals: .complete)
    // Device 1 is offered its OACK and four DATA; when the notice arrives, its ACK(4) has left.
    // Device 2 hears the first notice, and says ACK(4) before the second comes.
    expect(
      record.devices,
      equals: [
        DeviceRecord(
          1,
          roles: [.active, .complete],
          sessionsHeard: 1,
          firstCheck: nil,
          completed: 1_205_944,
          multicast: 4,
          offered: 5
        ),
        DeviceRecord(
          2,
          roles: [.passive, .complete],
          sessionsHeard: 1,
          firstCheck: .nothingMissing,
          completed: 1_205_944,
          multicast: 4,
          offered: 6
        ),
      ])
    expect(
      record.sessions,
      equals: [
        SessionRecord(1, active: 1, begin: 341_272, end: 1_325_944, data: 4, firstSet: 1, secondSet: 0)
      ])
    expect(record.multicastDataPackets, equals: 4)
    expect(record.unicastDataPackets, equals: 0)
    // Two OACKs, three full DATA and the empty one, three notices of 2 + 10 + 8 + 66 = 86 bytes.
    #expect(record.serverBytes == 2 * 159 + 3000 + 84 + 3 * 86)
    expect(record.gapSizes, equals: [])
    expect(record.sessionOneLoss.map(\.device), equals: [1, 2])
    expect(record.sessionOneLoss.map(\.received), equals: [4, 4])
    expect(record.sessionOneLoss.map(\.lost), equals: [0, 0])
  }

  /// Up to 14 bytes the last block is padded to the 84 bytes of the shortest frame: 66 + 4 + 14.
  @Test(arguments: [(0, 84), (1, 84), (14, 84), (15, 85), (929, 999)])
  func aShortLastBlockTakesItsOwnTime(lastBlockBytes: Int, onWire: Int64) throws {
    let record = try run(SmallWorld.configuration(devices: 2, blocks: 4, lastBlockBytes: lastBlockBytes))
    let completed = Nanoseconds(1_105_272 + onWire * 8 + 100_000)
    expect(record.devices.map(\.completed), equals: [completed, completed])
    #expect(record.serverBytes == UInt64(2 * 159 + 3000 + onWire + 3 * 86))
  }

  @Test func aFileOfNoBytesIsOneEmptyBlock() throws {
    let record = try run(SmallWorld.configuration(devices: 1, blocks: 1))
    // tsize is one digit: the OACK has 156 bytes and takes 1248 ns, so ACK(0) comes at 341 248, DATA 1 takes 672.
    #expect(record.devices[0].completed == Nanoseconds(341_248 + 20_000 + 672 + 100_000))
    expect(record.devices[0].roles, equals: [.active, .complete])
    expect(record.multicastDataPackets, equals: 1)
  }

  /// Frames of 1000 bytes at 999 983 bit/s: 8 × 10¹² / 999 983 = 8 000 136.002… ns, rounded up.
  @Test func aPacketTakesItsTimeRoundedUp() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 2)
    configuration.uplinkBitsPerSecond = 999_983
    configuration.limits.time = .milliseconds(100)
    let record = try run(configuration)
    // The OACK has 158 bytes (tsize=930): 1 264 021.49 → 1 264 022. 120 000 + that + 100 000 + 20 000 + 100 000.
    let begin = Int64(1_604_022)
    expect(record.sessions[0].begin, equals: Nanoseconds(begin))
    // DATA 1, the way back and forth, and DATA 2 of 84 bytes: 672 011.42 → 672 012.
    #expect(
      record.devices[0].completed == Nanoseconds(begin + 20_000 + 8_000_137 + 100_000 + 140_000 + 672_012 + 100_000))
  }

  /// Device 2's RRQ arrives at 600 000; its OACK turns at 620 000, when DATA 2 has left (617 272), and arrives at
  /// 721 272, after DATA 2 (717 272): it misses blocks 1 and 2, and is of the first set because it joined during it.
  @Test func aLateJoinerMissesWhatWasSentBefore() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4)
    configuration.cohorts[0].join = .list([.zero, .microseconds(500)])
    let record = try run(configuration)
    // The notice takes 86 × 8 = 688 ns and arrives at 1 446 632; the report is at the server at 1 566 632. `wait` and
    // `elected` turn at 1 586 632, take 672 and 776 ns: elected at 1 688 080; ACK(0) is there at 1 808 080. DATA 1
    // arrives 128 000 ns later, DATA 2 248 000 after it, at 2 184 080; ACK(4) is at the server 120 000 after that.
    expect(
      record.devices[1],
      equals: DeviceRecord(
        2,
        join: 500_000,
        roles: [.passive, .active, .complete],
        sessionsHeard: 2,
        firstCheck: .missing(2),
        completed: 2_184_080,
        multicast: 4,
        offered: 8
      ))
    expect(
      record.sessions,
      equals: [
        SessionRecord(1, active: 1, begin: 341_272, end: 1_325_944, data: 4, firstSet: 1, secondSet: 1),
        SessionRecord(2, active: 2, begin: 1_808_080, end: 2_304_080, data: 2, firstSet: 0, secondSet: 0),
      ])
    expect(record.sessionOneLoss.map(\.device), equals: [1])
    expect(record.gapSizes, equals: [GapSizeCount(session: 1, blocks: 2, count: 1)])
  }

  /// C3: device 1 loses DATA 2 (its third packet), asked for by an ACK(1) that left at 489 272; a second later it asks
  /// again. Device 2, which joined at 0.5 s, gets the repeat too, at 1 000 717 272, and misses block 1 alone.
  @Test func aRepeatForTheActiveDeviceReachesTheLateJoiner() throws {
    var configuration = SmallWorld.configuration(devices: 2, blocks: 4, losing: [[3], []])
    configuration.cohorts[0].join = .list([.zero, .milliseconds(500)])
    let record = try run(configuration)
    #expect(record.devices[0].completed == Nanoseconds(1_000_717_272 + 2 * 248_000 - 8000 + 672))
    expect(record.devices[1].firstCheck, equals: .missing(1))
    expect(record.sessions[0].dataPackets, equals: 5)
    expect(record.sessions[0].repeatedPackets, equals: 1)
    expect(record.devices[0].lostPackets, equals: 1)
    expect(record.sessionOneLoss, equals: [SessionOneLoss(device: 1, received: 4, lost: 1)])
  }

  /// R5 with windows of four: DATA 1–4 arrive at 469 272, (477 272 lost), 485 272, 493 272. At 3 the device asks early:
  /// ACK(1) leaves at 505 272, is there at 605 272, and DATA 2–5 arrive at 733 272 … 757 272. At 5, the last of that
  /// window, it asks for 6: ACK(5) is there at 877 272; 6, 7, 8 leave at 905 272, 913 272, 921 272, the empty 9 at 921 944.
  @Test func aHoleInAWindowMakesTheActiveDeviceAskEarlyOnce() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 9, losing: [[3]])
    configuration.parameters.windowSize = 4
    let record = try run(configuration)
    expect(
      record.devices,
      equals: [
        DeviceRecord(
          1,
          roles: [.active, .complete],
          sessionsHeard: 1,
          firstCheck: nil,
          completed: 1_021_944,
          multicast: 9,
          duplicates: 2,
          offered: 13,
          lost: 1
        )
      ])
    expect(
      record.sessions,
      equals: [
        SessionRecord(1, active: 1, begin: 341_272, end: 1_141_944, data: 12, repeated: 3, firstSet: 0, secondSet: 0)
      ])
  }
}
