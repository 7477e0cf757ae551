import ArgumentParser
import Experiments
import FoundationEssentials
import Quantities
import Scenarios

/// `gapsim init`: a scenario to start from.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a commented scenario to start from, and its schema beside it.",
    discussion: """
      Editors that know the YAML language server complete and check the file by the schema that its first line names.

      Example:
        gapsim init my-lab.yaml && gapsim run my-lab.yaml
      """)

  @Argument(help: "The file to write; '-' for the standard output.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @Flag(help: "Overwrite a file that exists.")
  var force = false

  func run() throws {
    if file == "-" {
      print(ScenarioTemplate.yaml(), terminator: "")
      return
    }
    guard force || !FileManager.default.fileExists(atPath: file) else {
      Failure.say("error: \(file) exists; --force overwrites it")
      throw Failure.cannotCreate
    }
    let schema = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("gapsim.schema.json")
    let folder = schema.deletingLastPathComponent()
    guard FileManager.default.fileExists(atPath: folder.path) else {
      Failure.say("error: cannot write \(file): there is no folder \(folder.path)")
      throw Failure.cannotCreate
    }
    try ReportFile.write(ScenarioTemplate.yaml(), to: file)
    try ReportFile.write(ScenarioSchema.json, to: schema.path)
    print(
      "wrote \(file.printable) and \(schema.lastPathComponent) beside it; next: gapsim run \(file.shellQuoted.printable)"
    )
  }
}
