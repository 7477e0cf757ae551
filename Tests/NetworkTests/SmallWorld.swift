import BlockTransfer
import PromotionEngine
import RandomStreams
import TFTPWire
import TestSupport
import Testing
import Timebase

@testable import Network
@testable import PromotionRun
@testable import Runs

/// Networks that are small enough to be worked out by hand, on the defaults of the protocol.
///
/// Their blocks have 930 bytes: with 4 bytes of TFTP and 66 of everything else that is 1000 bytes on the wire (N1),
/// which at 1 Gbit/s take 8 ns each (N2): 8000 ns. The last block is empty unless a test says otherwise: 84 bytes, 672 ns.
/// Latency 100 000 ns, turnaround and service 20 000 ns (N3, N4). So a full block that the active device asks for
/// when the one before it came arrives 20 000 + 100 000 + 20 000 + 8000 + 100 000 = 248 000 ns after that.
enum SmallWorld {
  static let blockSize = 930

  /// A network in which all devices join at 0, every packet but the listed ones arrives, and the file has `blocks` blocks.
  ///
  /// - Parameters:
  ///   - lost: for each device the numbers of the packets that it loses of those offered to it, from 1.
  static func configuration(
    devices: Int,
    blocks: Int,
    lastBlockBytes: Int = 0,
    threshold: UInt64 = 0,
    losing lost: [[UInt64]] = [],
    up: [[UInt64]] = []
  ) -> SimulationConfiguration {
    var parameters = ProtocolParameters()
    parameters.blockSize = UInt32(blockSize)
    parameters.promotion.threshold = threshold
    var cohort = Cohort(name: "lab", count: devices)
    if !lost.isEmpty { cohort.downLoss = .trace(LossTrace(lost.map { PacketRuns(numbers: $0) })) }
    if !up.isEmpty { cohort.upLoss = .trace(LossTrace(up.map { PacketRuns(numbers: $0) })) }
    let size = (blocks - 1) * blockSize + lastBlockBytes
    return SimulationConfiguration(
      parameters: parameters,
      file: FileLayout(size: UInt64(size), blockSize: UInt32(blockSize))!,
      cohorts: [cohort]
    )
  }

  /// The OACK of R2 on the wire: each bar stands for a zero byte.
  static func acceptanceBytes(size: UInt64, window: Int = 1, threshold: UInt64 = 0) -> UInt64 {
    let options =
      "blksize|930|tsize|\(size)|timeout|1|windowsize|\(window)|multicast|239.192.0.1,1758,1|promotion|\(threshold),1,0|"
    return UInt64(2 + options.utf8.count + 66)
  }
}

/// Runs a network by both deliveries, which must agree.
func run(
  _ configuration: SimulationConfiguration,
  seed: UInt64 = 1,
  replication: Int = 1,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> RunRecord {
  var byRuns = Simulation(configuration, seed: seed, replication: replication)
  var packetByPacket = Simulation(configuration, seed: seed, replication: replication, delivery: .packetByPacket)
  let record = try byRuns.run()
  let differences = try record.differences(from: packetByPacket.run())
  expect(differences, equals: [], "seed \(seed)", sourceLocation: sourceLocation)
  return record
}

extension SessionRecord {
  /// A session as a test expects it, with times in nanoseconds.
  init(
    _ session: Int,
    active: Int,
    begin: Int64?,
    end: Int64?,
    ended: SessionEnd = .complete,
    data: UInt64,
    repeated: UInt64 = 0,
    firstSet: Int,
    secondSet: Int,
    promoted: Int = 0
  ) {
    self.init(
      session: session,
      activeDevice: active,
      begin: begin.map { Nanoseconds($0) },
      end: end.map { Nanoseconds($0) },
      ended: end == nil ? nil : ended,
      dataPackets: data,
      repeatedPackets: repeated,
      firstSet: firstSet,
      secondSet: secondSet,
      promoted: promoted,
      waiting: secondSet - promoted
    )
  }
}

extension DeviceRecord {
  /// A device as a test expects it, with times in nanoseconds.
  init(
    _ device: Int,
    join: Int64 = 0,
    roles: [DeviceRole],
    sessionsHeard: Int,
    firstCheck: GapReport?,
    promoted: Int64? = nil,
    completed: Int64?,
    multicast: UInt64,
    unicast: UInt64 = 0,
    duplicates: UInt64 = 0,
    offered: UInt64,
    lost: UInt64 = 0,
    left: Bool = false
  ) {
    self.init(
      device: device,
      cohort: 0,
      join: Nanoseconds(join),
      roles: roles,
      sessionsHeard: sessionsHeard,
      firstCheck: firstCheck,
      missedAtCheck: firstCheck.map { $0.missingPackets > 0 } ?? false,
      promoted: promoted.map { Nanoseconds($0) },
      completed: completed.map { Nanoseconds($0) },
      multicastBlocks: multicast,
      unicastBlocks: unicast,
      duplicatePackets: duplicates,
      offeredPackets: offered,
      lostPackets: lost,
      left: left
    )
  }
}

extension GapReport {
  /// Gaps of full blocks without a chain.
  static func missing(_ blocks: UInt32, gaps: UInt32 = 1, largest: UInt32? = nil) -> GapReport {
    GapReport(
      missingPackets: blocks,
      totalGapBytes: UInt64(blocks) * UInt64(SmallWorld.blockSize),
      gaps: gaps,
      largestGap: largest ?? blocks,
      chains: 0,
      longestChain: 0
    )
  }
}

extension GapReport {
  /// Blocks 3 and 4 of 4 are missing, of which the latter is empty.
  static let lastTwoMissing = GapReport(
    missingPackets: 2,
    totalGapBytes: 930,
    gaps: 1,
    largestGap: 2,
    chains: 0,
    longestChain: 0
  )
}
