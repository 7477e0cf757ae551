import Experiments
import Quantities
import Scenarios

/// How many runs of a scenario are in work at a time: as many as the user asks for, or else as many as cores and memory
/// allow.
///
/// - Throws: the exit code, after a message, if the scenario takes more memory than is allowed.
func permittedJobs(_ asked: Int?, for scenario: Scenario, in file: String, copies: Int = 1) throws -> Int {
  do {
    return try MemoryBudget(scenario).jobs(asked: asked, for: scenario, copies: copies)
  } catch {
    Failure.say("error: \(file.printable): \(error)")
    throw Failure.dataError
  }
}
