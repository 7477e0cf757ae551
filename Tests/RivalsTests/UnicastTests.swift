import BlockTransfer
import Network
import PromotionEngine
import RandomStreams
import TestSupport
import Testing
import Timebase

@testable import Rivals
@testable import Runs

/// `unicast` on the network: times to the nanosecond, closed forms, places.
@Suite struct UnicastTests {
  /// The defaults of the network and blocks of 930 bytes: 1000 bytes on the wire, 8000 ns at 1 Gbit/s.
  private func configuration(
    devices: Int = 1, blocks: UInt64, lastBlockBytes: UInt64 = 0, window: UInt32 = 1, losing lost: [UInt64] = [],
    up: [UInt64] = []
  ) throws -> SimulationConfiguration {
    var parameters = ProtocolParameters()
    parameters.blockSize = 930
    parameters.windowSize = window
    var cohort = Cohort(name: "lab", count: devices)
    if !lost.isEmpty { cohort.downLoss = .trace(LossTrace([PacketRuns(numbers: lost)])) }
    if !up.isEmpty { cohort.upLoss = .trace(LossTrace([PacketRuns(numbers: up)])) }
    let file = try #require(FileLayout(size: (blocks - 1) * 930 + lastBlockBytes, blockSize: 930))
    var configuration = SimulationConfiguration(parameters: parameters, file: file, cohorts: [cohort])
    configuration.strategy = .unicast
    return configuration
  }

  private func run(_ configuration: SimulationConfiguration, seed: UInt64 = 1) throws -> RunRecord {
    let record = try configuration.run(seed: seed, replication: 1)
    let packetByPacket = try configuration.run(seed: seed, replication: 1, delivery: .packetByPacket)
    #expect(record.devices == packetByPacket.devices && record.events == packetByPacket.events)
    #expect(record.serverBytes == packetByPacket.serverBytes && record.devicePackets == packetByPacket.devicePackets)
    return record
  }

  /// The RRQ arrives at 100 000 ns. The OACK `blksize|930|tsize|2790|timeout|1|windowsize|3|` has 48 bytes, 114 on the wire:
  /// 912 ns. It leaves at 120 912, arrives at 220 912; ACK 0 leaves at 240 912 and arrives at 340 912; DATA 1, 2, 3 turn to the
  /// uplink at 360 912 and arrive at 468 912, 476 912, 484 912. ACK 3 leaves at 504 912, arrives at 604 912. The empty block of
  /// 672 ns turns to the uplink at 624 912 and arrives at 725 584.
  @Test func aTransferByHand() throws {
    let record = try run(configuration(blocks: 4, window: 3))
    expect(record.devices[0].completed, equals: Nanoseconds(725_584))
    #expect(record.devices[0].roles == [.fetching, .complete] && record.devices[0].unicastBlocks == 4)
    #expect(record.devicePackets == 4 && record.unicastDataPackets == 4 && record.multicastDataPackets == 0)
    #expect(record.serverBytes == 114 + 3 * 1000 + 84 && record.sessions.isEmpty && record.ended == .complete)
  }

  /// DATA 1, the second packet to the device, is lost. DATA 2 comes at 476 912, too early: ACK 0 leaves at 496 912, arrives at
  /// 596 912, and the window turns to the uplink again at 616 912. DATA 3 arrives at 740 912, ACK 3 at 860 912, and the empty
  /// block 880 912 + 672 + 100 000 = 981 584.
  @Test func aLostFirstBlockByHand() throws {
    let record = try run(configuration(blocks: 4, window: 3, losing: [2]))
    expect(record.devices[0].completed, equals: Nanoseconds(981_584))
    #expect(record.devicePackets == 5 && record.unicastDataPackets == 7 && record.devices[0].duplicatePackets == 0)
  }

  /// DATA 2 of a window of two is lost, so nothing comes after it. DATA 1 came at 468 912; a second later ACK 1 leaves, arrives
  /// at 1 000 568 912, and DATA 2 and 3 turn to the uplink 20 000 ns later and arrive at 1 000 696 912 and 1 000 704 912. ACK 3
  /// arrives at 1 000 824 912, and the empty block at 1 000 844 912 + 672 + 100 000.
  @Test func aLostLastBlockByHand() throws {
    let record = try run(configuration(blocks: 4, window: 2, losing: [3]))
    expect(record.devices[0].completed, equals: Nanoseconds(1_000_945_584))
  }

