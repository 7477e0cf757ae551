import RandomStreams

/// Draws of the distance to the next loss, at 1 %. Units: draws.
enum Draws {
  static func run(_ length: HotPath.Length) -> UInt64 {
    var stream = RandomStream(StreamKey(seed: 1, replication: 1, device: 1, purpose: .downLoss))
    let law = GeometricLaw(p: 0.01)
    let draws: UInt64 = length == .short ? 10_000 : 110_000
    var packets: UInt64 = 0
    for _ in 0..<draws { packets &+= stream.geometric(law) }
    precondition(packets / draws > 90 && packets / draws < 110, "\(packets) packets for \(draws) losses")
    return draws
  }
}
