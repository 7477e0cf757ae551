import BlockTransfer
import Foundation
import PromotionEngine
import TestSupport
import Testing
import Timebase

@testable import Network
@testable import PromotionRun
@testable import Runs

/// Networks with ports below the uplink, worked out by hand (N10–N12).
@Suite struct PortTreeTests {
  /// Two floors: a trunk of 1 Gbit/s and 10 µs, and below it a floor of 100 Mbit/s and 5 µs. Device 1 is on the floor,
  /// device 2 on the trunk; it joins 50 µs later, and is passive. The file has blocks of 930 and 0 bytes.
  ///
  /// RRQ of device 1 at the server: 0 + 100 000 + 15 000. Its OACK (158 B) turns at 135 000: uplink 1264, trunk 1264 + 10 000,
  /// floor 12 640 + 5000, path 100 000: 265 168. Its ACK(0), 20 000 later, comes at 400 168. DATA 1 (1000 B) turns at
  /// 420 168: 8000, 8000 + 10 000, 80 000 + 5000, 100 000: 631 168. ACK(1) comes at 766 168. DATA 2 (84 B) turns at
  /// 786 168: 672, 672 + 10 000 (the trunk: 797 512), 6720 + 5000, 100 000: 909 232. Device 2 has it at 797 512 + 100 000.
  @Test func twoFloorsAndATrunk() throws {
    let record = try run(twoFloors())
    expect(record.devices.map(\.completed), equals: [Nanoseconds(909_232), Nanoseconds(897_512)])
    expect(record.segments.map(\.drops), equals: [0, 0])
    // The trunk: two OACKs, two DATA, and three notices of 84 B. The floor: device 1's OACK, the DATA and the notices.
    expect(record.segments.map(\.frames), equals: [7, 6])
    let group: UInt64 = 1000 + 84 + 3 * 86
    #expect(record.segments.map(\.bytes) == [group + 316, group + 158])
    expect(record.segments.map(\.groupBytes), equals: [group, group])
    #expect(record.segments[1].busy == Nanoseconds(Int64(group + 158) * 80))
  }

  /// The floor sends to the group at 10 Mbit/s only: DATA 1 takes 800 000 there instead of 80 000, DATA 2 takes 67 200
  /// instead of 6720. The trunk does not care, but device 1 drives: DATA 2 turns 720 000 later.
  @Test func theGroupHasARateOfItsOwn() throws {
    var configuration = twoFloors()
    configuration.segments[1].multicastBitsPerSecond = 10_000_000
    let record = try run(configuration)
    expect(record.devices.map(\.completed), equals: [Nanoseconds(1_689_712), Nanoseconds(1_617_512)])
  }

  /// The fourth packet of each way is lost at the trunk. On the way up that is ACK(1), which is repeated a second later. On
  /// the way down it is DATA 2, for both devices: the floor never sees it. The next repeat comes another second later.
  @Test func whatASegmentLosesNobodyBelowIsOffered() throws {
    var configuration = twoFloors()
    // Frames at the trunk: OACK 1, OACK 2, DATA 1, DATA 2.
    configuration.segments[0].loss = .trace([[4]])
    let record = try run(configuration)
    expect(record.devices.map(\.completed), equals: [Nanoseconds(2_000_909_232), Nanoseconds(2_000_897_512)])
    expect(record.devices.map(\.lostPackets), equals: [0, 0])
    expect(record.segments.map(\.lostFrames), equals: [1, 0])
    expect(record.segments.map(\.lostOnTheWayUp), equals: [1, 0])
    expect(record.segments[0].frames, equals: record.segments[1].frames + 2)
  }