  /// The second packet up is ACK 0: it comes again a second after it left, at 1 000 240 912.
  @Test func aLostAcknowledgmentByHand() throws {
    let record = try run(configuration(blocks: 4, window: 3, up: [2]))
    expect(record.devices[0].completed, equals: Nanoseconds(1_000_725_584))
  }

  /// The last packet up is lost. The device is complete all the same, and the server's transfer ends by its silence.
  @Test func aLostFinalAcknowledgmentChangesNothingForTheDevice() throws {
    let record = try run(configuration(blocks: 4, window: 3, up: [4]))
    #expect(record.devices[0].completed == Nanoseconds(725_584) && record.ended == .complete)
    expect(record.unicastDataPackets, equals: 4)
  }

  /// Without loss, n blocks in K windows: 2 latencies and the OACK's answer, K rounds of 2 latencies, turnaround and service,
  /// and what the uplink takes for each packet.
  @Test(arguments: [(UInt64(1), UInt32(1)), (7, 1), (200, 1), (200, 16), (201, 64), (64, 64), (1000, 1000), (3, 9)])
  func theTimeWithoutLoss(blocks: UInt64, window: UInt32) throws {
    var configuration = try configuration(blocks: blocks, lastBlockBytes: 5, window: window)
    configuration.uplinkBitsPerSecond = 51_757_000
    let record = try run(configuration)
    func onUplink(_ payload: Int) -> Int64 { (Int64(max(84, payload + 66)) * 8_000_000_000 + 51_756_999) / 51_757_000 }
    let oack = "blksize|930|tsize|\(configuration.file.size)|timeout|1|windowsize|\(window)|".utf8.count + 2
    let (latency, turnaround, service) = (Int64(100_000), Int64(20_000), Int64(20_000))
    let windows = (Int64(blocks) + Int64(window) - 1) / Int64(window)
    let expected =
      2 * latency + service + onUplink(oack) + windows * (2 * latency + turnaround + service)
      + Int64(blocks - 1) * onUplink(934) + onUplink(9)
    expect(record.devices[0].completed, equals: Nanoseconds(expected))
    #expect(record.devicePackets == 2 + UInt64(windows) && record.unicastDataPackets == blocks)
  }

  /// A window is few events, however long: it turns to the uplink, its first packet arrives, its last one does, and the
  /// ACK. Packet by packet each block arrives as an event.
  @Test func aWindowIsFewEvents() throws {
    let configuration = try configuration(blocks: 6401, window: 64)
    func steps(_ delivery: Delivery) -> Int {
      let strategy = Unicast(configuration)
      var run = Run(
        strategy, on: configuration.network, observedBy: NoObserver<Unicast>(), seed: 1, replication: 1,
        delivery: delivery)
      var steps = 0
      while run.hasNext {
        run.step()
        steps += 1
      }
      return steps
    }
    let (join, handshake, windows, lastBlock, stale) = (1, 4, 100 * 4, 3, 2)
    #expect(steps(.byRuns) <= join + handshake + windows + lastBlock + stale)
    #expect(steps(.packetByPacket) > 6400)
  }

  /// A limit may end a run in the middle of a window that is taken in one call.
  @Test(arguments: [[UInt64](), [5, 6, 20]]) func bothDeliveriesAgreeWhateverTheLimit(lost: [UInt64]) throws {
    var configuration = try configuration(devices: 3, blocks: 26, window: 8, losing: lost)
    let whole = try run(configuration)
    for events in 1...whole.events {
      configuration.limits.events = events
      let record = try configuration.runByBothDeliveries(seed: 1)
      expect(record.ended, equals: events < whole.events ? .eventLimit : .complete)
    }
    configuration.limits.events = whole.events
    for microseconds in stride(from: Int64(1), through: 1500, by: 5) {
      configuration.limits.time = .microseconds(microseconds)
      _ = try configuration.runByBothDeliveries(seed: 1)
    }
  }

