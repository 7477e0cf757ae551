import ArgumentParser
import Comparison
import Experiments
import FoundationEssentials
import Presentation
import Rivals
import Runs
import Scenarios

/// `gapsim race`: the strategies beside each other in one scenario.
struct RaceCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "race",
    abstract: "Run the strategies beside each other: is promotion worth it here, against what, by how much?",
    discussion: """
      A race is a sweep over protocol.strategy, with the same seed for all: each strategy meets the same network and the \
      same luck. Everything else is as the scenario says, except that its section sweep: is left out, as 'gapsim run' does; \
      keys that a strategy has no use for change nothing. expect: is about the scenario's own strategy, and is not asked.

      The table has the strategies with the best one first, and how far each is from it. The intervals of all differences \
      hold together with --confidence. A strategy that leaves more devices without the file than the fittest one does, and \
      a tenth of a percent of all devices more, is not judged. The last line is the answer.

      The results are those of a sweep: 'gapsim plot', 'report' and 'compare' take them, and the same race with another \
      --objective runs nothing again. With --tune promotion runs with its best threshold by the same objective, tuned with \
      the next seed, so that it is not judged by the luck that it was tuned on; the tuning is kept beside the results.

      Examples:
        gapsim race Scenarios/lab-boot.yaml
        gapsim race Scenarios/lab-boot.yaml --tune --replications 20
        gapsim race lab.yaml --strategies promotion,unicast,nack --objective server_bytes
        gapsim race lab.yaml --objective '0.7*makespan_s + 0.3*server_bytes/1e9' --markdown race.md
        gapsim race lab.yaml --json | jq -r .sentence
      """)

  @Argument(help: "The scenario file; '-' for the standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(
    help: ArgumentHelp(
      "Which strategies run, with commas between them: \(StrategyName.list). (default: all)", valueName: "list"))
  var strategies: String?

  @Option(
    help: """
      What is made small: makespan, completion_p95, completion_mean, server_bytes, another column of runs.csv, or an \
      expression of them.
      """)
  var objective = "makespan"

  @Option(help: "The probability with which all differences are right, above 50 % and below 100 %.")
  var confidence = "95 %"

  @Option(
    help: """
      The difference that does not matter: '0.5 s', '1 MiB', a number for an expression, or a share of the best mean. \
      (default: 1 %)
      """)
  var indifference: String?

  @Flag(help: "Find promotion's best threshold first, as 'gapsim tune' does.")
  var tune = false

  @Option(
    name: [.short, .long], help: "The directory of results. (default: Results/ and the scenario's name, with -race)",
    completion: .directory)
  var output: String?

  @OptionGroup var overrides: Overrides

  @Option(help: "How many runs are in work at a time; the results are the same for any number. (default: all cores)")
  var jobs: Int?

  @OptionGroup var continuation: Continuation

  @Flag(help: "Leave devices.csv out, which has a row for each device of each run; the picture of completion needs it.")
  var noDevices = false

  @Flag(help: "Draw no plots.")
  var noPlots = false

  @Flag(name: [.short, .long], help: "No progress bar and no summary.")
  var quiet = false

  @Option(help: "Write the table and the answer as Markdown too.", completion: .file(extensions: ["md"]))
  var markdown: String?

  @Option(help: "Write the page of the results too, as 'gapsim report' does.", completion: .file(extensions: ["html"]))
  var html: String?

  @Flag(help: "Print the race as JSON.")
  var json = false

  func validate() throws {
    if let jobs, jobs < 1 || jobs > 1024 { throw ValidationError("--jobs \(jobs): from 1 to 1024") }
    if output == "" { throw ValidationError("--output '': names no directory") }
    let names = try names()
    if tune, !names.contains(where: \.promotes) {
      throw ValidationError("--tune finds the threshold of promotion, which is not in --strategies")
    }
    if continuation.shard != nil, json || markdown != nil || html != nil {
      throw ValidationError(
        "--shard: a share says nothing about the race; leave --json, --markdown and --html for 'gapsim merge' and "
          + "'gapsim report'")
    }
    try ReportFile.checkApart(["--markdown": markdown, "--html": html])
    _ = try question()
  }

  func run() async throws {
    let question = try question()
    let text = try read(file)
    let names = try Self.taken(names(), by: text, overrides.all, isChoice: strategies != nil)
    var scenario = try load(
      text, overrides: overrides.all, varied: ["\(Race.key)=\(names.map(\.rawValue).joined(separator: ","))"])
    let jobs = try permittedJobs(jobs, for: scenario, in: file, copies: tune ? CandidateChoice.usual.mostCopies : 1)
    do {
      let place = directory(of: scenario) + (continuation.shard?.suffix ?? "")
      if let html { try Presentation.checkPlace(ofPage: html, besides: place) }
      try ReportFile.check(markdown: markdown, besides: place)
      if tune { scenario.network.parameters.promotion.threshold = try await threshold(of: scenario, question, jobs) }
      guard let points = SweepPoints(scenario) else { preconditionFailure("a race without strategies") }
      try conclude(try await results(of: points, jobs: jobs), question)
    } catch {
      throw Failure.code(saying: error)
    }
  }

  private func directory(of scenario: Scenario) -> String { output ?? "Results/\(scenario.name)-race" }

  private func results(of points: SweepPoints, jobs: Int) async throws -> SweepOutcome {
    var sweep = Sweep(points)
    sweep.jobs = jobs
    sweep.devices = !noDevices
    sweep.arguments = replay
    continuation.apply(to: &sweep)
    let bar = ProgressBar(total: sweep.runs, noun: "runs", quiet: quiet)
    defer { bar.finish() }
    return try await sweep.run(
      into: directory(of: points.scenario) + (sweep.share?.suffix ?? ""),
      progress: { bar.update(done: $0.done, of: $0.total, found: $0.found, events: $0.events, note: { nil }) },
      simulate: { point, replication in try point.network.run(seed: point.context.seed, replication: replication) })
  }

  /// The command that runs a strategy again, for the report of a broken invariant.
  private var replay: [String] { ["gapsim", "run", file] + overrides.set.flatMap { ["--set", $0] } }

  /// Prints the race and writes what is asked for.
  private func conclude(_ outcome: SweepOutcome, _ question: Race.Question) throws {
    // A share says nothing about the race.
    guard outcome.share == nil else {
      if !quiet { print(outcome.place) }
      return try Self.end(outcome)
    }
    try Self.conclude(outcome, question, json: json, quiet: quiet, plots: !noPlots, markdown: markdown, html: html)
  }

  /// Prints a whole race, and throws its exit code.
  static func conclude(
    _ outcome: SweepOutcome, _ question: Race.Question, json: Bool, quiet: Bool, plots: Bool, markdown: String? = nil,
    html: String? = nil
  ) throws {
    let isSilent = quiet || json
    let summary = try RaceSummary(outcome, asking: question)
    if json { printJSON(try summary.json) } else if !quiet { print(summary.text, terminator: "") }
    if let markdown { try ReportFile.write(summary.markdown, to: markdown) }
    // The results are complete and have their final name by now.
    if plots { PlotCommand.drawAlong(outcome.path, quiet: isSilent) }
    if let html { try ReportCommand.write(outcome.path, to: html, quiet: isSilent) }
    if !isSilent { print(outcome.place) }
    try end(outcome)
  }

  /// Throws the exit code of runs that are not whole.
  private static func end(_ outcome: SweepOutcome) throws {
    guard outcome.problems.isEmpty else {
      Failure.say("\(outcome.failed.isEmpty ? "warning" : "error"): not every run is whole:\n\(outcome.problems)")
      throw outcome.failed.isEmpty ? Failure.limited : Failure.software
    }
  }
}

