import BlockTransfer
import Network
import PromotionEngine
import Rivals
import Runs
import Timebase

/// What a richer network costs beside a plain one, and another strategy beside the promotion protocol: 45 MiB to 500
/// devices at 1 % loss, by the default delivery. A network is measured twice: a session and its check, and a whole run, in
/// which every device repairs 1 % of the file by itself.
struct WorldBenchmark {
  private static let devices = 500
  private static let file = FileLayout(size: 45 << 20, blockSize: 1428)

  /// A run with one cohort on each of as many ports as there are, or all on the uplink.
  private static func configuration(
    window: UInt32, ports: [Segment] = [], _ change: (inout Cohort) -> Void
  ) throws -> SimulationConfiguration {
    guard let file else { throw BenchmarkError("no such file") }
    var parameters = ProtocolParameters()
    parameters.windowSize = window
    parameters.promotion.threshold = 2 << 20
    let cohorts = (0..<max(1, ports.count)).map { index in
      var cohort = Cohort(name: "cohort \(index)", count: devices / max(1, ports.count))
      cohort.segment = ports.isEmpty ? nil : ports[index].name
      cohort.downLoss = .bernoulli(p: .constant(0.01))
      change(&cohort)
      return cohort
    }
    var configuration = SimulationConfiguration(parameters: parameters, file: file, cohorts: cohorts)
    configuration.segments = ports
    return configuration
  }

  /// Ten ports in a tree of three levels, each with a queue of 200 frames and of this rate.
  private static func tree(bitsPerSecond: UInt64 = 1_000_000_000) -> [Segment] {
    (0..<10).map { index in
      var segment = Segment(name: "port \(index)")
      segment.parent = index > 2 ? "port \(index / 3)" : nil
      segment.bitsPerSecond = bitsPerSecond
      segment.queue = 200
      return segment
    }
  }

  private static func session(of whole: SimulationConfiguration) throws -> SimulationConfiguration {
    SessionBenchmark.session(of: whole, until: try SessionBenchmark.span(of: whole).upperBound)
  }

  /// Adds a row: what a delivery takes in two runs, which may deliver different numbers of packets.
  private static func add(
    _ name: String, _ ours: SimulationConfiguration, rival: SimulationConfiguration, rounds: Int,
    into report: inout Report
  ) throws {
    func time(_ configuration: SimulationConfiguration) throws -> Double {
      var deliveries: UInt64 = 0
      let seconds = try seconds {
        let record = try configuration.run(seed: 1, replication: 1)
        deliveries = record.devices.reduce(0) { $0 + $1.offeredPackets }
      }
      return seconds / Double(max(1, deliveries))
    }
    let samples = try Samples(rounds: rounds, [{ try time(ours) }, { try time(rival) }])
    report.add(
      name, ours: nanoseconds(samples.seconds(0), per: 1), rival: nanoseconds(samples.seconds(1), per: 1),
      ratio: samples.ratio(0, to: 1))
  }

  /// Adds the rows of a network: a session and its check, then a whole run, beside Bernoulli loss on one uplink with the
  /// same window.
  private static func add(
    _ name: String, _ ours: SimulationConfiguration, rounds: Int, into report: inout Report
  ) throws {
    let window = ours.parameters.windowSize
    let plain = try configuration(window: window) { _ in }
    let rival = "rival Bernoulli loss on one uplink"
    try add(
      "\(name), window \(window): a delivery of a session, \(rival)", session(of: ours), rival: session(of: plain),
      rounds: rounds, into: &report)
    try add("— the same: a delivery of a whole run, \(rival)", ours, rival: plain, rounds: rounds, into: &report)
  }

  /// Rows of N10–N13: ports, links, receivers and bursts by time, against Bernoulli loss on one uplink.
  static func measureNetworks(rounds: Int, into report: inout Report) throws {
    let link = Link(bitsPerSecond: 1_000_000_000, queue: 200)
    let buffer = ReceiverBuffer(bitsPerSecond: 2_000_000_000, bytes: 256 << 10)
    let bursts = LossModel.bursts(loss: .constant(0.01), length: .time(.constant(.milliseconds(2))))
    for window: UInt32 in [1, 16] {
      let others: [(name: String, SimulationConfiguration)] = [
        ("bursts of 2 ms", try configuration(window: window) { $0.downLoss = bursts }),
        ("a tree of ten ports", try configuration(window: window, ports: tree()) { _ in }),
        ("— and links", try configuration(window: window, ports: tree()) { $0.link = link }),
        (
          "— and receivers",
          try configuration(window: window, ports: tree()) { ($0.link, $0.receiver) = (link, buffer) }
        ),
        (
          "— and bursts of 2 ms",
          try configuration(window: window, ports: tree()) { cohort in
            (cohort.link, cohort.receiver, cohort.downLoss) = (link, buffer, bursts)
          }
        ),
      ]
      for (name, configuration) in others { try add(name, configuration, rounds: rounds, into: &report) }
    }
    try add(
      "a tree whose queues overflow", configuration(window: 256, ports: tree(bitsPerSecond: 200_000_000)) { _ in },
      rounds: rounds, into: &report)
    try add(
      "jitter, window 16: a delivery, rival without jitter",
      configuration(window: 16) { $0.jitter = .drawn(.exponential(mean: 20e-6)) },
      rival: configuration(window: 16) { _ in }, rounds: rounds, into: &report)
  }

  /// Rows of the strategies: a delivery of each, against one of the promotion protocol's whole run.
  static func measureStrategies(rounds: Int, into report: inout Report) throws {
    let promotion = try configuration(window: 16) { _ in }
    for strategy in StrategyName.allCases where strategy != .promotion {
      var rival = promotion
      rival.strategy = strategy
      try add(
        "\(strategy.rawValue): a delivery, rival promotion's", rival, rival: promotion, rounds: rounds, into: &report)
    }
  }
}
