/// What is not known of a system that looks best.
package struct SelectionDoubt: Hashable, Sendable {
  /// Whether another system may be better.
  package var isAboutObjective = false
  /// The limits that it may miss, by their indices.
  package var limits: [Int] = []
  /// Whether it may leave more devices behind than another system.
  package var isAboutFitness = false

  package init() {}

  /// Whether another system may be better, and nothing else is open.
  package var isOnlyAboutObjective: Bool { limits.isEmpty && !isAboutFitness }
}

extension ConstrainedSelection {
  /// What is open about a system, as ``next()`` sees it.
  package func doubt(about leader: Int) -> SelectionDoubt {
    var doubt = SelectionDoubt()
    doubt.isAboutObjective = isObjectiveOpen(of: leader)
    guard standings[leader] == .open else { return doubt }
    doubt.limits = openLimits(of: leader)
    doubt.isAboutFitness = !fitter(than: leader).isEmpty
    return doubt
  }
}
