import ArgumentParser
import Glibc
import Quantities
import Scenarios

/// The exit codes of `sysexits.h` that the program has, and what it says before them.
enum Complaint {
  /// The command line is wrong.
  static let usage = ExitCode(64)
  /// What came, or a scenario, is wrong.
  static let dataError = ExitCode(65)
  /// There is no such file.
  static let noInput = ExitCode(66)
  /// The name of a host is unknown.
  static let noHost = ExitCode(68)
  /// The other end does not do it.
  static let unavailable = ExitCode(69)
  /// The system does not do it.
  static let system = ExitCode(71)
  /// An output can't be created.
  static let cannotCreate = ExitCode(73)
  /// An output can't be written.
  static let inputOutput = ExitCode(74)
  /// It may work later.
  static let tryAgain = ExitCode(75)
  /// The other end breaks the protocol.
  static let badProtocol = ExitCode(76)
  /// The other end does not allow it.
  static let notAllowed = ExitCode(77)

  /// Writes a message to the standard error, on lines of its own.
  static func say(_ text: some CustomStringConvertible) {
    let bytes = Array((text.description.replacingUnprintable(except: ["\n", "\t"]) + "\n").utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// Reads the scenario whose section `protocol` is wanted, and prints its warnings.
  static func loadScenario(_ path: String) throws -> Scenario {
    do {
      let (scenario, warnings) = try Scenario.load(path: path)
      for warning in warnings { say(warning) }
      return scenario
    } catch {
      say(error)
      throw error.isUnreadable ? noInput : dataError
    }
  }
}
