import Quantities
import Results
import RunMetrics

/// What happened in a run, in a sentence, for a reader who expected nothing in particular.
struct RunOutcome: Sendable {
  let remark: Remark

  init(_ runs: CSVTable, _ point: SweepData.Point, isLive: Bool) throws {
    let column = try runs.column(Metric.completed.name)
    let all = try runs.column(Metric.devices.name)
    let replications = runs.rows.count
    let count = isLive ? HumanUnits.plural(replications, "run") : HumanUnits.plural(replications, "replication")
    let place = replications == 1 ? (isLive ? "" : ", in one replication") : " in \(count)"
    // Of live runs each may have other devices.
    let devices = try runs.rows.indices.map { try runs.number($0, all) ?? 0 }
    let complete = try runs.rows.indices.map { try runs.number($0, column) ?? 0 }
    let (least, most) = (devices.min() ?? 0, devices.max() ?? 0)
    let number =
      (least < most ? HumanUnits.grouped(least, decimals: 0) + " to " : "")
      + HumanUnits.grouped(most, decimals: 0) + (most == 1 ? " device" : " devices")
    guard let time = point[.makespan].map(Metric.makespan.text) else {
      remark = Remark(.bad, "None of \(number) got the image\(place).")
      return
    }
    if zip(complete, devices).allSatisfy({ $0 >= $1 }) {
      let subject =
        most == 1 ? "The only device has" : least == 2 && most == 2 ? "Both devices have" : "All \(number) have"
      remark = Remark(.good, "\(subject) the image after \(time)\(place).")
    } else if try Self.stayed(runs, complete, devices), let some = point[.completed] {
      remark = Remark(
        .good,
        "Every device that was not switched off has the image after \(time)\(place): "
          + "\(some.text(in: DisplayUnit(name: "", size: 1))) of \(number).")
    } else {
      let some = point[.completed].map { $0.text(in: DisplayUnit(name: "", size: 1)) } ?? ""
      remark = Remark(
        .bad, "Not all devices got the image: \(some) of \(number) have it, the last of them after \(time)\(place).")
    }
  }

  /// Whether all devices are complete that the scenario did not switch off before.
  private static func stayed(_ runs: CSVTable, _ complete: [Double], _ devices: [Double]) throws -> Bool {
    guard let column = runs.header.firstIndex(of: Metric.left.name) else { return false }
    return try runs.rows.indices.allSatisfy { row in
      try complete[row] + (runs.number(row, column) ?? 0) >= devices[row]
    }
  }
}
