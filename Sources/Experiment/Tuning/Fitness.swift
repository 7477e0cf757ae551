import CGSL
import RandomStreams

/// Whether a threshold does its duty as another one does: to bring every device the file. A threshold that does not must not
/// win by what it saves.
///
/// It is less fit when it leaves more devices behind in some replications and fewer in none, or when it does so in so many more
/// replications that a sign test at 5 % does not take it for chance.
struct Fitness: Hashable, Sendable {
  private(set) var worse = 0
  private(set) var better = 0

  /// Compares the replications that both have.
  init(_ runs: [CandidateRun], against others: [CandidateRun]) {
    for (run, other) in zip(runs, others) {
      if run.failings > other.failings { worse += 1 }
      if run.failings < other.failings { better += 1 }
    }
  }

  var isSeenToBeLess: Bool {
    guard worse > better else { return false }
    GSL.prepare()
    return better == 0 || gsl_cdf_binomial_P(UInt32(better), 0.5, UInt32(worse + better)) < 0.05
  }
}

extension CandidateRun {
  /// Devices that were left behind; at least one in a run that a limit ended, or that has no value.
  var failings: Int { max(deserted, isLimited || objective == nil ? 1 : 0) }
}
