import ArgumentParser
import Comparison
import FoundationEssentials
import Presentation

/// `gapsim compare`: whether anything got worse.
struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare results with earlier ones: what got worse, got better, or cannot be told apart.",
    discussion: """
      BASE and NEW are two directories of results, or two directories of such directories, which are compared by name. \
      With --run, this program runs the scenarios in BASE again, and NEW is the result. Results of one seed are \
      compared pair by pair.

      Without a limit, any evidence that a time, the bytes sent, the failed devices or what is dropped grew counts as a \
      regression. With --max-regress only the named metrics count, each beyond its share of BASE's mean ('all' names every \
      metric). With --exact any difference counts. With --primary the named metrics are tested first, and all others \
      count only if these changed. The report says how large a change the replications could have shown. \
      docs/compare.md says what is tested.

      Results with other devices or another file are refused; --across compares them all the same.

      Examples:
        gapsim compare Results/before Results/after
        gapsim compare Results/before Results/after --max-regress 'makespan_s=2%,server_bytes=1%' --junit compare.xml
        gapsim compare Results/before Results/after --primary makespan_s,server_bytes --inconclusive fail
        gapsim compare Results/before Results/after --html compare.html
        gapsim compare Results/baselines --run --exact --markdown summary.md
        gapsim compare Results/baselines --run --accept

      Exit codes: 0 nothing that counts got worse; 1 something did; 2 that cannot be said; 64 wrong usage; 65 results \
      were changed after they were written; 66 BASE or NEW does not exist; 73 or 74 a report cannot be written.
      """)

  @Argument(help: "The results to compare with, or a directory of them.", completion: .directory)
  var base: String

  @Argument(help: "The results to compare, or a directory of them.", completion: .directory)
  var new: String?

  @Flag(name: .customLong("run"), help: "Run the scenarios of BASE again, and compare with that.")
  var runsAgain = false

  @Option(
    help: ArgumentHelp(
      "By what share of BASE's mean metrics may get worse, like 'makespan_s=2%,server_bytes=1%'.", valueName: "limits"))
  var maxRegress: String?

  @Option(
    help: ArgumentHelp(
      "Test these metrics first, like 'makespan_s,server_bytes'; others count only if these changed.",
      valueName: "metrics"))
  var primary: String?

  @Option(
    help: ArgumentHelp(
      """
      What to do with too few replications: 'fail' ends with 2 if a metric may have got worse by more than its limit, or \
      5 %; 'pass' ends with 0 even if a metric cannot be tested. (default: a metric that cannot be tested ends with 2, \
      everything else passes)
      """, valueName: "fail|pass"))
  var inconclusive: ResultsComparison.Inconclusive?

  @Flag(help: "Compare scenarios with other devices, or another file, all the same.")
  var across = false

  @Flag(help: "Let any difference of the files count.")
  var exact = false

  @Flag(help: "Replace BASE by the new results, and say what moved.")
  var accept = false

  @Option(help: "Write the report as JUnit XML too.", completion: .file(extensions: ["xml"]))
  var junit: String?

  @Option(help: "Write the report as Markdown too.", completion: .file(extensions: ["md"]))
  var markdown: String?

  @Option(help: "Write the report as a page for a browser too.", completion: .file(extensions: ["html"]))
  var html: String?

  @Option(name: [.short, .long], help: "With --run: where to keep the new results.", completion: .directory)
  var output: String?

  @Option(help: "With --run: how many replications run at a time. (default: all cores)")
  var jobs: Int?

  @Flag(name: [.short, .long], help: "No progress bar and no report on the standard output.")
  var quiet = false

  private var limits: RegressionLimits? {
    get throws { try maxRegress.map { text throws(ComparisonError) in try RegressionLimits(text) } }
  }

  private var primaryMetrics: PrimaryMetrics? {
    get throws { try primary.map { text throws(ComparisonError) in try PrimaryMetrics(text) } }
  }

  func validate() throws {
    if output == "" { throw ValidationError("--output '': names no directory") }
    if (new == nil) != runsAgain { throw ValidationError("give NEW, or --run to make it") }
    if let jobs, jobs < 1 || jobs > 1024 { throw ValidationError("--jobs \(jobs): from 1 to 1024") }
    if exact, maxRegress != nil || primary != nil || inconclusive != nil {
      throw ValidationError("--exact lets any difference count: it takes no --max-regress, --primary or --inconclusive")
    }
    if maxRegress != nil, primary != nil {
      throw ValidationError("--max-regress names the metrics that count: it takes no --primary")
    }
    if !runsAgain, output != nil || jobs != nil { throw ValidationError("--output and --jobs are for --run") }
    try ReportFile.checkApart(["--junit": junit, "--markdown": markdown, "--html": html])
    do { _ = try limits } catch { throw ValidationError("--max-regress: \(error)") }
    do { _ = try primaryMetrics } catch { throw ValidationError("--primary: \(error)") }
  }

  func run() async throws {
    do {
      if let html { try Presentation.checkPlace(ofPage: html, besides: output) }
      try ReportFile.check(junit: junit, markdown: markdown, besides: output)
      var job = ComparisonJob(base: base, new: new)
      (job.limits, job.isExact, job.accepts) = (try limits, exact, accept)
      (job.primary, job.whenInconclusive, job.isAcross) = (try primaryMetrics, inconclusive, across)
      (job.output, job.jobs) = (output, jobs)
      var bar: ProgressBar?
      defer { bar?.finish() }
      let result = try await job.run { done, total, events in
        bar = bar ?? ProgressBar(total: total, quiet: quiet)
        bar?.update(done: done, events: events)
      }
      bar?.finish()
      try write(result.report)
      if !quiet {
        print(result.report.text, terminator: "")
        if let output { print("results in \(output)") }
        for path in result.accepted { print("accepted: \(path) holds the new results now") }
        if let history = result.history { print("\(history) remembers it") }
      }
      try exit(result)
    } catch let error as ComparisonError {
      Failure.say("error: cannot compare: \(error)")
      throw Failure.cannotCompare
    } catch {
      throw Failure.code(saying: error)
    }
  }

  private func write(_ report: ComparisonReport) throws {
    for (path, text) in [(junit, report.junit), (markdown, report.markdown)] {
      if let path { try ReportFile.write(text, to: path) }
    }
    if let html { try Presentation.write(report, to: html) }
  }

  /// With --accept a regression is no failure, because the results were accepted. Results that could not be compared
  /// were not.
  private func exit(_ result: ComparisonJob.Result) throws {
    switch result.report.outcome {
    case .passed: return
    case .regressed: if !accept { throw Failure.differs }
    case .inconclusive: if !accept { throw Failure.cannotCompare }
    case .incomparable: if !accept || result.report.hasFailures { throw Failure.cannotCompare }
    }
  }
}

extension ResultsComparison.Inconclusive: ExpressibleByArgument {}
