import Quantities
import Results
import Scenarios

extension ExpectationReport {
  /// The most failures that are shown one by one.
  private static let mostFailures = 20

  /// The marks for conditions that are met and not met.
  package static func mark(_ isMet: Bool) -> String { isMet ? "✔" : "✘" }

  /// The expectations, each with its outcome at every point.
  package var conditions: [(expectation: Expectation, findings: [Finding])] {
    expectations.indices.map { index in
      (expectations[index], stride(from: index, to: findings.count, by: expectations.count).map { findings[$0] })
    }
  }

  /// The conditions that are not met, with the figures; a line end after every line.
  package var text: String {
    guard !expectations.isEmpty else { return "" }
    let failures = conditions.flatMap { $0.findings.filter { !$0.isMet } }
    let failed = conditions.count { $0.findings.contains { !$0.isMet } }
    let count = expectations.count == 1 ? "1 condition" : "\(expectations.count) conditions"
    let place = ends.count > 1 ? " at \(HumanUnits.plural(ends.count, "point"))" : ""
    guard failed > 0 else { return "expect: \(count) met\(place)\n" }
    let rest = failures.count - Self.mostFailures
    return "expect: \(failed) of \(count) not met\n" + failures.prefix(Self.mostFailures).map(text).joined()
      + (rest > 0 ? "  … and \(rest) more\n" : "")
  }

  private func text(_ finding: Finding) -> String {
    let scope = finding.expectation.scope == .every ? "in every replication" : "in the mean"
    let point = ends.count > 1 ? ", point \(finding.point)" : ""
    let rest = finding.missed - finding.misses.count
    return "  \(finding.expectation.condition) (\(scope)\(point))\n"
      + finding.misses.map { "    \($0.text)\n" }.joined() + (rest > 0 ? "    … and \(rest) more\n" : "")
  }
}

extension ExpectationReport {
  /// The expectations as JUnit XML: a suite for each point, a case for each condition, and one that asks whether its runs
  /// are whole.
  ///
  /// - Parameters:
  ///   - name: the name of the suites: the scenario.
  ///   - varied: the values of the varied keys at a point; none for a plain run.
  package func junit(name: String, varied: (Int) -> [VariedKey] = { _ in [] }) -> String {
    JUnit.document(of: "gapsim.expect", suites(name: name, varied: varied))
  }

  /// The same of a choice in several environments, each with its name.
  package static func junit(_ environments: [(name: String, report: ExpectationReport)]) -> String {
    JUnit.document(of: "gapsim.expect", environments.flatMap { $0.report.suites(name: $0.name) { _ in [] } })
  }

  private func suites(name: String, varied: (Int) -> [VariedKey]) -> [JUnit.Suite] {
    ends.map { ends in
      let values = varied(ends.point).map { "\($0.name) = \($0.value)" }.joined(separator: ", ")
      let whole = JUnit.Case(
        name: "every run is whole", problem: ends.limited > 0 ? .error : nil,
        message: ends.limited > 0 ? "a limit ended \(ends.limited) of \(HumanUnits.plural(ends.runs, "run"))" : "")
      let conditions = findings(at: ends.point).map { finding in
        let rest = finding.missed - finding.misses.count
        return JUnit.Case(
          name: finding.expectation.text, problem: finding.isMet ? nil : .failure,
          message: finding.isMet ? "" : "not met",
          text: (finding.misses.map(\.text) + (rest > 0 ? ["… and \(rest) more"] : [])).joined(separator: "\n"))
      }
      return JUnit.Suite(
        name: values.isEmpty ? name : "\(name), point \(ends.point): \(values)", cases: conditions + [whole])
    }
  }
}

/// The outcome of expectations for JSON.
package struct ExpectReport: Encodable {
  package struct Condition: Encodable {
    struct Miss: Encodable {
      /// Left out for the mean. The value is left out if there is none.
      let replication: Int?
      let value: Double?
    }

    let condition: String
    let `in`: String
    let met: Bool
    /// How many figures do not meet it, and the first of them.
    let missed: Int
    let misses: [Miss]
  }

  package let met: Bool
  package let conditions: [Condition]

  /// Their outcome at a point; nil if nothing is expected.
  package init?(_ report: ExpectationReport?, at point: Int) {
    guard let report, !report.expectations.isEmpty else { return nil }
    let findings = report.findings(at: point)
    met = findings.allSatisfy(\.isMet)
    conditions = findings.map { finding in
      Condition(
        condition: finding.expectation.condition, in: finding.expectation.scope.rawValue, met: finding.isMet,
        missed: finding.missed,
        misses: finding.misses.map { Condition.Miss(replication: $0.replication, value: $0.value) })
    }
  }
}