  /// A link of 10 Mbit/s with room for one frame: of a window of four, the first is being sent when the others come,
  /// the second waits, and the third and fourth find no room. Nor do DATA 5 and the first notice, while the second waits.
  @Test func aLinkDropsForItsDeviceAlone() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 5)
    configuration.parameters.windowSize = 4
    var desk = Cohort(name: "desk", count: 1)
    desk.join = .at(.constant(.microseconds(1)))
    desk.link = Link(bitsPerSecond: 10_000_000, queue: 1)
    configuration.cohorts.append(desk)
    configuration.parameters.promotion.threshold = 1 << 20
    let record = try run(configuration)
    expect(record.devices.map(\.path.linkDrops), equals: [0, 4])
    expect(record.devices[1].firstCheck?.missingPackets, equals: 3)
    expect(record.devices.map(\.lostPackets), equals: [0, 0])
  }

  /// N11: at 100 Mbit/s a datagram of 934 bytes takes 74 720 ns to read, at the pace of the wire one comes each 8000. The
  /// buffer holds two and a half: the first two of the window fit; when the third comes at 16 000, (2 × 74 720 − 16 000)
  /// ns of reading are left, 1668 bytes, and with its own 934 that is more than 2335. The fourth finds the same.
  @Test func aSlowReceiverOverruns() throws {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 5, threshold: 1 << 20)
    configuration.parameters.windowSize = 4
    var disk = Cohort(name: "disk", count: 1)
    disk.join = .at(.constant(.microseconds(1)))
    disk.receiver = ReceiverBuffer(bitsPerSecond: 100_000_000, bytes: 2335)
    configuration.cohorts.append(disk)
    let record = try run(configuration)
    expect(record.devices.map(\.path.overruns), equals: [0, 2])
    expect(record.devices[1].firstCheck?.missingPackets, equals: 2)
    expect(record.devices.map(\.lostPackets), equals: [0, 0])
  }

  /// At an MTU of 9000 bytes a fragment holds 8976 bytes and the last one up to 8980. With the headers of TFTP and UDP a
  /// block of 17 944 bytes is two frames, 9034 and 9038 bytes on the wire; one byte more is 80 more, in a third frame.
  @Test func theLastFragmentHoldsAllThatTheMTULeaves() throws {
    let records = try [17_944, 17_945].map { size in
      var configuration = Self.largeBlocks(of: size, mtu: 9000)
      configuration.segments = [Segment(name: "floor")]
      configuration.cohorts[0].segment = "floor"
      return try run(configuration)
    }
    expect(records[1].uplink.frames, equals: records[0].uplink.frames + 1)
    expect(records[1].serverBytes, equals: records[0].serverBytes + 80)
    expect(records.map(\.uplink.mostWaiting), equals: [1, 2])
  }

  /// `run` compares both deliveries: here where the last fragment is the longest, with losses, a queue and a clock.
  @Test(arguments: [(mtu: UInt32(576), blockSize: 1096), (577, 1097), (9000, 17_944), (9216, 18_376)])
  func longLastFragmentsAreCarriedAndLostAlike(mtu: UInt32, blockSize: Int) throws {
    var configuration = Self.largeBlocks(of: blockSize, mtu: mtu, blocks: 60)
    configuration.parameters.windowSize = 4
    configuration.segments = [Segment(name: "floor")]
    (configuration.segments[0].bitsPerSecond, configuration.segments[0].queue) = (400_000_000, 6)
    configuration.segments[0].loss = .bernoulli(p: .constant(0.01))
    configuration.cohorts[0].segment = "floor"
    configuration.cohorts[0].count = 3
    configuration.cohorts[0].downLoss = .bursts(loss: .constant(0.03), length: .time(.constant(.milliseconds(1))))
    var lost: UInt64 = 0
    for seed in UInt64(1)...4 {
      let record = try run(configuration, seed: seed)
      expect(record.devices.count { $0.completed != nil }, equals: 3)
      lost += record.devices.reduce(0) { $0 + $1.path.fragmentsLost }
    }
    #expect(lost > 0)
  }

  private static func largeBlocks(of size: Int, mtu: UInt32, blocks: Int = 1) -> SimulationConfiguration {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 1)
    configuration.parameters.blockSize = UInt32(size)
    configuration.file = FileLayout(size: UInt64(blocks * size), blockSize: UInt32(size)) ?? configuration.file
    configuration.mtu = mtu
    return configuration
  }

  /// N12: a datagram of f frames is lost with 1 − (1 − p)^f.
  @Test(arguments: [(blockSize: 1428, frames: 1), (blockSize: 4096, frames: 3), (blockSize: 16_384, frames: 12)])
  func oneLostFragmentLosesTheDatagram(blockSize: Int, frames: Int) throws {
    let (p, blocks) = (0.01, 300)
    var parameters = ProtocolParameters()
    parameters.blockSize = UInt32(blockSize)
    var lab = Cohort(name: "lab", count: 60)
    lab.downLoss = .bernoulli(p: .constant(p))
    let driver = Cohort(name: "driver", count: 1)
    let configuration = SimulationConfiguration(
      parameters: parameters, file: try #require(.init(size: UInt64(blocks * blockSize), blockSize: UInt32(blockSize))),
      cohorts: [driver, lab])
    let record = try run(configuration)
    let loss = record.sessionOneLoss.filter { $0.device > 1 }
    let lost = Double(loss.reduce(0) { $0 + $1.lost })
    let offered = lost + Double(loss.reduce(0) { $0 + $1.received })
    let expected = 1 - pow(1 - p, Double(frames))
    #expect(offered > 10_000)
    #expect(abs(lost - offered * expected) < 4 * (offered * expected * (1 - expected)).squareRoot())
    expect(record.devices.contains { $0.path.fragmentsLost > 0 }, equals: frames > 1)
  }

  private func twoFloors() -> SimulationConfiguration {
    var configuration = SmallWorld.configuration(devices: 1, blocks: 2)
    var trunk = Segment(name: "trunk")
    trunk.latency = .microseconds(10)
    var floor = Segment(name: "floor")
    floor.parent = "trunk"
    floor.bitsPerSecond = 100_000_000
    floor.latency = .microseconds(5)
    configuration.segments = [trunk, floor]
    configuration.cohorts[0].segment = "floor"
    var second = Cohort(name: "on the trunk", count: 1)
    second.join = .at(.constant(.microseconds(50)))
    second.segment = "trunk"
    configuration.cohorts.append(second)
    return configuration
  }
}
