import Glibc
import Measurements
import Quantities
import Statistics

/// What `gapsim fit` says: the measurement, each model, and which of them to take.
package struct FitSummary: Sendable {
  let measured: MeasuredLoss
  let selection: LossSelection

  package init(_ measured: MeasuredLoss, _ selection: LossSelection) {
    (self.measured, self.selection) = (measured, selection)
  }

  /// The lines for a person.
  package var text: String {
    var text = measured.files.map(line).joined()
    if measured.files.count > 1 || selection.data.sequences.count > 1 {
      text += "in all: \(Self.figures(selection.data))\n"
    }
    text += "\n" + table + "\n" + choice + "\n"
    return text
  }

  /// What was measured, in short.
  package var name: String {
    let first = measured.files.first.map { String($0.path.split(separator: "/").last ?? "") } ?? ""
    return first + (measured.files.count > 1 ? " and \(measured.files.count - 1) more" : "")
  }

  /// What was measured, a line for each file and for what is odd in it.
  var lines: [String] {
    measured.files.flatMap { line($0).split(separator: "\n").map { $0.trimmingPrefix(while: \.isWhitespace) } }.map(
      String.init)
  }

  private func line(_ file: MeasuredFile) -> String {
    let data = LossData(file.observations.map(\.sequence))
    let devices = file.observations.count > 1 ? HumanUnits.plural(file.observations.count, "device") + ", " : ""
    return "\(file.path) (\(file.form)): \(devices)\(Self.figures(data))\n" + file.notes.map { "  \($0)\n" }.joined()
  }

  private static func figures(_ data: LossData) -> String {
    let lost =
      "\(HumanUnits.plural(data.packets, "packet")), \(HumanUnits.grouped(Double(data.lost), decimals: 0)) lost"
    guard data.lost > 0 else { return lost }
    let mean = Double(data.lost) / Double(data.lostRuns)
    return "\(lost) (\(HumanUnits.roundedPercent(data.lossShare))) in \(HumanUnits.plural(data.lostRuns, "run"))"
      + " of \(HumanUnits.fixed(mean, decimals: 2)) on average"
  }

  // MARK: The table

  private var table: String {
    AlignedTable.text(Self.rightAligned([models.header] + models.rows, from: 2))
  }

  /// A row for each model, the best first.
  var models: DataTable {
    let rows = selection.fits.map { fit in
      [
        fit.kind.title, fit.parameters.map(Self.text).joined(separator: ", ") + Self.laws(fit.law),
        HumanUnits.grouped(fit.logLikelihood, decimals: 2), HumanUnits.grouped(fit.bic, decimals: 2),
        HumanUnits.grouped(fit.bic - selection.best.bic, decimals: 2),
        fit.test.map { FitNumber.probability($0.p) } ?? "–",
      ]
    }
    return DataTable(header: ["model", "parameters ± standard error", "log L", "BIC", "ΔBIC", "p of fit"], rows: rows)
  }

  /// Pads the columns of numbers to the left.
  private static func rightAligned(_ rows: [[String]], from first: Int) -> [[String]] {
    var rows = rows
    for column in first..<(rows.first?.count ?? first) {
      let width = rows.map { $0[column].count }.max() ?? 0
      for row in rows.indices {
        rows[row][column] = String(repeating: " ", count: width - rows[row][column].count) + rows[row][column]
      }
    }
    return rows
  }

  private static func text(_ parameter: FittedParameter) -> String {
    let name = parameter.name + " "
    switch parameter.unit {
    case .probability:
      if parameter.isAtLimit { return name + FitNumber.text(100 * parameter.value, error: nil, unit: " % (limit)") }
      return name + FitNumber.text(100 * parameter.value, error: parameter.standardError.map { 100 * $0 }, unit: " %")
    case .packets:
      guard let error = parameter.standardError else { return name + HumanUnits.fixed(parameter.value, decimals: 0) }
      return name + FitNumber.text(parameter.value, error: error, unit: "")
    case .seconds:
      let scale = HumanUnits.timeScale(of: parameter.value)
      return name
        + FitNumber.text(
          parameter.value / scale.size, error: parameter.standardError.map { $0 / scale.size }, unit: " " + scale.name)
    }
  }

  private static func laws(_ law: LossLaw) -> String {
    guard case .runs(let runs) = law else { return "" }
    func word(_ law: RunLengthLaw) -> String {
      switch law {
      case .geometric: "geometric"
      case .logarithmic: "logarithmic"
      case .constant: "constant"
      case .poisson: "Poisson"
      case .weighted: "weighted"
      }
    }
    return " (\(word(runs.received)), \(word(runs.lost)))"
  }
}
