import FoundationEssentials
import PromotionRun
import Quantities
import Results
import Scenarios
import Statistics
import Runs

/// The search for the candidate that makes an objective smallest, in a directory of results.
package struct Tuner: Sendable {
  /// The smallest allowed maximum of replications.
  package static let leastReplications = SequentialTest.Plan.firstStage
  /// The number of first replications if a budget must suffice for many candidates.
  private static let leastPilotOfBudget = 5
  /// The share of the devices that a candidate may leave behind, on average, in addition to what the fittest does.
  private static let allowedShare = 0.001
  /// So many devices are allowed in any case: whether fewer are left behind no thousand runs would tell.
  private static let leastAllowance = 0.1
  /// What a comparison may cost beyond the first replications where these take long, in seconds: ``RunCost``.
  private static let mostSeconds = 12.0

  /// What is tuned; with a sweep, its points are the candidates.
  package var scenario: Scenario
  /// What is minimised.
  package var objective: Objective
  /// What the choice must meet.
  package var requirements: [Requirement] = []
  /// The thresholds that are compared, if the scenario has no sweep.
  package var candidates = CandidateChoice.usual
  /// Keys that nobody can choose, with their values.
  package var environment: SweepPoints?
  /// The required probability of finding the best, if there is no budget.
  package var confidence = 0.95
  /// The difference that does not matter.
  package var indifference = Indifference.usual
  /// The most runs, each of one candidate in one replication; nil to go on until the confidence is reached.
  package var budget: Int?
  /// The most replications.
  package var maxReplications = 1000
  /// How many jobs are in work at a time: all the machine's cores by default.
  package var jobs = ProcessInfo.processInfo.activeProcessorCount
  /// What to do with the records of an interrupted tuning.
  package var start = Journal.Start.new
  /// Called when a signal ends the process, with the journal and the number of its records; on any thread.
  package var interrupted: @Sendable (_ journal: String, _ records: Int) -> Void = { _, _ in }
  /// Called when the system refuses a step, such as for a full disk, with the journal and the number of its records.
  package var stopped: @Sendable (_ journal: String, _ records: Int) -> Void = { _, _ in }
  /// The command line of a plain run of the scenario, for the report of a broken invariant.
  package var arguments: [String]

  /// Tunes a scenario with the default settings.
  package init(_ scenario: Scenario, objective: Objective, arguments: [String] = []) {
    self.scenario = scenario
    self.objective = objective
    self.arguments = arguments
  }

  /// Reads a confidence such as `95 %` or `0.95`.
  package static func confidence(_ text: String) throws(CandidateError) -> Double {
    guard case .success(let value) = PlainNumber.real(text, percent: true), value > 0.5, value < 1 else {
      throw CandidateError("'\(text.excerpt)' is no share above 50 % and below 100 %")
    }
    return value
  }

  /// How many more devices than the fittest candidate a candidate may leave behind.
  package static func allowance(_ devices: Int) -> Double {
    max(allowedShare * Double(devices), leastAllowance)
  }

  /// The replications that show which gaps occur.
  var firstReplications: Int { min(SequentialTest.Plan.screening, maxReplications) }

  /// The replications that every candidate gets. They take at most half of a budget, so that the other half can go
  /// where it tells most.
  func firstReplications(of design: TuningDesign) -> Int {
    guard let budget else { return firstReplications }
    let runs = design.candidates.count * design.environments.count
    return max(Self.leastPilotOfBudget, min(max(10, scenario.replications), budget / (2 * runs), maxReplications))
  }

  /// The question for a selection, when the first replications have cost `spent`.
  ///
  /// The others may cost twice as much as these, for the margin after five replications would say nothing, but no more than
  /// `mostSeconds`.
  func rules(
    indifference: Double, jumps: CandidateRun.Jumps, scale: ObjectiveScale,
    shares: RareDelays.Shares, devices: Int, spent: Double
  ) -> ConstrainedSelection.Rules {
    let bound = Self.allowance(devices)
    // A candidate that is as fit as the fittest meets it by the tolerance, so it must pass.
    let fitness = ConstrainedSelection.Limit(bound: bound, tolerance: bound, isCount: true)
    let limits = zip(requirements, jumps.required).map { requirement, jump in
      requirement.selectionLimit(jump: jump.jump(shares))
    }
    return ConstrainedSelection.Rules(
      confidence: confidence, indifference: indifference, jump: jumps.objective.jump(shares, scale: scale),
      levelJump: scale.scaled(jumps.objective.longest),
      fitness: requirements.contains(where: \.isAboutFailures) ? nil : fitness, limits: limits,
      mostReplications: maxReplications,
      effort: self.indifference.effort.map { max($0, spent + min(2 * spent, Self.mostSeconds)) })
  }

  /// The outcome for a directory of results.
  package enum Outcome: Sendable {
    /// It was made.
    case tuned(Tuning)
    /// It existed already, with the same settings; its `tune.json`.
    case upToDate(json: String)
  }

  /// Tunes, and writes the results to a directory. It is then complete or absent. The same settings again are up to
  /// date.
  ///
  /// Jobs are kept in a journal beside the directory as they end, so that a tuning that dies at any moment can go on.
  ///
  /// - Parameters:
  ///   - report: makes the text of `tune.json`.
  ///   - renewed: makes it from that of finished results whose scenario differs in what no run depends on.
  /// - Throws: ``TuneError``, ``ResultsError``, ``ResumeError`` or ``BreachReport``, and what `report` throws.
  package func run(
    into path: String, report: (Tuning) async throws -> String = { try $0.json },
    renewed: (_ json: String) async throws -> String = { $0 },
    progress: (TuneProgress) -> Void = { _ in }
  ) async throws -> Outcome {
    let directory: ResultsDirectory
    do { directory = try ResultsDirectory(at: path) } catch let error as ResultsError where error.isFromTheSystem {
      // Results that are complete need no place to write.
      guard start != .restart, let (folder, json) = try? finished(in: ResultsDirectory.place(of: path)),
        folder.manifest.scenario == origin.scenario
      else { throw error }
      return .upToDate(json: json)
    }
    defer { directory.discard() }
    if start != .restart, let (folder, json) = try finished(in: directory.path) {
      guard folder.manifest.scenario != origin.scenario else { return .upToDate(json: json) }
      let report = try await renewed(json)
      try renew(folder, with: report, in: directory)
      return .upToDate(json: report)
    }
    let journal = try Journal(at: Journal.path(besideResults: directory.path), design: journalDesign, start: start)
    let interruption = Interruption { [interrupted] in
      directory.discard()
      interrupted(journal.path, journal.leave())
    }
    defer { interruption.end() }
    do {
      let tuning = try await tune(journal: journal, progress: progress)
      try await tuning.write(to: directory, from: origin, settings: settings, report: report(tuning))
      journal.remove()
      return .tuned(tuning)
    } catch let error as TuneError {
      journal.remove()  // going on would come to the same
      throw error
    } catch {
      let records = journal.leave()
      if case ResultsError.system = error, records > 0 { stopped(journal.path, records) }
      throw error
    }
  }

  /// The results of the same settings with their `tune.json`; nil if there are no results.
  ///
  /// - Throws: A ``ResumeError`` if they are those of another command or of other settings.
  private func finished(in path: String) throws -> (folder: ResultsFolder, json: String)? {
    let folder: ResultsFolder
    do throws(ResultsFolderError) {
      folder = try ResultsFolder(at: path)
    } catch {
      if case .missing(path, _) = error { return nil }
      throw ResumeError.unusable(reason: "\(error)")
    }
    guard folder.kind == .tune, let json = try folder.bytes(of: .tuneSummary) else {
      throw ResumeError.otherCommand(path: path)
    }
    let manifest = folder.manifest
    try ResumeError.expect(
      journalDesign,
      equals: Self.design(
        settings: manifest.tune ?? "", scenario: counted(folder.scenario()), programVersion: manifest.programVersion),
      of: path)
    return (folder, String(decoding: json, as: UTF8.self))
  }

  /// Writes results again with the scenario as it is now, on whose changes no run depends.
  private func renew(_ folder: ResultsFolder, with report: String, in directory: ResultsDirectory) throws {
    var files: [Manifest.File] = []
    let table = try folder.bytes(of: .tune) ?? []
    for (file, bytes, rows) in [
      (ResultFile.tune, table, folder.entry(of: .tune)?.rows ?? 0), (.tuneSummary, Array(report.utf8), 1),
    ] {
      let output = try directory.create(file)
      try output.append(bytes)
      files.append(Manifest.File(name: file.rawValue, rows: rows, sha256: try output.close()))
    }
    try Tuning.write(files, to: directory, from: origin, settings: settings)
  }

  private var origin: Manifest.Origin {
    Manifest.Origin(programVersion: Program.version, scenario: scenario.canonicalYAML(), seed: scenario.seed)
  }

  /// What is asked, in addition to the scenario.
  private var settings: String {
    """
    objective: \(objective.text)
    require: \(requirements.map(\.text).joined(separator: "; "))
    candidates: \(candidates.text)
    environment: \(environment?.settings.keys.map { "\($0.name)=\($0.values.joined(separator: ","))" }.joined(separator: "; ") ?? "none")
    confidence: \(confidence.shortest)
    indifference: \(indifference.text)
    budget: \(budget.map(String.init) ?? "none")
    most replications: \(maxReplications)

    """
  }

  /// Everything that the jobs of a tuning depend on.
  var journalDesign: String {
    Self.design(settings: settings, scenario: counted(scenario), programVersion: Program.version)
  }

  /// What counts of a scenario, in its canonical form: a job depends on its number of replications only with a budget.
  private func counted(_ scenario: Scenario) -> String {
    var scenario = scenario.determiningRuns
    if budget == nil { scenario.replications = 1 }
    return scenario.canonicalYAML()
  }

  private static func design(settings: String, scenario: String, programVersion: String) -> String {
    "gapsim \(programVersion) tune\n\(settings)\(scenario)"
  }

  /// Tunes.
  ///
  /// - Throws: ``TuneError`` or ``BreachReport``.
  package func tune(journal: Journal? = nil, progress: (TuneProgress) -> Void = { _ in }) async throws -> Tuning {
    var state = try TuningState(self)
    let records = TuningRecords(journal)
    // The networks are the same for all candidates that are found later.
    let runs = CandidateRuns(state.design, objective: objective, requirements: requirements)
    do {
      try await Pool(jobs: jobs).run(
        next: { state.next() },
        work: { job in try records.product(of: job) { try runs.run(job) } },
        consume: { job, product in
          try state.take(job, try product.get())
          progress(state.progress)
        })
    } catch let fork as ForkBreach {
      throw BreachReport(
        scenario: scenario.name, breach: fork.breach,
        arguments: arguments + ["--set", "\(TuningDesign.thresholdKey)=\(fork.threshold) B"],
        mark: "threshold\(fork.threshold)")
    }
    return state.result
  }
}

/// The jobs of a tuning that were finished before, and a store for those that finish now.
private struct TuningRecords: Sendable {
  private let journal: Journal?

  init(_ journal: Journal?) { self.journal = journal }

  /// The outcome of a job, from the journal or from `work`.
  func product(of job: CandidateRuns.Job, work: () throws -> CandidateRuns.Product) throws -> CandidateRuns.Product {
    let key = String(job.number)
    if let journal, let place = journal.found[key] {
      let stored = try JSONDecoder().decode(CandidateRuns.Product.self, from: Data(journal.payload(at: place)))
      if stored.runs.count == job.thresholds.count { return stored }
    }
    let product = try work()
    try journal?.append(key: key, payload: Array(JSONEncoder().encode(product)))
    return product
  }
}
