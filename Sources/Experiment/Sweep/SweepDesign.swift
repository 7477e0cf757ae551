import Foundation

/// What the runs of a sweep depend on: the program's version, the scenario without the number of replications, and whether
/// devices have rows.
///
/// Runs of equal designs are the same runs, with the same rows; so a sweep may take over what another one has done.
struct SweepDesign: Hashable, Sendable {
  /// One text for each design.
  let text: String
  /// The scenario's name.
  let scenarioName: String

  /// The design of a scenario, as a version of the program runs it.
  init(_ scenario: Scenario, devices: Bool = true, programVersion: String = Program.version) {
    scenarioName = scenario.name
    var scenario = scenario
    scenario.replications = 1
    scenario.sweep?.precision = nil
    text =
      "gapsim \(programVersion)\n\(ResultFile.devices.rawValue): \(devices ? "written" : "left out")\n"
      + scenario.canonicalYAML()
  }

  /// Throws unless `other` is the same design; `path` is what has it.
  func expect(_ other: String, of path: String) throws(SweepError) {
    guard other != text else { return }
    let (mine, others) = (lines(of: text), lines(of: other))
    let index = zip(mine, others).enumerated().first { $1.0 != $1.1 }?.offset ?? min(mine.count, others.count)
    func line(_ lines: [Substring]) -> String {
      lines.indices.contains(index) ? "'\(String(lines[index]).trimmed.excerpt)'" : "nothing"
    }
    throw .otherDesign(path: path, there: line(others), now: line(mine))
  }

  private func lines(of text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
}

/// Why a sweep cannot begin or go on.
package enum SweepError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Runs of an interrupted sweep are there, and nobody said what should become of them.
  case unfinished(journal: String, runs: Int)
  /// What is there was made from other settings.
  case otherDesign(path: String, there: String, now: String)
  /// A file of results is not as it was written.
  case changed(path: String)
  /// The file is no journal.
  case notAJournal(path: String)

  package var description: String {
    switch self {
    case .unfinished(let journal, let runs):
      "\(journal) holds \(runs) finished run\(runs == 1 ? "" : "s") of an interrupted sweep; --resume goes on with it, "
        + "--restart begins anew"
    case .otherDesign(let path, let there, let now):
      "\(path) was made from other settings: \(there) there, \(now) now; choose another output directory, or begin anew "
        + "with --restart"
    case .changed(let path):
      "\(path) is not as it was written, so that its runs cannot be taken over; begin anew with --restart"
    case .notAJournal(let path):
      "\(path) is no journal of gapsim, and is left as it is; move it away, or choose another output directory"
    }
  }
}
