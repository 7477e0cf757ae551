import ArgumentParser
import Experiments

/// `gapsim columns`: explains the columns of the results.
struct ColumnsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "columns",
    abstract: "Explain every column of the CSV files.",
    discussion: """
      Example:
        gapsim columns > docs/csv-reference.md
      """)

  func run() {
    print(CSVReference.markdown, terminator: "")
  }
}