  /// RFC 7440 §5: 180 MB in blocks of 1456 bytes, windows of 1 to 64 blocks: 257, 131, 76, 54, 42, 38, 35 s. One turnaround and
  /// one rate fit all of them to within a tenth.
  @Test(arguments: [(UInt32(1), 257.0), (2, 131), (4, 76), (8, 54), (16, 42), (32, 38), (64, 35)])
  func theTableOfRFC7440(window: UInt32, seconds: Double) throws {
    var configuration = try configuration(blocks: 1, window: window)
    configuration.parameters.blockSize = 1456
    configuration.file = try #require(FileLayout(size: 180_000_000, blockSize: 1456))
    configuration.uplinkBitsPerSecond = 51_757_000
    configuration.service = .zero
    configuration.cohorts[0].latency = .constant(.zero)
    configuration.cohorts[0].turnaround = Nanoseconds(1_692_200)
    let completed = try #require(configuration.run(seed: 1, replication: 1).devices[0].completed)
    #expect(abs(completed.seconds / seconds - 1) < 0.1)
  }

  /// Many devices with large windows share nothing but the uplink, which is then always busy: it takes as long as all their
  /// files together, and the rounds of one device more.
  @Test func manyDevicesTakeAsLongAsTheUplink() throws {
    var configuration = try configuration(devices: 8, blocks: 2000, window: 64)
    configuration.uplinkBitsPerSecond = 100_000_000
    let record = try run(configuration)
    let busy = Nanoseconds(8 * 1999 * 80_000)
    let last = try #require(record.devices.compactMap(\.completed).max())
    #expect(last > busy && last < busy + .milliseconds(20))
    #expect(record.devices.allSatisfy { $0.unicastBlocks == 2000 && $0.duplicatePackets == 0 })
  }

  /// One place: the second device's OACK leaves when the first one's ACK(n) has come, 240 000 ns and a transfer later.
  @Test func whoFindsNoPlaceWaitsUnanswered() throws {
    var configuration = try configuration(devices: 3, blocks: 3, window: 4)
    configuration.rivals.maxTransfers = 1
    let record = try run(configuration)
    // From the OACK's turn on: 912 (its bytes are those of `aTransferByHand`, with 1860 for 2790), 2 x 8000 + 672, and two
    // rounds of 200 000 and 20 000 and one answer of 20 000.
    let (answer, latency) = (Int64(20_000), Int64(100_000))
    let transfer: Int64 = 912 + latency + answer + latency + answer + 16_672 + latency
    let first = 120_000 + transfer
    let distance = transfer + answer + latency + answer
    expect(record.devices.map(\.completed), equals: [0, 1, 2].map { Nanoseconds(first + $0 * distance) })
    expect(record.devicePackets, equals: 9)
  }

  /// R3: a device fails when the server is full for longer than its patience. A place that nobody fills is not kept.
  @Test func whoWaitsTooLongFails() throws {
    var configuration = try configuration(devices: 3, blocks: 1001, window: 8)
    configuration.uplinkBitsPerSecond = 1_000_000
    configuration.rivals.maxTransfers = 1
    let impatient = try run(configuration)
    expect(impatient.devices.map { $0.roles.last }, equals: [.complete, .failed, .failed])
    configuration.parameters.retries = 30
    configuration.parameters.sessionTimeout = .seconds(31)
    let patient = try run(configuration)
    #expect(patient.devices.allSatisfy { $0.roles == [.fetching, .complete] })
    #expect(patient.devices.allSatisfy { $0.duplicatePackets == 0 })
  }

  @Test func aDeviceThatIsSwitchedOffGivesItsPlaceBack() throws {
    var configuration = try configuration(devices: 2, blocks: 2000, window: 1)
    configuration.rivals.maxTransfers = 1
    configuration.parameters.retries = 20
    configuration.parameters.sessionTimeout = .seconds(21)
    configuration.cohorts = [configuration.cohorts[0], configuration.cohorts[0]]
    configuration.cohorts[0].count = 1
    configuration.cohorts[1].count = 1
    configuration.cohorts[0].leave = .at(.constant(.milliseconds(10)))
    configuration.cohorts[1].join = .at(.constant(.seconds(5)))
    let record = try run(configuration)
    #expect(record.devices.map { $0.roles.last } == [.failed, .complete] && record.devices[0].left)
    let completed = try #require(record.devices[1].completed)
    #expect(completed > .seconds(21) && completed < .seconds(22))
  }
}
