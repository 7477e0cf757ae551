/// A share of the runs of an experiment, which one of several machines does.
///
/// The runs are numbered replication by replication, all points of the first one first, and dealt out in rounds, each of
/// which begins one share further on. So shares differ by at most one run; points that cost more, and keys that change at
/// a fixed pace, are spread over all of them; and with more replications a share keeps the runs that it had.
package struct Share: Hashable, Sendable, Codable {
  /// Which share it is, from 1.
  package let number: Int
  /// How many there are.
  package let of: Int

  /// The most shares.
  package static let most = 100_000

  /// A share by its number; nil if there is none.
  package init?(number: Int, of: Int) {
    guard (1...Self.most).contains(of), (1...of).contains(number) else { return nil }
    self.number = number
    self.of = of
  }

  /// A share as it is written: `3/16`.
  package init?(_ text: String) {
    let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let number = numbers[0], let of = numbers[1] else { return nil }
    self.init(number: number, of: of)
  }

  /// Whether a run is in the share, of an experiment of so many points.
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
    // In the last round, which is not whole, the first places go to the shares from this one on.
    let place = (number - 1 - runs / of % of + of) % of
    return runs / of + (place < rest ? 1 : 0)
  }
}

extension Share: CustomStringConvertible {
  package var description: String { "\(number)/\(of)" }

  /// The share in a sentence.
  package var words: String { "share \(number) of \(of)" }
  /// What an output directory of the share is called after the name of the whole.
  package var suffix: String { "-\(number)-of-\(of)" }
}
