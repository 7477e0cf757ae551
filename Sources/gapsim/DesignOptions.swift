import ArgumentParser
import Scenarios

/// The options that say what a design varies.
struct DesignOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Vary a key over values, instead of all that the scenario varies; may be repeated. Quote text with spaces or "
        + "brackets.", valueName: "key.path=values"))
  var vary: [String] = []

  @Option(
    help: ArgumentHelp(
      "Vary a key together with that of the --vary before it: the first value of each, then the second; may be repeated.",
      valueName: "key.path=values"))
  var with: [String] = []

  @Option(
    help: ArgumentHelp(
      "Leave out points that do not meet a condition, such as 'protocol.session_timeout >= 6 * protocol.timeout'; may be "
        + "repeated.", valueName: "condition"))
  var `where`: [String] = []

  /// The arguments, with each `--with` as a `--vary` that joins the one before it. The parser loses the order of two
  /// options, and here the order matters.
  static func joining(_ arguments: [String]) -> [String] {
    guard let command = arguments.first, ["sweep", "tune"].contains(command) else { return arguments }
    var joined: [String] = []
    var isValue = false
    for argument in arguments {
      if isValue {
        joined.append("\(SweepSettings.joining)\(argument)")
        isValue = false
      } else if argument == "--with" {
        joined.append("--vary")
        isValue = true
      } else if argument.hasPrefix("--with=") {
        joined += ["--vary", "\(SweepSettings.joining)\(argument.dropFirst(7))"]
      } else {
        joined.append(argument)
      }
    }
    return joined
  }
}
