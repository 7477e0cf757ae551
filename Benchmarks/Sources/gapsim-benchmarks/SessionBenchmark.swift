import CFloor
import NetworkModel
import PromotionEngine
import Timebase

/// One session and its check: devices that join at once and lose a share of what they are sent, 1 % unless it is said.
struct SessionBenchmark {
  static let loss = 0.01

  let devices: Int
  let blocks: Int
  let loss: Double
  /// The session, its check, and the repair of everybody at once.
  let whole: NetworkConfiguration
  /// The session and its check: reports would be sent after the end of the run.
  let session: NetworkConfiguration
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
    let whole = NetworkConfiguration(parameters: parameters, file: file, cohorts: [cohort])

    self.whole = whole
    self.span = try span ?? Self.span(of: whole)
    var session = whole
    session.parameters.promotion.reportWindow = .seconds(3600)
    session.limits.time = self.span.upperBound + parameters.noticeInterval * parameters.noticeCopies
    self.session = session
  }

  private static func span(of configuration: NetworkConfiguration) throws -> ClosedRange<Nanoseconds> {
    guard let first = try run(configuration).sessions.first, let begin = first.begin, let end = first.end else {
      throw BenchmarkError("the session did not end")
    }
    return begin...end
  }

  static func run(_ configuration: NetworkConfiguration, _ delivery: Delivery = .byRuns) throws -> RunRecord {
    var simulation = Simulation(configuration, seed: 1, replication: 1, delivery: delivery)
    return try simulation.run()
  }

  /// Rows 1 and 2: by losses and packet by packet, each against C and against each other.
  func measure(rounds: Int, into report: inout Report) throws {
    let record = try Self.run(session)
    let deliveries = Double(record.devices.reduce(0) { $0 + $1.offeredPackets })
    let losses = Double(record.devices.reduce(0) { $0 + $1.lostPackets })
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
        { try seconds { _ = try Self.run(session, .packetByPacket) } },
        {
          seconds {
            floorLosses = cfloor_session_by_packets(UInt32(devices), UInt32(blocks), loss, 1).losses
          }
        },
      ]
    )
    guard abs(Double(floorLosses) / losses - 1) < 0.05 else { throw BenchmarkError("the floor does other work") }

    let size = "\(devices) × \(blocks)"
    let (byRuns, byLosses, byPackets, floor) = (0, 1, 2, 3)
    report.add(
      "session \(size), default: deliveries, rival C geometric",
      ours: rate(deliveries, in: samples.seconds(byRuns)),
      rival: rate(deliveries, in: samples.seconds(byLosses)),
      ratio: samples.ratio(byRuns, to: byLosses)
    )
    report.add(
      "— the same per loss",
      ours: nanoseconds(samples.seconds(byRuns), per: losses),
      rival: nanoseconds(samples.seconds(byLosses), per: losses),
      ratio: samples.ratio(byRuns, to: byLosses)
    )
    report.add(
      "session \(size), packet by packet: deliveries, rival C Bernoulli",
      ours: rate(deliveries, in: samples.seconds(byPackets)),
      rival: rate(deliveries, in: samples.seconds(floor)),
      ratio: samples.ratio(byPackets, to: floor)
    )
    report.add(
      "— the same, rival gapsim's default",
      ours: rate(deliveries, in: samples.seconds(byPackets)),
      rival: rate(deliveries, in: samples.seconds(byRuns)),
      ratio: samples.ratio(byPackets, to: byRuns)
    )
  }

  /// Row 4: what the repair of everybody at once takes, in units of one hold.
  func measureRepair(rounds: Int, hold: Double, into report: inout Report) throws {
    let record = try Self.run(whole)
    let repaired = Double(record.devices.reduce(0) { $0 + $1.unicastBlocks })
    let samples = try Samples(
      rounds: rounds,
      [{ try seconds { _ = try Self.run(whole) } }, { try seconds { _ = try Self.run(session) } }]
    )
    let time = samples.difference(0, 1) / repaired
    report.add(
      "repair, \(devices) devices × \(number(repaired / Double(devices), digits: 0)) blocks: a block, rival a hold at 1000",
      ours: nanoseconds(time, per: 1),
      rival: nanoseconds(hold, per: 1),
      ratio: time / hold
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
