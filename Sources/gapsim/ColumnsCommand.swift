import ArgumentParser
import Experiments

/// `gapsim columns`: explains the columns of the results.
struct ColumnsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "columns",
    abstract: "Explain every column of the CSV files.",
    discussion: """
      Examples:
        gapsim columns > docs/csv-reference.md
        gapsim columns --json | jq -r '.[] | select(.table == "runs") | .columns[] | [.name, .type, .unit] | @tsv'
      """)

  @Flag(help: "Print JSON: each table with its columns, their types, units and meanings.")
  var json = false

  func run() throws {
    if json { printJSON(try TableCatalogue.json) } else { print(CSVReference.markdown, terminator: "") }
  }
}
