import ArgumentParser
import Comparison
import Experiments
import FoundationEssentials
import Presentation
import Scenarios

/// `gapsim tune`: the best threshold of a scenario.
struct TuneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Find the threshold, or the value of any key, that makes an objective smallest.",
    discussion: """
      Candidates are the total gaps that really occur, because nothing changes between two of them. Every candidate \
      runs with the same random numbers, and the part that their runs share is run once. Bad candidates get no more \
      runs as soon as that is safe. The summary says what cannot be told apart, and whether there is an answer yet. \
      The last line says what to do. The results are tune.csv and tune.json.

      An objective is a column of runs.csv, or an expression of such columns with + - * / and parentheses. It is made \
      small; put a minus in front of what should be large (--objective='-promotion_rate'). --require says what else \
      the choice must meet. If no requirement is about failed or complete devices, the choice may leave behind, on \
      average, as many devices as the fittest candidate, and a tenth of a percent of all devices more.

      With --vary the candidates are the points of a design, as in 'gapsim sweep'. --environment names a key that you \
      cannot choose: there is an answer for each of its values, and one for their mean.

      Examples:
        gapsim tune Scenarios/lab-boot.yaml
        gapsim tune Scenarios/lab-boot.yaml --objective server_bytes --indifference '1 MiB' --confidence 99%
        gapsim tune Scenarios/lab-boot.yaml --objective server_bytes --require 'completion_p95 <= 2.1 s'
        gapsim tune Scenarios/lab-boot.yaml --objective '0.7*makespan_s + 0.3*server_bytes/1e9' --budget 2000
        gapsim tune Scenarios/lab-boot.yaml --candidates '0, 4 KiB..16 MiB:log2' -o Results/powers
        gapsim tune lab.yaml --vary protocol.windowsize=1..64:log2 --environment 'cohorts[0].loss.bernoulli=0.1%,1%,3%'
      """)

  @Argument(help: "The scenario file; '-' for the standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(
    help: """
      What is made small: makespan, completion_p95, completion_mean, server_bytes, another column of runs.csv, or an \
      expression of them.
      """)
  var objective = "makespan"

  @Option(
    help: ArgumentHelp(
      """
      What the choice must meet: a metric or an expression, <= or >=, a limit, and after ± the least distance from it \
      that must be seen, such as 'failed_devices <= 0.1' or 'completion_p95 <= 60 s ± 1 s'. May be repeated.
      """, valueName: "condition"))
  var require: [String] = []

  @OptionGroup var design: DesignOptions

  @Option(
    help: ArgumentHelp(
      "A key that you cannot choose, with its values: there is an answer for each, and for their mean. May be repeated.",
      valueName: "key.path=values"))
  var environment: [String] = []

  @Option(
    help: "The probability with which the best candidate is found, above 50 % and below 100 %. (default: 95 %)")
  var confidence: String?

  @Option(
    help: """
      The difference that does not matter: '0.5 s', '1 MiB', a number for an expression, or a share of the best mean. \
      (default: 1 %, or a larger one if that is what some \(Int(Indifference.usualSeconds.rounded())) s of a core can tell)
      """)
  var indifference: String?

  @Option(
    help: ArgumentHelp(
      "Spend this many runs (one threshold in one replication each) instead of going on until the confidence is reached.",
      valueName: "runs"))
  var budget: Int?

  @Option(
    help: ArgumentHelp(
      """
      The most candidates among the gaps that occur, in addition to promoting no device and every device; or a list of \
      thresholds, such as '0, 4 KiB..16 MiB:log2'. A..B:8 are eight at equal distances, A..B:8:log eight of equal ratios. \
      (default: 64, and fewer where a run takes long)
      """, valueName: "list"))
  var candidates: String?

  @Option(help: "The most replications of a threshold.")
  var maxReplications = 1000

  @Option(
    name: [.short, .long], help: "The directory of results. (default: Results/, the scenario's name and -tune)",
    completion: .directory)
  var output: String?

  @OptionGroup var overrides: Overrides

  @Option(help: "How many replications run at a time; the results are the same for any number. (default: all cores)")
  var jobs: Int?

  @Option(
    help: ArgumentHelp("Write whether the choice meets expect: as JUnit XML.", valueName: "file"),
    completion: .file(extensions: ["xml"]))
  var junit: String?

  @Flag(help: "Go on with the runs of an interrupted tuning.")
  var resume = false

  @Flag(
    name: [.long, .customLong("restart")],
    help: "Start anew, even if runs or results of this program are there.")
  var force = false

  @Flag(help: "Draw no plots.")
  var noPlots = false

  @Flag(name: [.short, .long], help: "No progress bar and no summary.")
  var quiet = false

  @Option(help: "Write the page of the results too, as 'gapsim report' does.", completion: .file(extensions: ["html"]))
  var html: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    if output == "" { throw ValidationError("--output '': names no directory") }
    if let jobs, jobs < 1 || jobs > 1024 { throw ValidationError("--jobs \(jobs): from 1 to 1024") }
    if let budget, budget < 1 { throw ValidationError("--budget \(budget): from 1 on") }
    if maxReplications < Tuner.leastReplications {
      throw ValidationError("--max-replications \(maxReplications): from \(Tuner.leastReplications) on")
    }
    if confidence != nil, budget != nil {
      throw ValidationError("--confidence and --budget: a budget ends a tuning before any confidence: choose one")
    }
    if overrides.replications != nil, budget == nil {
      throw ValidationError(
        "--replications: a tuning runs as many as it needs; --max-replications and --budget are its limits")
    }
    if resume, force { throw ValidationError("--resume takes runs over and --force gives them up: choose one") }
    if !design.vary.isEmpty, candidates != nil {
      throw ValidationError("--candidates are thresholds; with --vary they are varied like any key")
    }
    if design.vary.isEmpty, !design.where.isEmpty { throw ValidationError("--where goes with --vary") }
    try ReportFile.checkApart(["--junit": junit, "--html": html])
    _ = try readOptions()
  }

  func run() async throws {
    let options = try readOptions()
    var scenario = try load(file, overrides: overrides.all, varied: design.vary, conditions: design.where)
    if design.vary.isEmpty { scenario.sweep = nil }
    let environment =
      try environment.isEmpty ? nil : SweepPoints(load(file, overrides: overrides.all, varied: environment))
    do {
      var tuner = tuner(of: scenario, options, in: environment)
      tuner.jobs = try permittedJobs(in: file) { try tuner.permittedJobs(asked: jobs) }
      if let html { try Presentation.checkPlace(ofPage: html, besides: directory(of: scenario)) }
      try ReportFile.check(junit: junit, besides: directory(of: scenario))
      let (report, text, expectations) = try await tune(tuner, into: directory(of: scenario))
      if let html { try ReportCommand.write(directory(of: scenario), to: html, quiet: quiet || json) }
      if json { printJSON(report) } else if !quiet { print(text, terminator: "") }
      try conclude(TuningOutcome(json: report), expectations, of: tuner)
    } catch {
      throw Failure.code(saying: error)
    }
  }

  /// Says what the scenario expects of the choice, and ends with the exit code of the outcome.
  private func conclude(_ outcome: TuningOutcome, _ expectations: [ExpectationReport], of tuner: Tuner) throws {
    let environments = expectations.indices.map { index in
      (tuner.environment?.settings).map { Tuning.name(of: $0.values(at: index)) }
    }
    if let junit, !expectations.isEmpty {
      let named = zip(environments, expectations).map { environment, report in
        (name: tuner.scenario.name + (environment.map { ", with \($0)" } ?? ""), report: report)
      }
      try ReportFile.write(ExpectationReport.junit(named), to: junit)
    }
    for (environment, report) in zip(environments, expectations) {
      say(report, place: environment.map { "with \($0): " } ?? "")
    }
    if outcome.endedByLimit {
      Failure.say(
        "warning: a limit ended runs of the choice, and no other candidate does better; see limits: in the scenario")
    }
    if outcome.hasUnmetRequirement || !expectations.allSatisfy(\.isMet) { throw Failure.differs }
    if outcome.endedByLimit { throw Failure.limited }
    if outcome.hasOpenAnswer { throw Failure.cannotCompare }
  }

  private func tuner(
    of scenario: Scenario, _ options: Options, in environment: SweepPoints?
  ) -> Tuner {
    var tuner = Tuner(
      scenario, objective: options.objective,
      arguments: ["gapsim", "run", file] + overrides.set.flatMap { ["--set", $0] })
    tuner.requirements = options.requirements
    tuner.candidates = options.candidates
    tuner.environment = environment
    tuner.budget = budget
    tuner.confidence = options.confidence
    tuner.indifference = options.indifference
    tuner.maxReplications = maxReplications
    tuner.start = resume ? .resume : force ? .restart : .new
    tuner.interrupted = Continuation.sayTuningInterrupted
    tuner.stopped = Continuation.sayTuningStopped
    return tuner
  }

  private func directory(of scenario: Scenario) -> String { output ?? "Results/\(scenario.name)-tune" }

  /// Tunes, and says where the results are. Gives the text of `tune.json`, the answer in words, and what became of the
  /// scenario's expectations in each environment.
  private func tune(
    _ tuner: Tuner, into directory: String
  ) async throws -> (report: String, text: String, [ExpectationReport]) {
    let bar = ProgressBar(total: 0, quiet: quiet)
    defer { bar.finish() }
    var isForecast = false
    var expectations: [ExpectationReport] = []
    let outcome = try await tuner.run(into: directory) { tuning in
      expectations = try await tuner.expectations(of: tuning.outcome)
      return try tuning.json(with: expectations)
    } renewed: { json in
      try await tuner.json(json, with: tuner.expectations(of: TuningOutcome(json: json)))
    } progress: { progress in
      if let forecast = progress.forecast, !isForecast, !quiet {
        isForecast = true
        Failure.say("note: " + forecast.note)
      }
      bar.update(progress)
    }
    let isNew = if case .tuned = outcome { true } else { false }
    if !noPlots { drawPlots(of: directory) }
    if !quiet, !json { print(isNew ? "results in \(directory)" : "up to date: results in \(directory)") }
    switch outcome {
    case .tuned(let tuning): return (try tuning.json(with: expectations), tuning.text, expectations)
    case .upToDate(let report):
      let outcome = try TuningOutcome(json: report)
      return (report, "\n\(outcome.sentence)\n", try await tuner.expectations(of: outcome))
    }
  }

  /// Prints whether the choice is what the scenario expects, behind the name of the environment.
  private func say(_ expectations: ExpectationReport, place: String) {
    if !expectations.isMet {
      Failure.say(place + expectations.text.dropLast())
    } else if !quiet, !json {
      print(place + expectations.text, terminator: "")
    }
  }

  /// The results are in the directory by now, so a picture that cannot be drawn loses nothing else.
  private func drawPlots(of directory: String) { PlotCommand.drawAlong(directory, quiet: quiet || json) }
}

extension TuneCommand {
  private struct Options {
    var objective: Objective
    var requirements: [Requirement]
    var confidence: Double
    var indifference: Indifference
    var candidates: CandidateChoice
  }

  private func readOptions() throws -> Options {
    let objective = try reading("--objective") { try Objective(self.objective) }
    return Options(
      objective: objective,
      requirements: try require.map { text in try reading("--require") { try Requirement(text) } },
      confidence: try reading("--confidence") { try Tuner.confidence(confidence ?? "95 %") },
      indifference: try reading("--indifference") { () throws(CandidateError) in
        try indifference.map { text throws(CandidateError) in try Indifference(text, of: objective) } ?? .usual
      },
      candidates: try reading("--candidates") { () throws(CandidateError) in
        try candidates.map { text throws(CandidateError) in try CandidateChoice(text) } ?? .usual
      })
  }

  private func reading<Value>(_ option: String, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch { throw ValidationError("\(option): \(error)") }
  }
}
