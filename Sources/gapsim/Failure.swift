import ArgumentParser
import Comparison

@preconcurrency import Glibc  // stdout is a variable there, which nobody sets
import Export
import Presentation
import Quantities
import Results
import Scenarios
import Experiments

/// Ends the program with a message on the standard error and one of the exit codes of `sysexits.h`.
enum Failure {
  /// Two results differ, or results are not what was expected.
  static let differs = ExitCode(1)
  /// Two results cannot be compared.
  static let cannotCompare = ExitCode(2)
  /// The command line is wrong.
  static let usage = ExitCode(64)
  /// The scenario is wrong.
  static let dataError = ExitCode(65)
  /// An input file is missing or may not be read.
  static let noInput = ExitCode(66)
  /// A required program is not installed.
  static let unavailable = ExitCode(69)
  /// The simulator contradicts itself.
  static let software = ExitCode(70)
  /// An output cannot be created.
  static let cannotCreate = ExitCode(73)
  /// An output cannot be written.
  static let inputOutput = ExitCode(74)
  /// A limit ended a run. The results are written, but not all runs are whole.
  static let limited = ExitCode(75)

  /// Writes an error message, on lines of its own. Text that was printed before comes before it, even if both go to one
  /// pipe.
  static func say(_ text: some CustomStringConvertible) {
    fflush(stdout)
    StandardError.write(text.description.replacingUnprintable(except: ["\n", "\t"]) + "\n")
  }

  /// Prints an error, and returns its exit code.
  static func code(saying error: any Error) -> ExitCode {
    switch error {
    case let code as ExitCode:
      return code
    case let error as ResultsError:
      say("error: \(error)")
      switch error {
      case .damaged: return inputOutput
      case .notOrdinary: return dataError
      case .reservedName: return usage
      default: return error.isFailedWrite ? inputOutput : cannotCreate
      }
    case let error as CSVError:
      say("error: \(error)")
      return error.isUnreadable ? noInput : dataError
    case let error as ResultsFolderError:
      say("error: \(error)")
      if case .missing = error { return noInput }
      return dataError
    case let error as PresentationError:
      say("error: \(error)")
      return code(of: error)
    case let error as ExportError:
      say("error: \(error)")
      return code(of: error)
    case let error as ResumeError:
      say("error: \(error)")
      switch error {
      case .changed, .unusable: return dataError
      default: return cannotCreate
      }
    case let error as RerunRefusal:
      say("error: \(error)")
      return dataError
    case let error as MergeError:
      say("error: \(error)")
      if case .noResults = error { return noInput }
      return dataError
    case let error as TuneError:
      say("error: \(error)")
      if case .noValue = error { return dataError }
      return usage
    case let error as MemoryRefusal:
      say("error: \(error)")
      return dataError
    case let error as BreachReport:
      say("error: \(error)")
      return software
    default:
      say("error: \(error)")
      return software
    }
  }
}

extension Failure {
  private static func code(of error: ExportError) -> ExitCode {
    switch error {
    case .notAnExport, .foreignFile: cannotCreate
    case .pyarrowMissing: unavailable
    case .unwritable: inputOutput
    }
  }

  private static func code(of error: PresentationError) -> ExitCode {
    switch error {
    case .gnuplotMissing: unavailable
    case .gnuplotFailed: software
    case .foreignFile, .notAReport: cannotCreate
    case .labels: usage
    case .notAlike: dataError
    case .unwritable: inputOutput
    }
  }
}

/// Reads a scenario from a file, and prints its warnings.
func load(_ file: String, overrides: [String] = [], varied: [String] = [], conditions: [String] = []) throws -> Scenario
{
  try load(read(file), overrides: overrides, varied: varied, conditions: conditions)
}

/// The text of a scenario file.
func read(_ file: String) throws -> ScenarioText {
  do { return try ScenarioText(file) } catch {
    Failure.say(error)
    throw error.isUnreadable ? Failure.noInput : Failure.dataError
  }
}

/// Reads a scenario from the text of its file, and prints its warnings.
func load(
  _ text: ScenarioText, overrides: [String] = [], varied: [String] = [], conditions: [String] = []
) throws -> Scenario {
  do {
    let (scenario, warnings) = try Scenario.load(text, overrides: overrides, varied: varied, conditions: conditions)
    let varied = Set(scenario.sweep?.keys.map(\.name) ?? [])
    // A warning about a key that the sweep varies says nothing about the points.
    for warning in warnings where !varied.contains(warning.path) { Failure.say(warning) }
    return scenario
  } catch {
    Failure.say(error)
    throw error.isUnreadable ? Failure.noInput : Failure.dataError
  }
}
