import Glibc
import Measurements
import Quantities
import Statistics

extension FitSummary {
  /// With fewer runs of loss nearly any model will do.
  private static let fewRuns = 10

  /// A model whose runs are less probable is taken with a warning.
  private static let doubtful = 0.05

  /// Which model to take, and how sure that is.
  package var choice: String {
    guard selection.data.lost > 0 else { return nothingLost }
    guard selection.data.lost < selection.data.packets else {
      return "Every packet was lost: there is nothing to tell models by."
    }
    return [preference, doubt, difference, scarcity].compactMap(\.self).joined(separator: " ")
  }

  /// Whether the best model fits, alone, and there was enough to tell.
  var isSure: Bool {
    selection.data.lost > 0 && selection.data.lost < selection.data.packets && selection.indistinct.isEmpty
      && doubt == nil && difference == nil && scarcity == nil
  }

  /// The rule of three, exactly.
  private var nothingLost: String {
    let bound = 1 - pow(0.05, 1 / Double(selection.data.packets))
    return "Nothing was lost. So the probability of loss is at most \(HumanUnits.roundedPercent(bound)), with 95 % "
      + "confidence; more cannot be said."
  }

  private var preference: String {
    let best = selection.best.kind.title
    let others = selection.indistinct.map(\.kind.title)
    if !others.isEmpty {
      return "\(best) is the best by BIC, but the data cannot tell it from \(others.joined(separator: " or ")): "
        + "a difference of less than 2 is not worth more than a mention."
    }
    guard let next = selection.fits.dropFirst().first else { return "\(best) is the only model for these data." }
    let difference = next.bic - selection.best.bic
    let evidence = difference < 6 ? "positive" : difference < 10 ? "strong" : "very strong"
    return "\(best) is the best by BIC; the next, \(next.kind.title), is \(HumanUnits.fixed(difference, decimals: 1)) "
      + "worse (\(evidence) evidence)."
  }

  private var doubt: String? {
    guard let test = selection.best.test else {
      return "There are too few runs to test whether it fits."
    }
    guard selection.nothingFits else {
      guard test.p < Self.doubtful else { return nil }
      return "It fits at a level of \(HumanUnits.roundedPercent(LossSelection.level)), but not at "
        + "\(HumanUnits.roundedPercent(Self.doubtful)): runs as these come about with a probability of "
        + "\(FitNumber.probability(test.p))."
    }
    let fitting = selection.fits.dropFirst().first { $0.test.map { $0.p >= LossSelection.level } ?? false }
    return "But it does not fit: runs as these come about with a probability of \(FitNumber.probability(test.p)). "
      + (fitting.map { "The best that fits is \($0.kind.title)." }
        ?? "No model here fits; a trace replays what was measured as it is.")
  }

  private var difference: String? {
    guard selection.devicesDiffer, let p = selection.differenceP else { return nil }
    return
      "The devices differ by more than chance (p \(FitNumber.probability(p))): fit their files one by one, and give each "
      + "kind a cohort of its own."
  }

  private var scarcity: String? {
    guard selection.data.lostRuns < Self.fewRuns else { return nil }
    let runs = selection.data.lostRuns
    return "\(HumanUnits.plural(runs, "run")) of loss \(runs == 1 ? "is" : "are") too few to rely on; measure longer."
  }
}
