import ArgumentParser
import Experiment

/// `gapsim tune`: the best threshold of a scenario.
struct TuneCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Find the threshold that makes an objective smallest.",
    discussion: """
      Every threshold is run on the same random numbers, and what runs have in common is run once: candidates are the total
      gaps that really occur, for nothing changes between two of them. Bad ones are dropped as soon as that is safe; what
      cannot be told apart is said. The last line says what to do. Results are tune.csv and tune.json.

      An objective is a column of runs.csv, or an expression of such columns with + - * / and parentheses. It is made small;
      put a minus in front of what should be large (--objective='-promotion_rate').

      Examples:
        gapsim tune Scenarios/lab-boot.yaml
        gapsim tune Scenarios/lab-boot.yaml --objective server_bytes --indifference '1 MiB' --confidence 99%
        gapsim tune Scenarios/lab-boot.yaml --objective '0.7*makespan_s + 0.3*server_bytes/1e9' --budget 2000
        gapsim tune Scenarios/lab-boot.yaml --candidates '0, 64 KiB..4 MiB:log2' -o Results/powers
      """)

  @Argument(help: "The scenario file; '-' for the standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(
    help: """
      What is made small: makespan, completion_p95, completion_mean, server_bytes, another column of runs.csv, or an \
      expression of them.
      """)
  var objective = "makespan"

  @Option(help: "The probability with which the best threshold is found, above 50 % and below 100 %.")
  var confidence = "95 %"

  @Option(
    help: """
      The difference that does not matter: '0.5 s', '1 MiB', a number for an expression, or a share of the best mean.
      """)
  var indifference = "1 %"

  @Option(
    help: ArgumentHelp(
      "Spend so many runs (of a threshold in a replication) instead of going on until the confidence is reached.",
      valueName: "runs"))
  var budget: Int?

  @Option(
    help: ArgumentHelp(
      """
      How many of the gaps that occur are candidates at most, beside promoting nobody and everybody; or thresholds, such \
      as '0, 64 KiB..4 MiB:log2'; A..B:8 are eight at equal distances, A..B:8:log eight of equal ratios.
      """, valueName: "list"))
  var candidates = "64"

  @Option(help: "The most replications of a threshold.")
  var maxReplications = 1000

  @Option(
    name: [.short, .long], help: "The directory of results. (default: Results/, the scenario's name and -tune)",
    completion: .directory)
  var output: String?

  @OptionGroup var overrides: Overrides

  @Option(help: "How many replications run at a time; the results are the same for any number. (default: all cores)")
  var jobs: Int?

  @Flag(help: "Draw no plots.")
  var noPlots = false

  @Flag(name: [.short, .long], help: "No progress bar and no summary.")
  var quiet = false

  @Flag(help: "Print the result as JSON.")
  var json = false

  func validate() throws {
    if let jobs, jobs < 1 || jobs > 1024 { throw ValidationError("--jobs \(jobs): from 1 to 1024") }
    if let budget, budget < 1 { throw ValidationError("--budget \(budget): from 1 on") }
    if maxReplications < Tuner.leastPilot { throw ValidationError("--max-replications: from \(Tuner.leastPilot) on") }
    _ = try readOptions()
  }

  func run() async throws {
    let options = try readOptions()
    var scenario = try load(file, overrides: overrides.all)
    scenario.sweep = nil  // what is varied here is the threshold
    let jobs = try permittedJobs(jobs, for: scenario, in: file, copies: options.candidates.mostCopies)
    do {
      let tuning = try await tune(scenario, options, jobs: jobs)
      if json { printJSON(try tuning.json) } else if !quiet { print(tuning.text, terminator: "") }
      if tuning.endedByLimit {
        Failure.say(
          "warning: a limit ended runs of the chosen threshold, and no other does better; see limits: in the scenario")
        throw Failure.limited
      }
    } catch {
      throw Failure.code(saying: error)
    }
  }

  private func tune(_ scenario: Scenario, _ options: Options, jobs: Int) async throws -> Tuning {
    var tuner = Tuner(
      scenario, objective: options.objective, candidates: options.candidates, budget: budget,
      arguments: ["gapsim", "run", file] + overrides.set.flatMap { ["--set", $0] })
    tuner.confidence = options.confidence
    tuner.indifference = options.indifference
    tuner.maxReplications = max(maxReplications, tuner.pilot)
    tuner.jobs = jobs
    let directory = output ?? "Results/\(scenario.name)-tune"
    let bar = ProgressBar(total: 0, quiet: quiet)
    defer { bar.finish() }
    let tuning = try await tuner.run(into: directory) { bar.update($0) }
    if !noPlots { drawPlots(of: directory) }
    return tuning
  }

  /// The results stand in the directory by now, so that a picture that cannot be drawn costs no more than itself.
  private func drawPlots(of directory: String) { PlotCommand.drawAlong(directory, quiet: quiet || json) }
}

extension TuneCommand {
  private struct Options {
    var objective: Objective
    var confidence: Double
    var indifference: Indifference
    var candidates: CandidateChoice
  }

  private func readOptions() throws -> Options {
    let objective = try reading("--objective") { try Objective(self.objective) }
    return Options(
      objective: objective,
      confidence: try reading("--confidence") { try Tuner.confidence(confidence) },
      indifference: try reading("--indifference") { () throws(CandidateError) in
        try Indifference(indifference, of: objective)
      },
      candidates: try reading("--candidates") { try CandidateChoice(candidates) })
  }

  private func reading<Value>(_ option: String, _ body: () throws -> Value) throws -> Value {
    do { return try body() } catch { throw ValidationError("\(option): \(error)") }
  }
}
