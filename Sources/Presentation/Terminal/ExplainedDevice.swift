import FoundationEssentials
import Network
import PromotionEngine
import PromotionRun
import Quantities
import Results
import Scenarios
import TFTPWire
import Timebase
import Runs

/// What `gapsim explain` says of one device.
package struct ExplainedDevice: Sendable {
  let story: DeviceStory
  let scenario: Scenario
  let replication: Int

  /// Tells the story of a device in a replication of a scenario.
  package init(_ story: DeviceStory, in scenario: Scenario, replication: Int) {
    self.story = story
    self.scenario = scenario
    self.replication = replication
  }

  var cohort: String { scenario.network.cohorts[story.cohort].name }

  /// The names of the segments, by index.
  var segments: [String] { scenario.network.segments.map(\.name) }

  /// The story for a person.
  package var text: String { ([heading, time, roles, sessions, missed] + troubles).joined(separator: "\n") }

  private var heading: String {
    let since = story.parts.first { $0.activity != .off }.map {
      $0.from == .zero ? "" : ", \((story.end - $0.from).words) after it was switched on"
    }
    return """
      \(scenario.name), seed \(scenario.seed), replication \(replication)
      device \(story.device), cohort \(cohort): \(story.endingWords(\.words))\(since ?? "")

      """
  }

  private var time: String {
    let rows = story.parts.map { [$0.from.words, $0.length.words, story.words(of: $0)] }
    let all = story.parts.reduce(Nanoseconds.zero) { $0 + $1.length }
    let widths = (0..<2).map { column in (rows.map { $0[column].count } + [all.words.count]).max() ?? 0 }
    func line(_ cells: [String]) -> String {
      "  "
        + zip(cells, widths).map { String(repeating: " ", count: max(0, $1 - $0.count)) + $0 }.joined(separator: "  ")
        + "  " + cells[2] + "\n"
    }
    return "its time\n" + line(["from", "for", ""]).trimmedAtTheEnd + rows.map(line).joined()
      + line(["", all.words, "in all"])
  }

  private var roles: String {
    guard !story.roles.isEmpty else { return "its roles: none\n" }
    return "its roles\n" + story.roles.map { "  \($0.role.rawValue) at \($0.time.words)\n" }.joined()
  }

  private var sessions: String {
    guard !story.sessions.isEmpty else { return "its sessions: none\n" }
    return "its sessions\n"
      + story.sessions.map { session in
        let driver = session.driver == story.device ? "by itself" : "by device \(session.driver)"
        let end = session.until.map { "to \($0.words)" } ?? "under way at the end"
        return "  session \(session.session), driven \(driver), from \(session.from.words) \(end)"
          + "\(story.endingWords(of: session)): \(HumanUnits.plural(Int(session.new), "new block")), "
          + "\(HumanUnits.count(session.again)) that it had, \(HumanUnits.count(session.losses.count)) that it did not get\n"
          + (session.losses.count > 0 ? "    why: \(story.words(of: session.losses, segments: segments))\n" : "")
      }.joined()
      + (story.repaired > 0 ? "  by unicast: \(HumanUnits.plural(Int(story.repaired), "block"))\n" : "")
  }

  private var missed: String {
    let entries =
      story.checks.filter { $0.figures.missingPackets > 0 }.map { check in
        (
          check.time,
          missed(check.figures, check.causes, at: check.time, story.words(of: check.occasion))
            + "    \(story.words(ofOutcomeOf: check))\n"
        )
      }
      + story.shortfalls.map { ($0.time, missed($0.figures, $0.causes, at: $0.time, story.words(of: $0.occasion))) }
    if !entries.isEmpty {
      // The sort is stable: of a check and an end at one instant the check comes first.
      return "what it missed\n" + entries.sorted { $0.0 < $1.0 }.map(\.1).joined()
    }
    guard story.checksItself else {
      return "what it missed: it checks nothing, for it or the server does not speak of promotion\n"
    }
    guard story.checks.isEmpty else { return "what it missed: nothing at any check\n" }
    // Checks before the start (R22) are no part of the story, but the silences that made them are.
    let hasChecked = story.troubles.silences > 0
    return "what it missed: \(hasChecked ? "nothing was sent yet when it checked" : "it never had to check") itself\n"
  }

  private func missed(
    _ figures: GapReport, _ causes: DeviceStory.Causes, at time: Nanoseconds, _ occasion: String
  ) -> String {
    let chains =
      figures.chains == 0
      ? "no chains"
      : "\(HumanUnits.plural(Int(figures.chains), "chain")), the longest of \(HumanUnits.count(figures.longestChain)) gaps"
    return """
        at \(time.words), \(occasion): \(HumanUnits.plural(Int(figures.missingPackets), "block")), \
      \(HumanUnits.count(figures.totalGapBytes)) B, in \(HumanUnits.plural(Int(figures.gaps), "gap")), the largest of \
      \(HumanUnits.plural(Int(figures.largestGap), "block")), \(chains)
          why: \(story.words(of: causes, segments: segments))

      """
  }

  private var troubles: [String] {
    let words = story.troubleWords(segments: segments)
    return words.isEmpty ? [] : ["timeouts and losses\n" + words.map { "  \($0)\n" }.joined()]
  }

  /// The story in a line, with times in few digits.
  var line: String {
    var line = "device \(story.device), cohort \(cohort): \(story.endingWords(\.roundedWords))"
    // Of two parts of the same length the first one counts.
    let parts = story.parts.filter { $0.activity != .off }
    if let longest = parts.max(by: { $0.length < $1.length }),
      let part = parts.first(where: { $0.length == longest.length })
    {
      line += "; for \(part.length.roundedWords) it \(story.words(of: part))"
    }
    if let check = story.checks.first(where: { $0.figures.missingPackets > 0 }) {
      line += "; at its first check it misses " + words(of: check.figures, check.causes)
    }
    if let shortfall = story.shortfalls.last {
      line += "; \(story.words(of: shortfall.occasion)) it misses " + words(of: shortfall.figures, shortfall.causes)
    }
    // What it lost while it drove costs time, and no check tells it.
    let driven = story.sessions.filter { $0.driver == story.device }.reduce(DeviceStory.Losses()) { $0 + $1.losses }
    if driven.count > 0 {
      line += "; of what it asked for as the driver it did not get " + HumanUnits.plural(driven.count, "packet")
      line += " (\(story.words(of: driven, segments: segments)))"
    }
    return line
  }

  private func words(of figures: GapReport, _ causes: DeviceStory.Causes) -> String {
    let causes = story.words(of: causes, segments: segments)
    return "\(HumanUnits.plural(Int(figures.missingPackets), "block")) (\(causes))"
  }
}

extension String {
  /// A line without spaces before its end.
  fileprivate var trimmedAtTheEnd: String { replacing(#/ +\n/#, with: "\n") }
}
