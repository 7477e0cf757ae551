import Glibc

/// The fully sequential selection of the best of several systems: procedure KN of S.-H. Kim and B. L. Nelson, "A fully
/// sequential procedure for indifference-zone selection in simulation", ACM TOMACS 11(3), 2001, pp. 251–273. The best is the
/// smallest mean.
///
/// With normal observations, independent from replication to replication and in any way dependent between systems (common
/// random numbers), the best system is selected with probability at least `confidence` whenever it is better than every
/// other by `indifference` δ or more (they prove it). The constants are theirs for c = 1, their recommendation:
///
/// - β = α / (k − 1): the Bonferroni share of each comparison with the best, which no dependence between systems upsets;
/// - η = ½ ((2β)^(−2 / (n₀ − 1)) − 1), which solves g(η) = ½ (1 + 2η)^(−(n₀−1)/2) = β, the bound of Fabian's lemma taken over
///   the distribution of S², as in their proof;
/// - h² = 2 η (n₀ − 1);
/// - Wᵢₗ(r) = max(0, δ/(2r) (h² S²ᵢₗ/δ² − r)): system i is out after r replications when a survivor l is better by more than
///   that; and when r exceeds every Nᵢₗ = ⌊h² S²ᵢₗ/δ²⌋, every W is 0, and the best mean is left.
///
/// One thing is not theirs. S²ᵢₗ is the variance of the differences in the first n₀ replications, or in all so far where that
/// is larger. Two thresholds often do not differ at all in n₀ runs, and S² = 0 would call the next difference, however
/// small, certain. A larger S² only widens the region in which sampling goes on.
struct KimNelson: Sendable {
  private struct Pair: Sendable {
    var differences = PairedDifferences()
    var firstVariance = 0.0

    var variance: Double { max(firstVariance, differences.variance) }
  }

  let systems: Int
  let firstStage: Int
  let indifference: Double
  /// h², rounded up in its sixth decimal, for `pow` differs in its last bit between processors.
  let hSquared: Double

  /// The replications so far.
  private(set) var replications = 0
  /// After how many replications each system was eliminated; nil for survivors.
  private(set) var eliminatedAfter: [Int?]
  private var sums: [Double]
  private var pairs: [Pair]

  /// - Parameters:
  ///   - firstStage: n₀, at least 2.
  ///   - confidence: 1 − α, above 1/k and below 1.
  ///   - indifference: δ, above 0.
  init(systems: Int, firstStage: Int, confidence: Double, indifference: Double) {
    precondition(systems >= 1 && firstStage >= 2 && indifference > 0, "\(systems), \(firstStage), \(indifference)")
    self.systems = systems
    self.firstStage = firstStage
    self.indifference = indifference
    let beta = (1 - confidence) / Double(max(1, systems - 1))
    let degrees = Double(firstStage - 1)
    let eta = (pow(2 * beta, -2 / degrees) - 1) / 2
    hSquared = (2 * eta * degrees * 1e6).rounded(.up) / 1e6
    eliminatedAfter = Array(repeating: nil, count: systems)
    sums = Array(repeating: 0, count: systems)
    pairs = Array(repeating: Pair(), count: systems * (systems - 1) / 2)
  }

  /// Those that are not eliminated, ascending.
  var survivors: [Int] { eliminatedAfter.indices.filter { eliminatedAfter[$0] == nil } }

  /// The survivor with the best mean, the first one of equals.
  var best: Int { survivors.min { sums[$0] < sums[$1] } ?? 0 }

  /// Whether no more replications are needed.
  var isSettled: Bool { replications >= firstStage && (survivors.count == 1 || replications > longest) }

  /// How many replications it will take at most, as far as is known now: max Nᵢₗ + 1 over pairs of survivors.
  var replicationsAtMost: Int { max(firstStage, survivors.count == 1 ? replications : longest + 1) }

  private var longest: Int {
    var longest = 0.0
    forEachPairOfSurvivors {
      longest = max(longest, (hSquared * $2.variance / (indifference * indifference)).rounded(.down))
    }
    return Int(min(longest, 1e9))
  }

  /// Takes one replication: a value for every system, of which those of eliminated ones are not looked at.
  ///
  /// - Parameter excluded: Systems that are out from now on for a reason of their own; not all survivors.
  mutating func take(_ values: [Double], excluding excluded: [Int] = []) {
    replications += 1
    let survivors = survivors
    for (position, high) in survivors.enumerated() {
      sums[high] += values[high]
      for low in survivors[..<position] {
        pairs[Self.index(low, high)].differences.add(values[low] - values[high])
        if replications == firstStage {
          pairs[Self.index(low, high)].firstVariance = pairs[Self.index(low, high)].differences.variance
        }
      }
    }
    for system in excluded where eliminatedAfter[system] == nil { eliminatedAfter[system] = replications }
    if replications >= firstStage { screen() }
  }

  private mutating func screen() {
    let count = Double(replications)
    var out: [Int] = []
    forEachPairOfSurvivors { low, high, pair in
      // r W(r), against r times the difference of the means.
      let width = max(0, indifference / 2 * (hSquared * pair.variance / (indifference * indifference) - count))
      let difference = pair.differences.mean * count
      if difference > width { out.append(low) } else if -difference > width { out.append(high) }
    }
    for system in out { eliminatedAfter[system] = replications }
  }

  private func forEachPairOfSurvivors(_ body: (_ low: Int, _ high: Int, Pair) -> Void) {
    let survivors = survivors
    for (position, high) in survivors.enumerated() {
      for low in survivors[..<position] { body(low, high, pairs[Self.index(low, high)]) }
    }
  }

  private static func index(_ low: Int, _ high: Int) -> Int { high * (high - 1) / 2 + low }
}
