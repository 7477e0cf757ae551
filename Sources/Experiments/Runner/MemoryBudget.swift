import FoundationEssentials
import Glibc
import Quantities
import Scenarios
import Runs

/// How much memory runs may take together: what the scenario says, or half of the machine's.
///
/// It decides whether runs begin, and how many at a time. It never changes their results.
package struct MemoryBudget: Sendable {
  /// The most bytes.
  package let bytes: UInt64
  /// Where the limit comes from, in words.
  private let reason: String

  /// The limit of a scenario.
  package init(_ scenario: Scenario) { self.init(limit: scenario.memoryLimit) }

  private init(limit: UInt64?) {
    bytes = limit ?? Self.machineBytes / 2
    reason = limit == nil ? "half of what this machine gives, as limits.memory says nothing else" : "limits.memory"
  }

  /// The machine's memory, or the address space that the program may use, if that is less.
  private static var machineBytes: UInt64 {
    var limit = rlimit()
    let isLimited = getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0
    return min(ProcessInfo.processInfo.physicalMemory, isLimited ? UInt64(limit.rlim_cur) : .max)
  }

  /// How many runs of a scenario, or of the points of its sweep, may be in work at a time.
  ///
  /// - Parameters:
  ///   - asked: the number on the command line; nil for as many as there are cores, and as the memory allows.
  ///   - copies: how many copies of a run there are at a time.
  /// - Throws: ``MemoryRefusal`` if one run takes too much, or if as many as asked for do.
  package func jobs(asked: Int?, for scenario: Scenario, copies: Int = 1) throws(MemoryRefusal) -> Int {
    guard let points = SweepPoints(scenario) else {
      return try jobs(asked: asked, for: scenario.network, copies: copies)
    }
    var jobs = asked
    for number in 0..<points.count {
      do {
        let permitted = try self.jobs(asked: asked, for: points[number].network, copies: copies)
        jobs = min(jobs ?? permitted, permitted)
      } catch {
        var refusal = error
        refusal.point = points.settings.values(at: number).map { "\($0.name)=\($0.value)" }.joined(separator: ", ")
        throw refusal
      }
    }
    return jobs ?? 1
  }

  /// Refuses a scenario if one run takes too much memory, whatever its sweep varies.
  ///
  /// - Throws: ``MemoryRefusal``.
  package static func check(_ scenario: Scenario) throws(MemoryRefusal) {
    _ = try MemoryBudget(scenario).jobs(asked: 1, for: scenario.network, copies: 1)
  }

  /// How many runs of one network may be in work at a time.
  func jobs(asked: Int?, for network: SimulationConfiguration, copies: Int) throws(MemoryRefusal) -> Int {
    let estimate = MemoryEstimate(network)
    var jobs = asked ?? ProcessInfo.processInfo.activeProcessorCount
    while estimate.bytes(jobs: jobs, copies: copies) > bytes {
      guard asked == nil, jobs > 1 else {
        throw MemoryRefusal(
          jobs: jobs, needed: estimate.bytes(jobs: jobs, copies: copies), allowed: bytes, reason: reason,
          culprit: estimate.largestPart(of: network))
      }
      jobs -= 1
    }
    return jobs
  }
}

/// Runs that would take more memory than is allowed.
package struct MemoryRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  package let jobs: Int
  package let needed: UInt64
  package let allowed: UInt64
  package let reason: String
  let culprit: String
  /// The values of the point of a sweep that it is about.
  package var point: String?

  package var description: String {
    let size = { (bytes: UInt64) in HumanUnits.text(Double(bytes), in: HumanUnits.byteScale(of: Double(bytes))) }
    let runs = jobs == 1 ? "a run takes" : "\(jobs) runs at a time take"
    return
      "limits.memory: \(point.map { "with \($0): " } ?? "")\(runs) about \(size(needed)), most of it for \(culprit); allowed are \(size(allowed))"
      + " (\(reason)); make it smaller\(jobs == 1 ? "" : ", lower --jobs"), or set limits.memory"
  }
}
