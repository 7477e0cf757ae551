import Comparison
import FoundationEssentials
import Measurements
import Quantities
import Statistics

extension FitSummary {
  /// The same for programs.
  package var json: String {
    get throws { String(decoding: try JSONEncoder.results.encode(FitReport(self)), as: UTF8.self) + "\n" }
  }
}

/// A fit for JSON; the names are the keys.
private struct FitReport: Encodable {
  struct File: Encodable {
    let file: String
    let form: String
    let sha256: String
    let devices: Int
    let packets: Int
    let lost: Int
    let notes: [String]
  }

  struct Model: Encodable {
    let model: String
    let parameters: [Parameter]
    let log_likelihood: Decimal?
    let bic: Decimal?
    let bic_difference: Decimal?
    let fit_p: Decimal?
    let scenario_loss: String
  }

  struct Parameter: Encodable {
    let name: String
    let value: Decimal?
    let standard_error: Decimal?
    let unit: String
    let is_at_limit: Bool
  }

  let files: [File]
  let devices: Int
  let packets: Int
  let lost: Int
  let lost_runs: Int
  let models: [Model]
  let indistinct_models: [String]
  let fits: Bool
  let devices_differ_p: Decimal?
  let choice: String

  init(_ summary: FitSummary) {
    let (data, selection) = (summary.selection.data, summary.selection)
    files = summary.measured.files.map { file in
      let data = LossData(file.observations.map(\.sequence))
      return File(
        file: file.path, form: file.form, sha256: file.digest, devices: file.observations.count, packets: data.packets,
        lost: data.lost, notes: file.notes)
    }
    devices = data.sequences.count
    packets = data.packets
    lost = data.lost
    lost_runs = data.lostRuns
    models = selection.fits.map { Model($0, best: selection.best.bic) }
    indistinct_models = selection.indistinct.map(\.kind.rawValue)
    fits = !selection.nothingFits
    devices_differ_p = selection.differenceP.flatMap { number($0, 6) }
    choice = summary.choice
  }
}

extension FitReport.Model {
  init(_ fit: LossFit, best: Double) {
    model = fit.kind.rawValue
    parameters = fit.parameters.map { parameter in
      FitReport.Parameter(
        name: parameter.name, value: number(parameter.value, 9),
        standard_error: parameter.standardError.flatMap { number($0, 9) },
        unit: parameter.unit.rawValue, is_at_limit: parameter.isAtLimit)
    }
    log_likelihood = number(fit.logLikelihood, 4)
    bic = number(fit.bic, 4)
    bic_difference = number(fit.bic - best, 4)
    fit_p = fit.test.flatMap { number($0.p, 6) }
    scenario_loss = FittedScenario.loss(fit.law)
  }
}

private func number(_ value: Double, _ decimals: Int) -> Decimal? {
  FixedPoint(rounding: value, decimals: decimals).flatMap { Decimal(string: $0.description) }
}
