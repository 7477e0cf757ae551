import ArgumentParser
import Scenarios

/// `gapsim schema`: explains what a scenario may contain.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of scenario files, or explain their keys.",
    discussion: """
      Examples:
        gapsim schema > gapsim.schema.json
        gapsim schema --keys protocol.promotion
        gapsim schema --markdown > docs/scenario-reference.md
      """)

  @Option(
    help: ArgumentHelp("Explain the keys whose path begins with this; '' for all of them.", valueName: "prefix"))
  var keys: String?

  @Flag(help: "Print the reference page of all keys.")
  var markdown = false

  func validate() throws {
    guard let keys, ScenarioReference.help(prefix: keys).isEmpty else { return }
    let suggestion = ScenarioReference.nearest(to: keys).map { "; did you mean '\($0)'?" } ?? ""
    throw ValidationError("--keys \(keys): no key's path begins with this\(suggestion)")
  }

  func run() {
    if let keys {
      print(ScenarioReference.help(prefix: keys), terminator: "")
    } else {
      print(markdown ? ScenarioReference.markdown : ScenarioSchema.json, terminator: "")
    }
  }
}
