/// A share of the runs of an experiment, for one of several machines.
///
/// The runs are numbered replication by replication, beginning with all points of the first one. They are dealt out in
/// rounds, each of which begins one share further on. So shares differ by at most one run. Expensive points, and keys
/// that change at a fixed pace, are spread over all shares. With more replications a share keeps the runs that it had.
package struct Share: Hashable, Sendable, Codable {
  /// Which share it is, from 1.
  package let number: Int
  /// How many there are.
  package let of: Int

  /// The most shares.
  package static let most = 100_000

  /// A share by its number; nil if there is no such share.
  package init?(number: Int, of: Int) {
    guard (1...Self.most).contains(of), (1...of).contains(number) else { return nil }
    self.number = number
    self.of = of
  }

  /// A share from its text, such as `3/16`.
  package init?(_ text: String) {
    let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let number = numbers[0], let of = numbers[1] else { return nil }
    self.init(number: number, of: of)
  }

  /// Whether a run is in the share, in an experiment with this many points.
  package func contains(_ run: RunID, points: Int) -> Bool {
    Self.number(of: run, points: points, shares: of) == number
  }

  /// The number of the share that a run is in.
  package static func number(of run: RunID, points: Int, shares: Int) -> Int {
    let index = (run.replication - 1) * points + run.point
    return (index + index / shares) % shares + 1
  }

  /// How many runs are in the share.
  package func count(points: Int, replications: Int) -> Int {
    let runs = points * replications
    let rest = runs % of
    // In the last round, which is incomplete, the first runs go to the shares from this one on.
    let place = (number - 1 - runs / of % of + of) % of
    return runs / of + (place < rest ? 1 : 0)
  }
}

extension Share: CustomStringConvertible {
  package var description: String { "\(number)/\(of)" }

  /// The share in a sentence.
  package var words: String { "share \(number) of \(of)" }
  /// The suffix of the share's output directory, after the name of the whole.
  package var suffix: String { "-\(number)-of-\(of)" }
}
