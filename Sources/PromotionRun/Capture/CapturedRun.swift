import Network
import PromotionEngine
import Timebase
import Runs

/// A run whose packets are captured at one place of the network, in the format pcapng.
///
/// The bytes are the same for both deliveries. Samples of a timeline are not taken.
public struct CapturedRun: Sendable {
  private var run: WatchedRun
  private let encoder: CaptureEncoder
  private let beginning: [UInt8]
  private var buffer: [UInt8] = []
  /// The packets that were captured so far.
  public private(set) var packets: UInt64 = 0

  private static let bufferBytes = 1 << 16

  /// Sets a run up; see ``Simulation/init(_:seed:replication:delivery:)``.
  ///
  /// - Parameters:
  ///   - point: where packets are captured.
  ///   - title: what is run; it stands in the file.
  public init(
    _ configuration: SimulationConfiguration, seed: UInt64, replication: Int, delivery: Delivery = .byRuns,
    at point: CapturePoint, title: String
  ) {
    let promotion = Promotion(configuration.forEngine)
    encoder = CaptureEncoder(wire: promotion.wire, file: promotion.file)
    beginning = encoder.beginning(
      interface: point.description, comment: "\(title), seed \(seed), replication \(replication)")
    run = WatchedRun(configuration, seed: seed, replication: replication, delivery: delivery) { _ in
      Watch(capture: PacketCapture(at: point))
    }
  }

  /// Runs to the end, and hands the file on piece by piece while the run goes on.
  ///
  /// - Throws: an ``InvariantBreach`` when the run contradicts itself, or what `write` throws.
  public mutating func write(to write: ([UInt8]) throws -> Void) throws -> RunRecord {
    buffer = beginning
    var ended: RunEnd?
    while ended == nil {
      ended = run.advance()
      try drain(into: write)
    }
    let end = ended ?? .complete
    let totals = run.finish(end)
    let last = lastInstant(of: end)
    run.watch.capture?.finish(at: last)
    try drain(into: write)
    try write(buffer)
    return try run.record(end, totals)
  }

  private func lastInstant(of end: RunEnd) -> Nanoseconds {
    switch end {
    case .complete: .never
    case .timeLimit: run.core.network.limits.time
    case .eventLimit, .interrupted: run.core.time
    }
  }

  private mutating func drain(into write: ([UInt8]) throws -> Void) throws {
    let captured = run.watch.capture?.take() ?? []
    packets += UInt64(captured.count)
    for packet in captured {
      try encoder.append(packet, to: &buffer)
      guard buffer.count >= Self.bufferBytes else { continue }
      try write(buffer)
      buffer.removeAll(keepingCapacity: true)
    }
  }
}
