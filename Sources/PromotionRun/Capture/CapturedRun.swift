import Network
import PromotionEngine
import Timebase
import Runs

/// A run whose packets are captured at one place of the network, in the format pcapng.
///
/// The bytes are the same for both deliveries. Samples of a timeline are not taken.
public struct CapturedRun: Sendable {
  private var run: Run<Promotion, Both<RunCounters, PacketCapture>>
  private let number: RunNumber
  private let encoder: CaptureEncoder
  private let beginning: [UInt8]
  private var buffer: [UInt8] = []
  /// The packets that were captured so far.
  public private(set) var packets: UInt64 = 0

  private static let bufferBytes = 1 << 16
  /// Captured packets are taken when so many wait.
  private static let packetsAtOnce = 1024

  /// Sets a run up; see ``Simulation/init(_:seed:replication:delivery:)``.
  ///
  /// - Parameters:
  ///   - point: where packets are captured.
  ///   - title: what is run; it stands in the file.
  public init(
    _ configuration: SimulationConfiguration, seed: UInt64, replication: Int, delivery: Delivery = .byRuns,
    at point: CapturePoint, title: String
  ) {
    var configuration = configuration.forEngine
    configuration.timelineStep = nil
    number = RunNumber(seed: seed, replication: replication)
    let promotion = Promotion(configuration)
    encoder = CaptureEncoder(wire: promotion.wire, file: promotion.file)
    beginning = encoder.beginning(
      interface: point.description, comment: "\(title), seed \(seed), replication \(replication)")
    run = Run(
      promotion, on: configuration.network,
      observedBy: Both(RunCounters(configuration), PacketCapture(at: point)), seed: seed, replication: replication,
      delivery: delivery)
  }

  /// Runs to the end, and hands the file on piece by piece while the run goes on.
  ///
  /// - Throws: an ``InvariantBreach`` when the run contradicts itself, or what `write` throws.
  public mutating func write(to write: ([UInt8]) throws -> Void) throws -> RunRecord {
    buffer = beginning
    var ended: RunEnd?
    while ended == nil {
      ended = run.advance { $0.observer.second.packets.count >= Self.packetsAtOnce }
      try drain(into: write)
    }
    let end = ended ?? .complete
    let totals = run.finish(end)
    run.observer.second.finish(at: lastInstant(of: end))
    try drain(into: write)
    try write(buffer)
    return try run.observer.first.record(of: number, ended: end, events: run.events, totals: totals)
  }

  private func lastInstant(of end: RunEnd) -> Nanoseconds {
    switch end {
    case .complete: .never
    case .timeLimit: run.network.limits.time
    case .eventLimit, .interrupted: run.time
    }
  }

  private mutating func drain(into write: ([UInt8]) throws -> Void) throws {
    let captured = run.observer.second.take()
    packets += UInt64(captured.count)
    for packet in captured {
      try encoder.append(packet, to: &buffer)
      guard buffer.count >= Self.bufferBytes else { continue }
      try write(buffer)
      buffer.removeAll(keepingCapacity: true)
    }
  }
}
