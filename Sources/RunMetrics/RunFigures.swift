import Network
import Statistics
import Timebase
import Runs

/// What `runs.csv` and `cohorts.csv` report of one run, taken from its record.
package struct RunFigures: Sendable {
  /// The figures of all devices.
  package let all: GroupFigures
  /// The same by cohort.
  package let cohorts: [GroupFigures]
  /// The last completion, nil if no device is complete.
  package let makespan: Nanoseconds?
  /// The probability of a loss in session 1 at least this uneven if loss were uniform (N9); nil if nothing can be
  /// tested.
  package let lossUniformity: Double?
  /// Why the run ended.
  package let ended: RunEnd
  /// How many sessions there were.
  package let sessions: Int
  /// How many of them were abandoned (R8).
  package let abandonedSessions: Int
  /// How many of them were handed over (R23).
  package let handedOverSessions: Int
  /// Multicast DATA that left the uplink.
  package let multicastDataPackets: UInt64
  /// Unicast DATA that left the uplink.
  package let unicastDataPackets: UInt64
  /// Bytes on the wire that left the uplink.
  package let serverBytes: UInt64
  /// Frames that found the queue of a port full: the uplink's, a segment's or a link's.
  package let queueDrops: UInt64
  /// Devices that outlived a trace of loss (N14).
  package let outlivedTraces: Int
  /// Packets that the devices sent.
  package let devicePackets: UInt64
  /// What is known of the run.
  let known: Knowledge

  /// Computes the figures of a run.
  package init(_ record: RunRecord) {
    var cohorts: [GroupCounters] = []
    var makespan: Nanoseconds?
    for device in record.devices {
      while cohorts.count <= device.cohort { cohorts.append(GroupCounters()) }
      cohorts[device.cohort].add(device)
      if let completed = device.completed { makespan = max(makespan ?? completed, completed) }
    }
    let all = GroupFigures(cohorts, strategy: record.strategy)
    self.all = all
    self.cohorts =
      cohorts.count == 1 ? [all] : cohorts.map { GroupFigures(CollectionOfOne($0), strategy: record.strategy) }
    self.makespan = makespan
    lossUniformity = ChiSquared.homogeneity(record.sessionOneLoss.map { [$0.lost, $0.received] })
    ended = record.ended
    sessions = record.sessions.count
    abandonedSessions = record.sessions.count { $0.ended == .abandoned }
    handedOverSessions = record.sessions.count { $0.ended == .handedOver }
    multicastDataPackets = record.multicastDataPackets
    unicastDataPackets = record.unicastDataPackets
    serverBytes = record.serverBytes
    queueDrops = record.segments.reduce(record.uplink.drops + all.linkDrops) { $0 + $1.drops }
    outlivedTraces = record.outlivedTraces
    devicePackets = record.devicePackets
    known = record.known
  }

  /// All devices by their outcome.
  package var devices: DeviceFigures { all.devices }
}
