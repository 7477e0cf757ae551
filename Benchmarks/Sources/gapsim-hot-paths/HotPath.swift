import CFloor

/// Does one piece of work on a hot path, a short or a long one, and prints how many units it did and how often it allocated.
///
/// What the long one does beyond the short one is the hot path alone, for all that comes before it is the same in both.
/// `.ci/check-hot-paths` counts the instructions of both and takes the difference.
@main
enum HotPath: String, CaseIterable {
  case hold = "hold"
  case draws = "losses-drawn"
  case byLosses = "session-by-losses"
  case unobserved = "session-unobserved"
  case packetByPacket = "session-packet-by-packet"
  case repair = "repair"
  case overflow = "session-with-overflow"

  /// How much is done.
  enum Length: String {
    case short, long
  }

  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.isEmpty { return print(allCases.map(\.rawValue).joined(separator: "\n")) }
    guard arguments.count == 2, let path = HotPath(rawValue: arguments[0]), let length = Length(rawValue: arguments[1])
    else { fatalError("usage: gapsim-hot-paths [PATH short|long]") }
    let units = path.work(length)
    print(units, cfloor_allocations())
  }

  /// Works, and gives the units done, in whatever they are counted.
  private func work(_ length: Length) -> UInt64 {
    switch self {
    case .hold: Hold.run(length)
    case .draws: Draws.run(length)
    case .byLosses: Session(devices: 500, blocks: 20_000).listen(length, .byRuns)
    case .unobserved: Session(devices: 500, blocks: 20_000).listenUnobserved(length)
    case .packetByPacket: Session(devices: 200, blocks: 5000).listen(length, .packetByPacket)
    case .repair: Session(devices: 500, blocks: 5000).repair(length)
    case .overflow: Session(devices: 200, blocks: 20_000, window: 256, overflows: true).listen(length, .byRuns)
    }
  }
}
