import BlockTransfer
import Network
import PromotionRun
import CFloor
import PromotionEngine
import Timebase
import Runs

/// One session and its check: devices that join at once and lose a share of what they are sent, 1 % unless it is said.
struct SessionBenchmark {
  static let loss = 0.01

  let devices: Int
  let blocks: Int
  let loss: Double
  /// The session, its check, and the repair of everybody at once.
  let whole: SimulationConfiguration
  /// The session and its check: reports would be sent after the end of the run.
  let session: SimulationConfiguration
  /// From the first ACK of the active device to the end of the session.
  let span: ClosedRange<Nanoseconds>

  /// - Parameter span: as an earlier run found it; without it a run with the repair finds it.
  init(devices: Int, blocks: Int, loss: Double = Self.loss, span: ClosedRange<Nanoseconds>? = nil) throws {
    self.devices = devices
    self.blocks = blocks
    self.loss = loss
    let blockSize: UInt32 = 1428
    guard let file = FileLayout(size: UInt64(blocks - 1) * UInt64(blockSize) + 1, blockSize: blockSize) else {
      throw BenchmarkError("no such file")
    }
    var parameters = ProtocolParameters()
    parameters.promotion.threshold = file.size
    parameters.wideBlockNumbers = blocks > 65_535
    var cohort = Cohort(name: "desks", count: devices)
    cohort.downLoss = .bernoulli(p: .constant(loss))
    let whole = SimulationConfiguration(parameters: parameters, file: file, cohorts: [cohort])

    self.whole = whole
    self.span = try span ?? Self.span(of: whole)
    session = Self.session(of: whole, until: self.span.upperBound)
  }

  /// The first session of a run, which ends at `end`, and its check.
  static func session(of whole: SimulationConfiguration, until end: Nanoseconds) -> SimulationConfiguration {
    var session = whole
    session.parameters.promotion.reportWindow = .seconds(3600)
    session.limits.time = end + whole.parameters.noticeInterval * whole.parameters.noticeCopies
    return session
  }

  static func span(of configuration: SimulationConfiguration) throws -> ClosedRange<Nanoseconds> {
    guard let first = try run(configuration).sessions.first, let begin = first.begin, let end = first.end else {
      throw BenchmarkError("the session did not end")
    }
    return begin...end
  }

  static func run(_ configuration: SimulationConfiguration, _ delivery: Delivery = .byRuns) throws -> RunRecord {
    var simulation = Simulation(configuration, seed: 1, replication: 1, delivery: delivery)
    return try simulation.run()
  }

  /// Row 1: by losses, against C.
  func measureByLosses(rounds: Int, into report: inout Report) throws {
    let work = try Work(of: session)
    var floorLosses: UInt64 = 0
    let samples = try Samples(
      rounds: rounds,
      [
        { try seconds { _ = try Self.run(session) } },
        {
          seconds {
            floorLosses = cfloor_session_by_losses(UInt32(devices), UInt32(blocks), loss, 1).losses
          }
        },
      ]
    )
    try work.check(floorLosses)
    let (ours, floor) = (0, 1)
    work.addRates(
      "session \(devices) × \(blocks), default: deliveries, rival C geometric", samples, floor, into: &report)
    report.add(
      "— the same per loss",
      ours: nanoseconds(samples.seconds(ours), per: work.losses),
      rival: nanoseconds(samples.seconds(floor), per: work.losses),
      ratio: samples.ratio(ours, to: floor)
    )
  }

  /// Row 2: packet by packet, against C and against the default.
  func measureByPackets(rounds: Int, into report: inout Report) throws {
    let work = try Work(of: session)
    var floorLosses: UInt64 = 0
    let samples = try Samples(
      rounds: rounds,
      [
        { try seconds { _ = try Self.run(session, .packetByPacket) } },
        {
          seconds {
            floorLosses = cfloor_session_by_packets(UInt32(devices), UInt32(blocks), loss, 1).losses
          }
        },
        { try seconds { _ = try Self.run(session) } },
      ]
    )
    try work.check(floorLosses)
    let (floor, byLosses) = (1, 2)
    work.addRates(
      "session \(devices) × \(blocks), packet by packet: deliveries, rival C Bernoulli", samples, floor, into: &report)
    work.addRates("— the same, rival gapsim's default", samples, byLosses, into: &report)
  }

  /// What a session delivers and loses.
  private struct Work {
    let deliveries: Double
    let losses: Double

    init(of session: SimulationConfiguration) throws {
      let record = try SessionBenchmark.run(session)
      deliveries = Double(record.devices.reduce(0) { $0 + $1.offeredPackets })
      losses = Double(record.devices.reduce(0) { $0 + $1.lostPackets })
    }

    /// Adds a row: deliveries per second of the first who was measured, beside a rival.
    func addRates(_ name: String, _ samples: Samples, _ rival: Int, into report: inout Report) {
      report.add(
        name,
        ours: rate(deliveries, in: samples.seconds(0)),
        rival: rate(deliveries, in: samples.seconds(rival)),
        ratio: samples.ratio(0, to: rival)
      )
    }

    func check(_ floorLosses: UInt64) throws {
      guard abs(Double(floorLosses) / losses - 1) < 0.05 else { throw BenchmarkError("the floor does other work") }
    }
  }

  /// Row 4: what the repair of everybody at once takes, in units of one hold.
  ///
  /// - Parameter hold: gives the seconds that one takes.
  func measureRepair(rounds: Int, hold: @escaping () -> Double, into report: inout Report) throws {
    let record = try Self.run(whole)
    let repaired = Double(record.devices.reduce(0) { $0 + $1.unicastBlocks })
    let samples = try Samples(
      rounds: rounds,
      [{ try (seconds { _ = try Self.run(whole) } - seconds { _ = try Self.run(session) }) / repaired }, hold]
    )
    report.add(
      "repair, \(devices) devices × \(number(repaired / Double(devices), digits: 0)) blocks: a block, rival a hold at 1000",
      ours: nanoseconds(samples.seconds(0), per: 1),
      rival: nanoseconds(samples.seconds(1), per: 1),
      ratio: samples.ratio(0, to: 1)
    )
  }

  /// Allocations from about block 1000 to the session's end: the difference of two runs that end there and then.
  func measureAllocations(_ delivery: Delivery, _ name: String, into report: inout Report) throws {
    func count(until time: Nanoseconds) throws -> (allocations: UInt64, deliveries: UInt64) {
      var configuration = session
      configuration.limits.time = time
      let before = cfloor_allocations()
      let record = try Self.run(configuration, delivery)
      return (cfloor_allocations() - before, record.devices.reduce(0) { $0 + $1.offeredPackets })
    }
    let warm = span.lowerBound + Nanoseconds((span.upperBound - span.lowerBound).count * 1000 / Int64(blocks))
    let (early, late) = (try count(until: warm), try count(until: span.upperBound))
    let (allocations, deliveries) = (late.allocations - early.allocations, late.deliveries - early.deliveries)
    report.add(
      "allocations from block 1000 on, \(name), \(devices) × \(blocks), rival deliveries",
      ours: "\(allocations)",
      rival: "\(deliveries)",
      ratio: Double(allocations) / Double(deliveries)
    )
  }
}

struct BenchmarkError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}
