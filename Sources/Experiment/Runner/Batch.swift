import Foundation
import NetworkModel

/// One point from its first replication to its directory of results.
package struct Batch: Sendable {
  /// What the rows have in common.
  package var context: RunContext
  /// What the manifest says the results were made from.
  package var origin: Manifest.Origin
  /// How many replications there are.
  package var replications: Int
  /// How many run at a time: all the machine's cores by default.
  package var jobs = ProcessInfo.processInfo.activeProcessorCount
  /// Whether `devices.csv` is written.
  package var devices = true
  /// Whether a timeline is written.
  package var timeline = false
  /// The command line, seed and replications left out, for the report of a broken invariant.
  package var arguments: [String]

  /// Describes a batch on all cores, with devices and without a timeline.
  package init(context: RunContext, origin: Manifest.Origin, replications: Int, arguments: [String]) {
    self.context = context
    self.origin = origin
    self.replications = replications
    self.arguments = arguments
  }

  /// Runs every replication and writes the results to a directory, which is complete or absent.
  ///
  /// An interruption by a signal, a cancellation or an error leaves what stood at `path` before. `progress` hears of each
  /// replication that is written.
  /// - Throws: ``ResultsError``, ``BreachReport``, or what `simulate` throws.
  package func run(
    into path: String,
    progress: (PointAggregate) -> Void = { _ in },
    simulate: @escaping @Sendable (_ replication: Int) throws -> RunRecord
  ) async throws -> PointAggregate {
    let directory = try ResultsDirectory(at: path)
    let interruption = Interruption { directory.discard() }
    defer {
      directory.discard()
      interruption.end()
    }
    let writer = try ResultsWriter(
      in: directory, varied: context.varied.map(\.column), devices: devices, timeline: timeline)
    var point = PointAggregate(context)
    do {
      try await Pool(jobs: jobs).run(
        1...replications,
        work: { [context, devices] replication in
          try RunReport(simulate(replication), of: context, devices: devices, spool: directory.createSpool)
        },
        consume: { run in
          try writer.append(run, to: &point)
          progress(point)
        })
    } catch let breach as InvariantBreach {
      throw BreachReport(scenario: context.scenario, breach: breach, arguments: arguments)
    }
    try writer.append(summaryOf: point)
    try writer.commit(origin)
    return point
  }
}
