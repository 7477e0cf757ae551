import ArgumentParser
import Comparison
import Experiments
import FoundationEssentials
import Network
import Presentation
import Rivals
import Results
import Scenarios
import Runs

/// `gapsim run`: a scenario into a directory of results.
struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a scenario and write its results.",
    discussion: """
      The directory of results is complete or absent: it is written under another name beside it and renamed when it is \
      whole. It depends on nothing but the scenario, the overrides and the seed. Results of other settings are not \
      replaced without --force, and those of the same settings are left as they are.

      Replications are kept as they end, in a journal beside the directory. When a run is interrupted, by 'kill -9' too, \
      --resume goes on with what is missing; with more --replications it adds to a finished run.

      Examples:
        gapsim run Scenarios/lab-boot.yaml
        gapsim run lab.yaml -o tight --set 'protocol.promotion.threshold=64 KiB'
        gapsim run lab.yaml --replications 100 --seed 7 --jobs 2
        gapsim run lab.yaml --replications 500 --seed 7 --resume
        gapsim run lab.yaml --set 'cohorts[0].count=1000000' --no-devices
        gapsim run lab.yaml --pcap lab.pcapng --pcap-at device:17
        gapsim run lab.yaml --timeline '1 s' --json | jq .metrics.makespan_s
        gapsim run lab.yaml --set 'expect=[failed_devices == 0, completion_p95_s < 400 s]'

      Exit code 1 says that the results are not what the scenario expects (expect:); they are written all the same.
      """)

  @Argument(help: "The scenario file; '-' for the standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Option(
    name: [.short, .long], help: "The directory of results. (default: Results/ and the scenario's name)",
    completion: .directory)
  var output: String?

  @OptionGroup var overrides: Overrides

  @Option(help: "How many replications run at a time; the results are the same for any number. (default: all cores)")
  var jobs: Int?

  @OptionGroup var continuation: Continuation

  @Option(help: ArgumentHelp("Write timeline.csv with a sample each STEP, such as '1 s'.", valueName: "step"))
  var timeline: String?

  @Flag(help: "Leave devices.csv out, which has a row for each device of each replication.")
  var noDevices = false

  @Flag(help: "Deliver every packet to every device as an event: slower, the same results.")
  var packetByPacket = false

  @Flag(name: [.short, .long], help: "No progress bar and no summary.")
  var quiet = false

  @Flag(help: "Print the summary as JSON.")
  var json = false

  @Option(
    help: "Write what became of the expectations (expect:) as JUnit XML too.", completion: .file(extensions: ["xml"]))
  var junit: String?

  @OptionGroup var capture: CaptureOptions

  @Flag(help: "Draw the pictures of the results too, as 'gapsim plot' does.")
  var plot = false

  func validate() throws {
    if output == "" { throw ValidationError("--output '': names no directory") }
    if json, capture.isPrinted { throw ValidationError("--json and --pcap -: both are for the standard output") }
    if let jobs, jobs < 1 || jobs > 1024 { throw ValidationError("--jobs \(jobs): from 1 to 1024") }
    try ReportFile.checkApart(["--junit": junit, "--pcap": capture.pcap])
  }

  func run() async throws {
    let sets = overrides.all + (timeline.map { ["timeline=\($0)"] } ?? [])
    let scenario = try load(file, overrides: sets)
    let jobs = try permittedJobs(jobs, for: scenario, in: file)
    do {
      try ReportFile.check(
        junit: junit, capture: capture.isPrinted ? nil : capture.pcap, besides: directory(of: scenario))
      let captured = try capture.capture(scenario, delivery: delivery)
      let isSilent = quiet || capture.isPrinted
      if let captured, !isSilent, !json { print(captured) }
      try Self.conclude(
        try await results(of: scenario, jobs: jobs), json: json, quiet: isSilent, plot: plot, junit: junit)
    } catch {
      throw Failure.code(saying: error)
    }
  }

  /// Prints the outcome of a plain run, and throws its exit code.
  static func conclude(_ outcome: SweepOutcome, json: Bool, quiet: Bool, plot: Bool, junit: String?) throws {
    guard let point = outcome.single else { preconditionFailure("a run of \(outcome.points.count) points") }
    // The results of a share say nothing about the whole.
    let expectations = try ExpectationReport(
      outcome.share == nil ? outcome.scenario.expectations : [],
      results: ResultsFolder(at: outcome.path, check: .manifest))
    let summary = RunSummary(
      point, expectations: expectations, directory: outcome.path, taken: outcome.taken)
    if json { printJSON(try summary.json) } else if !quiet { print(outcome.emptiness ?? summary.text, terminator: "") }
    if plot { try PlotCommand.draw(outcome.path, quiet: quiet || json) }
    if let junit { try ReportFile.write(expectations.junit(name: outcome.scenario.name), to: junit) }
    say(expectations, isSilent: quiet || json)
    if !quiet, !json { print(outcome.place) }
    if point.endedByLimit {
      Failure.say(
        "warning: a limit ended a run before it was over; see 'ended' in runs.csv, and limits: in the scenario")
      throw expectations.isMet ? Failure.limited : Failure.differs
    }
    if !expectations.isMet { throw Failure.differs }
  }

  /// Prints whether the results are what the scenario expects.
  private static func say(_ expectations: ExpectationReport, isSilent: Bool) {
    if !expectations.isMet {
      Failure.say(expectations.text.dropLast())
    } else if !isSilent {
      print(expectations.text, terminator: "")
    }
  }

  private func results(of scenario: Scenario, jobs: Int) async throws -> SweepOutcome {
    var sweep = Sweep(SweepPoints(single: scenario))
    sweep.jobs = jobs
    sweep.devices = !noDevices
    sweep.arguments = replay
    continuation.apply(to: &sweep)
    let bar = ProgressBar(total: sweep.runs, quiet: quiet)
    defer { bar.finish() }
    bar.update(done: 0, events: 0)
    return try await sweep.run(
      into: directory(of: scenario),
      progress: { bar.update(done: $0.done, of: $0.total, found: $0.found, events: $0.events, note: { nil }) },
      simulate: { point, replication in
        try point.network.run(seed: point.context.seed, replication: replication, delivery: delivery)
      })
  }

  private func directory(of scenario: Scenario) -> String {
    output ?? "Results/\(scenario.name)\(continuation.shard?.suffix ?? "")"
  }

  private var delivery: Delivery { packetByPacket ? .packetByPacket : .byRuns }

  /// The command that runs the same again, for the report of a broken invariant.
  private var replay: [String] {
    var words = ["gapsim", "run", file] + overrides.set.flatMap { ["--set", $0] }
    if let timeline { words += ["--timeline", timeline] }
    if packetByPacket { words.append("--packet-by-packet") }
    return words
  }
}

/// The options that replace values of the scenario file.
struct Overrides: ParsableArguments {
  @Option(help: "The seed of all random numbers, in place of the scenario's.")
  var seed: UInt64?

  @Option(help: "How many replications, in place of the scenario's.")
  var replications: Int?

  @Option(
    help: ArgumentHelp(
      "Put a value in place of the scenario's; may be repeated. Quote what has spaces: --set 'file.size=48 MiB'.",
      valueName: "key.path=value"))
  var set: [String] = []

  /// All of them in the form of `--set`. The separate options come last, so they win.
  var all: [String] {
    self.set + (seed.map { ["seed=\($0)"] } ?? []) + (replications.map { ["replications=\($0)"] } ?? [])
  }
}
