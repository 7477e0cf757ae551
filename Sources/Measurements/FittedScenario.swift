import Quantities
import Results
import Statistics

/// A scenario whose devices lose packets as was measured, with a comment that says where its numbers come from.
package enum FittedScenario {
  /// The digits of a parameter: more than a measurement knows.
  private static let digits = 5

  /// The scenario in YAML. It has no date, so the same measurement gives the same text.
  package static func yaml(_ fit: LossFit, of measured: MeasuredLoss) -> String {
    let data = measured.data
    let devices = max(1, data.sequences.count)
    let sources = measured.files.map { file in
      let packets = file.observations.reduce(0) { $0 + $1.sequence.packets }
      let lost = file.observations.reduce(0) { $0 + $1.sequence.lost }
      return "#   \(name(of: file.path)) (\(file.form), SHA-256 \(file.digest)): "
        + "\(HumanUnits.plural(packets, "packet")), \(lost) lost\n"
    }
    let sent = measured.sent.map { "#   \(name(of: $0.path)) (\($0.form), SHA-256 \($0.digest))\n" } ?? ""
    return """
      # The loss was measured, and fitted by 'gapsim fit' of gapsim \(Program.version). The measurement:
      \(sources.joined())\(sent)# The model: \(fit.kind.title), log likelihood \(HumanUnits.fixed(fit.logLikelihood, decimals: 2)), \
      BIC \(HumanUnits.fixed(fit.bic, decimals: 2)), p of fit \(fit.test.map { FitNumber.probability($0.p) } ?? "not tested").
      gapsim: 1

      file:
        size: 48 MiB  # put in the size of your image

      cohorts:
        - name: measured
          count: \(devices)
          loss: \(loss(fit.law))

      """
  }

  /// The loss of a cohort, as a scenario has it.
  package static func loss(_ law: LossLaw) -> String {
    switch law {
    case .bernoulli(let p): "{bernoulli: \(share(p))}"
    case .packets(let chain):
      "{gilbert_elliott: {p: \(share(chain.p)), r: \(share(chain.r)), k: \(share(1 - chain.lossInGood)), "
        + "h: \(share(1 - chain.lossInBad))}}"
    case .time(let chain):
      "{gilbert_elliott: {good: \(time(chain.good)), bad: \(time(chain.bad)), loss_good: \(share(chain.lossInGood)), "
        + "loss_bad: \(share(chain.lossInBad))}}"
    case .runs(let runs): "{runs: {good: \(length(runs.received)), lost: \(length(runs.lost))}}"
    }
  }

  private static func share(_ probability: Double) -> String {
    // Near 100 % the digits that count are those of what is missing to it.
    let decimals = FitNumber.decimals(100 * min(probability, 1 - probability), digits: digits)
    return FitNumber.trimmed(HumanUnits.fixed(100 * probability, decimals: decimals)) + " %"
  }

  private static func time(_ seconds: Double) -> String {
    let unit = [("s", 1.0), ("ms", 1e-3), ("us", 1e-6)].first { seconds >= $0.1 } ?? ("ns", 1e-9)
    let decimals = unit.0 == "ns" ? 0 : unit.0 == "us" ? 3 : FitNumber.decimals(seconds / unit.1, digits: digits)
    return FitNumber.trimmed(HumanUnits.fixed(max(1e-9, seconds) / unit.1, decimals: min(decimals, 6))) + " \(unit.0)"
  }

  private static func length(_ law: RunLengthLaw) -> String {
    switch law {
    case .geometric(let p): "{geometric: {p: \(plain(p))}}"
    case .logarithmic(let p): "{logarithmic: {p: \(plain(p))}}"
    case .constant(let length): "\(length)"
    case .poisson(let mean):
      "{poisson: {mean: \(FitNumber.trimmed(HumanUnits.fixed(mean, decimals: FitNumber.decimals(mean, digits: digits))))}}"
    case .weighted(let lengths):
      "{values: [\(lengths.map { "\($0.length)" }.joined(separator: ", "))], "
        + "weights: [\(lengths.map { plain($0.weight) }.joined(separator: ", "))]}"
    }
  }

  private static func plain(_ probability: Double) -> String {
    let decimals = FitNumber.decimals(min(probability, 1 - probability), digits: digits)
    return FitNumber.trimmed(HumanUnits.fixed(probability, decimals: decimals))
  }

  private static func name(of path: String) -> String {
    String(path.split(separator: "/").last ?? "").printable
  }
}