// MARK: - What is asked

extension RaceCommand {
  private func question() throws -> Race.Question {
    func reading<Value>(_ option: String, _ body: () throws -> Value) throws -> Value {
      do { return try body() } catch { throw ValidationError("\(option): \(error)") }
    }
    var question = Race.Question(try reading("--objective") { try Objective(objective) })
    question.confidence = try reading("--confidence") { try Tuner.confidence(confidence) }
    if let indifference {
      question.indifference = try reading("--indifference") { () throws(CandidateError) in
        try Indifference(indifference, of: question.objective)
      }
    }
    return question
  }

  /// The strategies that run, in the order of the program, so that the same strategies are the same race.
  private func names() throws -> [StrategyName] {
    guard let strategies else { return StrategyName.allCases }
    let names = try strategies.split(separator: ",", omittingEmptySubsequences: false).map { word in
      let word = word.filter { !$0.isWhitespace }
      guard let name = StrategyName(rawValue: word) else {
        let nearest = ScenarioReference.nearest(to: word, among: StrategyName.allCases.map(\.rawValue))
        throw ValidationError(
          "--strategies: '\(word)' is none of \(StrategyName.list)" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
      }
      return name
    }
    guard Set(names).count > 1 else { throw ValidationError("--strategies \(strategies): a race takes two or more") }
    return StrategyName.allCases.filter(names.contains)
  }

  /// The strategies that a scenario takes, if none were chosen: one that it refuses, as MTFTP refuses a file of more
  /// than 65 535 blocks (R21), is left out, and that is said. If it refuses them all, it is the scenario that is wrong.
  static func taken(
    _ names: [StrategyName], by text: ScenarioText, _ overrides: [String], isChoice: Bool
  ) -> [StrategyName] {
    guard !isChoice else { return names }
    var taken: [StrategyName] = []
    var refused: [String] = []
    for name in names {
      do {
        _ = try Scenario.load(text, overrides: overrides + ["\(Race.key)=\(name.rawValue)"])
        taken.append(name)
      } catch {
        refused.append("\(name.rawValue) is left out, for the scenario refuses it:\n\(error)")
      }
    }
    guard taken.count > 1 else { return names }
    for reason in refused { Failure.say("warning: \(reason)") }
    return taken
  }

  /// Tunes promotion's threshold by the question of the race, with the next seed.
  private func threshold(of scenario: Scenario, _ question: Race.Question, _ jobs: Int) async throws -> UInt64 {
    var scenario = scenario
    scenario.sweep = nil
    scenario.network.strategy = .promotion
    scenario.seed &+= 1
    var tuner = Tuner(scenario, objective: question.objective, arguments: replay)
    (tuner.confidence, tuner.jobs) = (question.confidence, jobs)
    if indifference != nil { tuner.indifference = question.indifference }
    tuner.start = continuation.resume ? .resume : continuation.force ? .restart : .new
    tuner.interrupted = Continuation.sayTuningInterrupted
    tuner.stopped = Continuation.sayTuningStopped
    let bar = ProgressBar(total: 0, quiet: quiet)
    defer { bar.finish() }
    let outcome = try await tuner.run(into: directory(of: scenario) + "-tune", progress: { bar.update($0) })
    bar.finish()
    let (threshold, sentence) =
      switch outcome {
      case .tuned(let tuning): (tuning.threshold, tuning.sentence)
      case .upToDate(let report): try TunedThreshold.read(report)
      }
    if !quiet, !json { print("tuned with seed \(scenario.seed): \(sentence)") }
    return threshold
  }

  /// What `tune.json` says of a finished tuning.
  private struct TunedThreshold: Decodable {
    struct Answer: Decodable { let threshold_bytes: UInt64 }

    let answer: Answer
    let sentence: String

    static func read(_ report: String) throws -> (threshold: UInt64, sentence: String) {
      let read = try JSONDecoder().decode(Self.self, from: Data(report.utf8))
      return (read.answer.threshold_bytes, read.sentence)
    }
  }
}

extension StrategyName {
  /// All of them for a help text.
  static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
