import ArgumentParser
import Experiment
import Foundation

/// Ends the program with a message on the standard error and one of the exit codes of `sysexits.h`.
enum Failure {
  /// What is asked for cannot be done.
  static let usage = ExitCode(64)
  /// The scenario is wrong.
  static let dataError = ExitCode(65)
  /// A file that should be read is missing.
  static let noInput = ExitCode(66)
  /// The simulator contradicts itself.
  static let software = ExitCode(70)
  /// An output cannot be created.
  static let cannotCreate = ExitCode(73)
  /// An output cannot be written.
  static let inputOutput = ExitCode(74)
  /// A limit ended a run: the results are there, but not those of whole runs.
  static let limited = ExitCode(75)

  /// Says what is wrong.
  static func say(_ text: some CustomStringConvertible) {
    FileHandle.standardError.write(Data((text.description + "\n").utf8))
  }

  /// The exit code of an error, once it has been said.
  static func code(saying error: any Error) -> ExitCode {
    switch error {
    case let code as ExitCode:
      return code
    case let error as ResultsError:
      say("error: \(error)")
      if case .system = error { return inputOutput }
      return cannotCreate
    case let error as TuneError:
      say("error: \(error)")
      if case .noValue = error { return dataError }
      return usage
    case let error as BreachReport:
      say("error: \(error)")
      return software
    default:
      say("error: \(error)")
      return software
    }
  }
}

/// A scenario read from a file, with its warnings said.
func load(_ file: String, overrides: [String] = []) throws -> Scenario {
  do {
    let (scenario, warnings) = try Scenario.load(path: file, overrides: overrides)
    for warning in warnings { Failure.say(warning) }
    return scenario
  } catch {
    Failure.say(error)
    throw FileManager.default.fileExists(atPath: file) ? Failure.dataError : Failure.noInput
  }
}
