import Quantities
import RunMetrics
import Statistics

/// Which of some points may be recommended: as in a tuning, what leaves devices behind is no merit.
///
/// What a limit cut short sent less and has no late completions, so its figures are too small. A device is left behind
/// if it does not get the file although nobody switched it off.
struct PointFitness {
  /// The metrics that it takes.
  static let metrics: [Metric] = [.devices, .completed, .failed, .left]

  /// The replications that all points have.
  let replications: Set<Int>
  /// The mean number of devices left behind in these, by the number of the point, as far as it is known.
  let leftBehind: [Int: Double]
  /// The points that may not be recommended.
  let unfit: Set<Int>
  /// How many these are.
  let leftOut: LeftOutPoints

  init(_ points: [PointSamples]) {
    let common = points.dropFirst().reduce(Set(points.first?.replications ?? [])) { common, point in
      common.intersection(point.replications)
    }
    let counts = Dictionary(
      points.compactMap { point in Self.leftBehind(point, in: common).map { (point.point, $0) } }
    ) { first, _ in first }
    let means = counts.compactMapValues(Sample.mean)
    let limited = points.filter { !$0.limited.isDisjoint(with: common) }.map(\.point)
    let devices = points.compactMap { $0.values(of: .devices, in: common)?.max() }.max() ?? 0
    // Forged results may have any number.
    let allowed = Tuner.allowance(Int(max(0, min(devices, 1e9))))
    let fittest = points.map(\.point).min { means[$0] ?? .infinity < means[$1] ?? .infinity }
    let most = (fittest.flatMap { means[$0] } ?? 0) + allowed
    let desertive = points.map(\.point).filter { (means[$0] ?? 0) > most && !limited.contains($0) }
    let unproven = desertive.filter { point in
      guard let more = counts[point], let least = fittest.flatMap({ counts[$0] }) else { return true }
      return !Sample.isAbove(allowed, zip(more, least).map(-), error: 0.05)
    }
    replications = common
    leftBehind = means
    unfit = Set(limited + desertive)
    leftOut = LeftOutPoints(limited: limited.count, unfit: desertive.count, unproven: unproven.count)
  }

  /// How many devices a point leaves behind in each replication; of results without a column for the complete ones, those that
  /// failed. Nil if neither is known.
  private static func leftBehind(_ point: PointSamples, in replications: Set<Int>) -> [Double]? {
    guard let all = point.values(of: .devices, in: replications),
      let complete = point.values(of: .completed, in: replications)
    else { return point.values(of: .failed, in: replications) }
    let left = point.values(of: .left, in: replications) ?? all.map { _ in 0 }
    return all.indices.map { max(0, all[$0] - complete[$0] - left[$0]) }
  }
}

/// How many points are not compared with the others, and why.
package struct LeftOutPoints: Hashable, Sendable {
  /// A limit ended runs of these.
  var limited = 0
  /// These leave more devices behind than the fittest one, by more than ``Tuner/allowance(_:)``.
  var unfit = 0
  /// So many of these may do so by chance.
  var unproven = 0
  /// These have no value in some replications.
  var valueless = 0

  /// The reasons in words; empty if no point is left out.
  var notes: [String] {
    let all = [
      (limited, "left out, for a limit ended runs"), (unfit - unproven, "left out, for more devices are left behind"),
      (unproven, "left out, for more devices are left behind, though maybe by chance"),
      (valueless, "left out for want of a value"),
    ]
    return all.filter { $0.0 > 0 }.map { "\($0.1): \(HumanUnits.plural($0.0, "point"))" }
  }

  /// Why there is no recommendation, if all points are left out.
  package var reason: String {
    limited + unfit == limited
      ? "a limit ended runs of \(limited == 2 ? "both points" : "all \(limited) points")"
      : "a limit ended runs of \(HumanUnits.plural(limited, "point")), and the others leave more devices behind"
  }
}
