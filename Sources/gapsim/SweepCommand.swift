import ArgumentParser
import Comparison
import Experiments
import FoundationEssentials
import Presentation
import Rivals
import Scenarios
import Runs

/// `gapsim sweep`: a scenario at many points into one directory of results.
struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run a scenario with keys varied, and write the results of all points.",
    discussion: """
      Values have commas between them. A range is A..B:8 (eight values at equal distances), A..B:log2 (A, and each time \
      twice as much, up to B) or A..B:8:log (eight values of equal ratios). Several keys make a grid, or with --zip go \
      together; --with puts a key into the group of the --vary before it, and groups make a grid. --where leaves points \
      out. A scenario with a section sweep: needs no --vary. All points have the same seed (common random numbers).

      Runs are kept as they end, in a journal beside the directory of results. When a sweep is interrupted, --resume \
      goes on with what is missing; with more replications it adds to a finished one. With --shard, machines do a share \
      each, and 'gapsim merge' puts them together. The results are the same bytes as if nothing had happened.

      The summary says where the makespan, the completion and the bytes sent are least, and what cannot be told apart from \
      that. Exit code 1 says that a point is not what the scenario expects (expect:); the results are written all the same.

      Examples:
        gapsim sweep lab.yaml --vary protocol.promotion.threshold=0,16KiB..4MiB:log2
        gapsim sweep lab.yaml --vary 'cohorts[0].loss.bernoulli=0.1%..5%:8' --plan
        gapsim sweep lab.yaml --vary 'cohorts[wifi].loss.bernoulli=1%,5%' --vary 'cohorts[*].count=100,1000'
        gapsim sweep lab.yaml --vary file.size=16MiB,64MiB --with limits.time=1h,4h --vary protocol.windowsize=1,4
        gapsim sweep lab.yaml --where 'protocol.windowsize * protocol.blksize <= 16 KiB'
        gapsim sweep lab.yaml --vary file.size=16MiB,64MiB --precision 1%
        gapsim sweep lab.yaml --resume --replications 50
        gapsim sweep lab.yaml --shard 3/16
        gapsim sweep lab.yaml --vary 'cohorts[0].count=1000..1000000:4:log' --no-devices
      """)

  @Argument(help: "The scenario file; '-' for the standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @OptionGroup var design: DesignOptions

  @Flag(help: "Vary all keys together: the first value of each makes the first point, and so on.")
  var zip = false

  @Option(
    help: ArgumentHelp(
      "Go on with replications until half of each metric's 95 % confidence interval is within this share of its mean, "
        + "such as 1%. See also sweep.metrics and its neighbours: gapsim schema --keys sweep.", valueName: "share"))
  var precision: String?

  @Option(
    name: [.short, .long], help: "The directory of results. (default: Results/ and the scenario's name, with -sweep)",
    completion: .directory)
  var output: String?

  @OptionGroup var overrides: Overrides

  @Option(help: "How many runs are in work at a time; the results are the same for any number. (default: all cores)")
  var jobs: Int?

  @Flag(help: "Only show the size of the design, and what it will cost.")
  var plan = false

  @OptionGroup var continuation: Continuation

  @Flag(help: "Leave devices.csv out, which has a row for each device of each run.")
  var noDevices = false

  @Flag(help: "Draw no plots.")
  var noPlots = false

  @Flag(name: [.short, .long], help: "No plan, no progress bar and no summary.")
  var quiet = false

  @Option(
    help: "Write what became of the expectations (expect:) at each point as JUnit XML too.",
    completion: .file(extensions: ["xml"]))
  var junit: String?

  @Flag(help: "Print the summary as JSON.")
  var json = false

  func validate() throws {
    if output == "" { throw ValidationError("--output '': names no directory") }
    if let jobs, jobs < 1 || jobs > 1024 { throw ValidationError("--jobs \(jobs): from 1 to 1024") }
    if precision != nil, overrides.replications != nil {
      throw ValidationError("--precision decides how many replications there are: leave --replications away")
    }
    if plan, json { throw ValidationError("--plan and --json: a plan is text") }
    if plan, junit != nil { throw ValidationError("--plan and --junit: a plan runs nothing that could be judged") }
    if zip, design.vary.contains(where: { $0.first == SweepSettings.joining }) {
      throw ValidationError("--zip puts all keys together: leave --with away")
    }
    if zip, design.vary.isEmpty { throw ValidationError("--zip goes with --vary; in a scenario it is sweep.zip") }
  }

  func run() async throws {
    var scenario = try load(
      file, overrides: overrides.all + sweepOverrides, varied: design.vary, conditions: design.where)
    if overrides.replications != nil { scenario.sweep?.precision = nil }
    guard let points = SweepPoints(scenario) else {
      Failure.say("error: nothing is varied: give --vary key.path=values, or a section sweep: in \(file)")
      throw ExitCode.validationFailure
    }
    if let shard = continuation.shard, points.settings.precision != nil {
      Failure.say(
        "error: --shard \(shard): a precision is decided by all runs of a point, which no share has; give --replications, and "
          + "the precision with --resume once the shares are merged")
      throw ExitCode.validationFailure
    }
    let jobs = try permittedJobs(jobs, for: scenario, in: file)
    do {
      try await run(points, jobs: jobs)
    } catch {
      throw Failure.code(saying: error)
    }
  }

  private func run(_ points: SweepPoints, jobs: Int) async throws {
    var sweep = Sweep(points)
    sweep.jobs = jobs
    sweep.devices = !noDevices
    sweep.arguments = ["gapsim", "run", file] + overrides.set.flatMap { ["--set", $0] }
    continuation.apply(to: &sweep)
    let size = SweepPlan(sweep)
    if plan || !quiet && !json { print(size.text, terminator: "") }
    if plan {
      let pilot = try SweepPlan.Pilot(points, simulate: Self.simulate)
      print(size.expectation(from: pilot), terminator: "")
      print(try SweepPower(points, after: pilot, simulate: Self.simulate)?.text ?? "", terminator: "")
      return
    }
    try ReportFile.check(junit: junit, besides: directory(of: sweep))
    let outcome = try await results(of: sweep)
    try Self.conclude(outcome, json: json, quiet: quiet, plots: !noPlots, junit: junit)
  }

  /// Prints the outcome of a sweep, and throws its exit code.
  static func conclude(_ outcome: SweepOutcome, json: Bool, quiet: Bool, plots: Bool, junit: String?) throws {
    let summary = try SweepSummary(outcome)
    if json { printJSON(try summary.json) } else if !quiet { print("\n" + summary.text, terminator: "") }
    // The results are complete and have their final name by now.
    if plots { PlotCommand.drawAlong(outcome.path, quiet: quiet || json) }
    if let junit { try ReportFile.write(summary.junit, to: junit) }
    let isExpected = summary.expectations.isMet
    if !isExpected {
      Failure.say(summary.expectations.text.dropLast())
    } else if !quiet, !json, outcome.share == nil {
      print(summary.expectations.text, terminator: "")
    }
    guard outcome.problems.isEmpty else {
      Failure.say("\(outcome.failed.isEmpty ? "warning" : "error"): not every run is whole:\n\(outcome.problems)")
      throw !outcome.failed.isEmpty ? Failure.software : isExpected ? Failure.limited : Failure.differs
    }
    if !isExpected { throw Failure.differs }
  }

  private func results(of sweep: Sweep) async throws -> SweepOutcome {
    let bar = ProgressBar(total: 0, noun: "runs", quiet: quiet)
    defer { bar.finish() }
    return try await sweep.run(
      into: directory(of: sweep),
      progress: { progress in
        bar.update(done: progress.done, of: progress.total, found: progress.found, events: progress.events) {
          progress.widest().map { "widest ±\($0.percent) \($0.metric)" }
        }
      },
      simulate: Self.simulate)
  }

  private func directory(of sweep: Sweep) -> String {
    output ?? "Results/\(sweep.points.scenario.name)-sweep\(sweep.share?.suffix ?? "")"
  }

  @Sendable private static func simulate(_ point: SweepPoint, _ replication: Int) throws -> RunRecord {
    try point.network.run(seed: point.context.seed, replication: replication)
  }

  /// The options that replace keys of the scenario's section `sweep`.
  private var sweepOverrides: [String] {
    var overrides: [String] = []
    // A --with that joins nothing is refused as it is.
    if let first = design.vary.first, first.first != SweepSettings.joining { overrides.append("sweep.zip=\(zip)") }
    if let precision { overrides.append("sweep.precision=\(precision)") }
    return overrides
  }
}
