import Quantities
import Results
import RunMetrics

/// What went wrong in runs, from `runs.csv`, each with the place on the page that tells more.
struct Troubles: Sendable {
  /// What was counted of one metric.
  private struct Count {
    /// Over all runs.
    var sum = 0.0
    /// How many runs have any.
    var runs = 0
    /// The points that have any, with the sum of each.
    var points: [(point: String, sum: Double)] = []
  }

  private let runs: CSVTable
  private let points: Int
  /// The name of a point.
  private let name: @Sendable (String) -> String
  private let point: Int

  /// Reads the runs of one point, or of several points, which have names.
  init(_ runs: CSVTable, name: @escaping @Sendable (String) -> String = { "point \($0)" }) throws {
    (self.runs, self.name) = (runs, name)
    let point = try runs.column("point")
    self.point = point
    points = Set(runs.rows.map { $0[point] }).count
  }

  /// What went wrong, the worst first; empty if nothing did.
  ///
  /// - Parameters:
  ///   - devices: where the page tells of devices.
  ///   - sessions: where it tells of sessions.
  ///   - table: where it has the runs or points.
  func remarks(devices: PagePart.Place, sessions: PagePart.Place, table: PagePart.Place) throws -> [Remark] {
    let wordings: [(metric: Metric, mark: Remark.Mark, one: String, many: String, place: PagePart.Place)] = [
      (.failed, .bad, "device failed", "devices failed", devices),
      (
        .outlivedTraces, .warning, "device outlived its trace of loss, after which nothing is lost",
        "devices outlived their traces of loss, after which nothing is lost", table
      ),
      (
        .abandonedSessions, .warning, "session was abandoned by its driver", "sessions were abandoned by their drivers",
        sessions
      ),
      (.queueDrops, .warning, "frame was dropped at a full queue", "frames were dropped at full queues", table),
      (
        .overruns, .warning, "packet found no room in a receiver's buffer",
        "packets found no room in a receiver's buffer", table
      ),
      (
        .left, .plain, "device was switched off before it was complete, as the scenario says",
        "devices were switched off before they were complete, as the scenario says", devices
      ),
    ]
    return try limits(table)
      + wordings.compactMap { wording in
        guard let count = try count(wording.metric) else { return nil }
        let text = count.sum == 1 ? "1 \(wording.one)" : "\(HumanUnits.grouped(count.sum, decimals: 0)) \(wording.many)"
        return Remark(wording.mark, "\(text)\(place(count)).", at: wording.place)
      }
  }

  private func limits(_ table: PagePart.Place) throws -> [Remark] {
    guard let ended = runs.header.firstIndex(of: "ended") else { return [] }
    let limited = runs.rows.filter { !["complete", "interrupted"].contains($0[ended]) }
    guard !limited.isEmpty else { return [] }
    let kinds = [("time_limit", "simulated time"), ("event_limit", "events")]
      .filter { kind in limited.contains { $0[ended] == kind.0 } }.map(\.1)
    let verb = limited.count == 1 ? "was" : "were"
    return [
      Remark(
        .bad,
        "\(limited.count) of \(HumanUnits.plural(runs.rows.count, "run")) \(verb) ended by the limit on "
          + "\(kinds.joined(separator: " or on ")); all figures include what is unfinished.", at: table)
    ]
  }

  private func count(_ metric: Metric) throws -> Count? {
    guard let column = runs.header.firstIndex(of: metric.name) else { return nil }
    var count = Count()
    for row in runs.rows.indices {
      guard let value = try runs.number(row, column), value > 0 else { continue }
      let here = runs.rows[row][point]
      count.sum += value
      count.runs += 1
      if count.points.last?.point != here { count.points.append((here, 0)) }
      count.points[count.points.count - 1].sum += value
    }
    return count.runs > 0 ? count : nil
  }

  private func place(_ count: Count) -> String {
    guard points > 1 else {
      return runs.rows.count > 1 ? ", in \(count.runs) of \(runs.rows.count) replications" : ""
    }
    guard let most = count.points.max(by: { $0.sum < $1.sum }) else { return "" }
    return ", at "
      + (count.points.count == 1 ? "" : "\(count.points.count) of \(points) points, most at ") + name(most.point)
  }
}
