import Experiments
import Quantities
import Scenarios

/// How many runs of a scenario are in work at a time: as many as the user asks for, or else as many as cores and memory
/// allow.
///
/// - Throws: the exit code, after a message, if the scenario takes more memory than is allowed.
func permittedJobs(_ asked: Int?, for scenario: Scenario, in file: String, copies: Int = 1) throws -> Int {
  try permittedJobs(in: file) { try MemoryBudget(scenario).jobs(asked: asked, for: scenario, copies: copies) }
}

/// What a count of jobs gives, with a message and the exit code if the scenario takes more memory than is allowed.
func permittedJobs(in file: String, _ count: () throws -> Int) throws -> Int {
  do {
    return try count()
  } catch let refusal as MemoryRefusal {
    Failure.say("error: \(file.printable): \(refusal)")
    throw Failure.dataError
  }
}
