import NetworkModel
import RandomStreams
import Timebase
import Statistics

/// What `runs.csv` and `cohorts.csv` report of one run, taken from its record.
package struct RunFigures: Sendable {
  /// The figures of all devices.
  let all: GroupFigures
  /// The same by cohort.
  let cohorts: [GroupFigures]
  /// The last completion, nil if no device is complete.
  let makespan: Nanoseconds?
  /// The probability of so uneven a loss in session 1 if loss were uniform (N9); nil if nothing can be tested.
  let lossUniformity: Double?
  /// Why the run ended.
  let ended: RunEnd
  /// How many sessions there were.
  let sessions: Int
  /// How many of them were abandoned (R8).
  let abandonedSessions: Int
  /// Multicast DATA that left the uplink.
  let multicastDataPackets: UInt64
  /// Unicast DATA that left the uplink.
  let unicastDataPackets: UInt64
  /// Bytes on the wire that left the uplink.
  let serverBytes: UInt64

  /// Draws up the figures of a run.
  package init(_ record: RunRecord) {
    var cohorts: [GroupTally] = []
    var makespan: Nanoseconds?
    for device in record.devices {
      while cohorts.count <= device.cohort { cohorts.append(GroupTally()) }
      cohorts[device.cohort].add(device)
      if let completed = device.completed { makespan = max(makespan ?? completed, completed) }
    }
    let all = GroupFigures(cohorts)
    self.all = all
    self.cohorts = cohorts.count == 1 ? [all] : cohorts.map { GroupFigures(CollectionOfOne($0)) }
    self.makespan = makespan
    lossUniformity = ChiSquared.homogeneity(record.sessionOneLoss.map { [$0.lost, $0.received] })
    ended = record.ended
    sessions = record.sessions.count
    abandonedSessions = record.sessions.count { $0.abandoned }
    multicastDataPackets = record.multicastDataPackets
    unicastDataPackets = record.unicastDataPackets
    serverBytes = record.serverBytes
  }

  /// All devices by what became of them.
  var devices: DeviceFigures { all.devices }
}
