import BlockTransfer
import Network
import PromotionRun
import PromotionEngine
import Timebase
import Runs

/// One session of devices that join at once and lose 1 % of what they are sent, its check, and the repair of everybody at
/// once.
struct Session {
  /// The session, its check and the repair.
  private let whole: SimulationConfiguration
  private var end: Nanoseconds

  /// Devices on the uplink, or on a tree of ten ports whose queues are too small for a window.
  init(devices: Int, blocks: Int, window: UInt32 = 1, overflows: Bool = false) {
    guard let file = FileLayout(size: UInt64(blocks) * 1428 - 1427, blockSize: 1428) else { fatalError("no such file") }
    var parameters = ProtocolParameters()
    parameters.promotion.threshold = file.size
    parameters.windowSize = window
    let ports = overflows ? Self.tree : []
    let cohorts = (0..<max(1, ports.count)).map { index in
      var cohort = Cohort(name: "desks \(index)", count: devices / max(1, ports.count))
      cohort.segment = ports.isEmpty ? nil : ports[index].name
      cohort.downLoss = .bernoulli(p: .constant(0.01))
      return cohort
    }
    var whole = SimulationConfiguration(parameters: parameters, file: file, cohorts: cohorts)
    whole.segments = ports
    self.whole = whole
    // More than it takes: the active device loses a block in a hundred, and waits a second for it.
    end = .milliseconds(Int64(blocks) * 20)
    guard let end = Self.run(untilCheck(short: false)).sessions.first?.end else {
      fatalError("the session did not end")
    }
    self.end = end
  }

  /// Ten ports in three levels, which are slower than the uplink.
  private static let tree = (0..<10).map { index in
    var segment = Segment(name: "port \(index)")
    segment.parent = index > 2 ? "port \(index / 3)" : nil
    segment.bitsPerSecond = 200_000_000
    segment.queue = 200
    return segment
  }

  /// To a fifth of the session, or to its end and through its check.
  ///
  /// - Returns: losses by runs, and deliveries packet by packet or where queues overflow.
  func listen(_ length: HotPath.Length, _ delivery: Delivery) -> UInt64 {
    let record = Self.run(untilCheck(short: length == .short), delivery)
    let countsLosses = delivery == .byRuns && whole.segments.isEmpty
    return record.devices.reduce(0) { $0 + (countsLosses ? $1.lostPackets : $1.offeredPackets) }
  }

  /// The same by runs, with nobody told what happens: observers that do nothing must cost nothing.
  ///
  /// - Returns: losses, which two runs that are told say, whatever the length.
  func listenUnobserved(_ length: HotPath.Length) -> UInt64 {
    let losses = [true, false].map { short in
      Self.run(untilCheck(short: short)).devices.reduce(0) { $0 + $1.lostPackets }
    }
    let run = Simulation.runUnobserved(untilCheck(short: length == .short), seed: 1, replication: 1)
    precondition(run.events > 0 && run.bytes > 0, "nothing happened")
    return losses[length == .short ? 0 : 1]
  }

  /// To half of the time in which the first device is repaired, when all that grows has grown, or to the end of the repair.
  ///
  /// - Returns: blocks that came by unicast.
  func repair(_ length: HotPath.Length) -> UInt64 {
    let completed = Self.run(whole).devices.compactMap(\.completed)
    guard let first = completed.filter({ $0 > end }).min() else { fatalError("nobody is repaired") }
    var repair = whole
    if length == .short { repair.limits.time = end + Nanoseconds((first - end).count / 2) }
    let record = Self.run(repair)
    return record.devices.reduce(0) { $0 + $1.unicastBlocks }
  }

  /// Reports would be sent after the end of the run.
  private func untilCheck(short: Bool) -> SimulationConfiguration {
    var session = whole
    session.parameters.promotion.reportWindow = .seconds(360_000)
    session.limits.time =
      short ? Nanoseconds(end.count / 5) : end + whole.parameters.noticeInterval * whole.parameters.noticeCopies
    return session
  }

  private static func run(_ configuration: SimulationConfiguration, _ delivery: Delivery = .byRuns) -> RunRecord {
    var simulation = Simulation(configuration, seed: 1, replication: 1, delivery: delivery)
    do {
      return try simulation.run()
    } catch {
      fatalError("\(error)")
    }
  }
}
