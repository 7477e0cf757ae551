import Network
import Runs

/// What a run costs, in seconds of one core of 2.5 GHz.
///
/// It is reckoned from what the run did, not measured, so that whatever depends on it is the same on every machine.
/// It is mostly right to within a factor of two; docs/performance.md has the measurements.
enum RunCost {
  /// The costs of the parts of a run in nanoseconds, fitted to the shipped scenarios.
  private enum Nanosecond {
    /// A device: drawing it, reporting it.
    static let device = 6500.0
    /// A device in a session, whether it hears it or not: its notices, its check.
    static let session = 1800.0
    /// A gap of a device, for each session that it hears: it is looked for there.
    static let gap = 3.0
    /// A packet that a device lost on its own path, and a DATA that it had already.
    static let (lost, duplicate) = (140.0, 4.0)
    /// A DATA to one device, with its answer; a DATA to the group.
    static let (unicast, multicast) = (160.0, 5.5)
    /// A frame that a queue dropped, or a datagram that did not fit into a buffer.
    static let drop = 50.0
    /// A packet over a path with jitter, below a segment, or to a receiver with a buffer.
    static let (jitter, segment, buffered) = (18.0, 5.0, 12.0)
  }

  /// The cost of a run that is over.
  static func seconds(of record: RunRecord, in network: NetworkConfiguration) -> Double {
    let offered = network.cohorts.map { cohort in
      (cohort.jitter == nil ? 0 : Nanosecond.jitter) + (cohort.receiver == nil ? 0 : Nanosecond.buffered)
        + (network.segments.isEmpty ? 0 : Nanosecond.segment)
    }
    var cost = Nanosecond.multicast * Double(record.multicastDataPackets)
    cost += Nanosecond.unicast * Double(record.unicastDataPackets)
    cost += Nanosecond.drop * Double(record.segments.reduce(record.uplink.drops) { $0 + $1.drops })
    let eachDevice = Nanosecond.device + Nanosecond.session * Double(record.sessions.count)
    for device in record.devices {
      let gaps = Double(device.firstCheck?.gaps ?? 0) * Double(device.sessionsHeard)
      cost += eachDevice + Nanosecond.gap * gaps
      cost += Nanosecond.lost * Double(device.lostPackets) + Nanosecond.duplicate * Double(device.duplicatePackets)
      cost += Nanosecond.drop * Double(device.path.linkDrops + device.path.overruns)
      cost += offered[device.cohort] * Double(device.offeredPackets)
    }
    return cost / 1e9
  }
}
