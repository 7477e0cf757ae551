import Network
import Runs

/// What a run costs, in seconds of one core of 2.5 GHz.
///
/// It is reckoned from what the run did, not measured, so that whatever depends on it is the same on every machine.
/// It is mostly right to within a factor of two; docs/performance.md has the measurements.
enum RunCost {
  /// The costs of the parts of a run in nanoseconds.
  private enum Nanosecond {
    /// A device: drawing it, its gaps, reporting it.
    static let device = 5000.0
    /// A device in a session: its join, notices, check.
    static let session = 2500.0
    /// A DATA to one device, with its answer.
    static let unicast = 200.0
    /// A DATA to the group, and through a tree of segments.
    static let (multicast, throughTree) = (20.0, 500.0)
    /// A frame that a queue dropped, or a datagram that did not fit into a buffer.
    static let drop = 150.0
    /// A packet over a path with jitter.
    static let jitter = 15.0
  }

  /// The cost of a run that is over.
  static func seconds(of record: RunRecord, in network: NetworkConfiguration) -> Double {
    var cost = Nanosecond.multicast + (network.segments.isEmpty ? 0 : Nanosecond.throughTree)
    cost *= Double(record.multicastDataPackets)
    cost += Nanosecond.unicast * Double(record.unicastDataPackets)
    cost += Nanosecond.drop * Double(record.segments.reduce(record.uplink.drops) { $0 + $1.drops })
    for device in record.devices {
      cost += Nanosecond.device + Nanosecond.session * Double(device.sessionsHeard)
      cost += Nanosecond.drop * Double(device.path.linkDrops + device.path.overruns)
      if network.cohorts[device.cohort].jitter != nil { cost += Nanosecond.jitter * Double(device.offeredPackets) }
    }
    return cost / 1e9
  }
}
