/// When the devices of a group were complete, replication by replication.
struct CompletionTimes: Sendable {
  /// One replication of them.
  struct Replication: Sendable {
    var name: String
    var devices = 0
    /// The times of those that were complete, from their joins on; ascending once all are in.
    var times: [Double] = []
  }

  /// A point of a line: the share of the devices that are complete from that time on.
  struct Step: Sendable {
    var time: Double
    var share: Double
  }

  private(set) var replications: [Replication] = []

  /// Counts a device, with its time if it was complete. Devices of a replication come together.
  mutating func count(_ replication: String, _ time: Double?) {
    if replications.last?.name != replication { replications.append(Replication(name: replication)) }
    replications[replications.count - 1].devices += 1
    if let time { replications[replications.count - 1].times.append(time) }
  }

  /// Takes the devices of another group too, replication by replication.
  mutating func join(_ other: CompletionTimes) {
    for replication in other.replications {
      if let index = replications.firstIndex(where: { $0.name == replication.name }) {
        replications[index].devices += replication.devices
        replications[index].times += replication.times
      } else {
        replications.append(replication)
      }
    }
  }

  mutating func sort() {
    for index in replications.indices { replications[index].times.sort() }
  }

  var times: [Double] { replications.flatMap(\.times) }

  /// The devices of all replications, and those of them that were complete.
  var devices: Int { replications.reduce(0) { $0 + $1.devices } }
  var complete: Int { replications.reduce(0) { $0 + $1.times.count } }

  /// The line of the median: the time at which a share is complete is the median of the replications' times for it. It
  /// ends where half of the replications or more do not get any further.
  func median(resolution: Int) -> [Step] {
    let steps = min(resolution, replications.map(\.devices).max() ?? 0)
    return (0..<max(0, steps)).compactMap { step in
      medianTime(step + 1, of: steps).map { Step(time: $0, share: Double(step + 1) / Double(steps)) }
    }
  }

  /// The median time at which `step` parts of `steps` are complete; nil if it never comes.
  func medianTime(_ step: Int, of steps: Int) -> Double? {
    let times = replications.filter { $0.devices > 0 }.map { $0.time(step, of: steps) ?? .infinity }.sorted()
    guard let upper = times.isEmpty ? nil : times[times.count / 2], upper.isFinite else { return nil }
    return times.count.isMultiple(of: 2) ? (times[times.count / 2 - 1] + upper) / 2 : upper
  }
}

extension CompletionTimes.Replication {
  /// The time at which `step` parts of `steps` of its devices are complete; nil if they never are.
  func time(_ step: Int, of steps: Int) -> Double? {
    let rank = (step * devices + steps - 1) / steps
    return rank >= 1 && rank <= times.count ? times[rank - 1] : nil
  }

  /// The line of this replication.
  func line(resolution: Int) -> [CompletionTimes.Step] {
    let steps = min(resolution, devices)
    return (0..<max(0, steps)).compactMap { step in
      time(step + 1, of: steps).map { CompletionTimes.Step(time: $0, share: Double(step + 1) / Double(steps)) }
    }
  }
}
