import ArgumentParser
import Export
import Results

/// `gapsim export`: results for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the tables of results for other programs, as a database or as Parquet.",
    discussion: """
      Each CSV file becomes a table, with whole numbers, reals and text as its columns are, and nothing (NULL) where a \
      field is empty. A sweep's keys are columns in their base units. The table 'columns' has the unit and the meaning \
      of each column, 'manifest' what the results were made from, 'files' their SHA-256. The same results give the same \
      bytes. What gapsim did not export is not replaced.

      Parquet is written by pyarrow: python3 is taken from PATH, so activate its virtual environment first.

      Examples:
        gapsim export Results/lab-boot --sqlite lab.sqlite
        sqlite3 -box lab.sqlite "SELECT cohort, count(*), avg(completed_s - join_s) FROM devices GROUP BY cohort"
        sqlite3 lab.sqlite "SELECT column_name, type, unit, meaning FROM columns WHERE table_name = 'runs'"
        gapsim export Results/lab-boot --parquet lab.parquet
        python3 -c "import pandas; print(pandas.read_parquet('lab.parquet/devices.parquet').dtypes)"
      """)

  @Argument(help: "The directory of results.", completion: .directory)
  var directory: String

  @Option(
    help: ArgumentHelp("Write a database of SQLite.", valueName: "file"),
    completion: .file(extensions: ["sqlite", "db"]))
  var sqlite: String?

  @Option(
    help: ArgumentHelp("Write a directory with a file of Parquet for each table.", valueName: "dir"),
    completion: .directory)
  var parquet: String?

  @Flag(name: [.short, .long], help: "Print only errors.")
  var quiet = false

  func validate() throws {
    if sqlite == "" { throw ValidationError("--sqlite '': names no file") }
    if parquet == "" { throw ValidationError("--parquet '': names no directory") }
    guard sqlite ?? parquet != nil else { throw ValidationError("Say what to write: --sqlite FILE, --parquet DIR.") }
  }

  func run() throws {
    do {
      let folder = try ResultsFolder(at: directory)
      // What Parquet needs may be missing; then nothing is written.
      if let parquet { say(try Export.parquet(folder, to: parquet)) }
      if let sqlite { say(try Export.sqlite(folder, to: sqlite)) }
    } catch {
      throw Failure.code(saying: error)
    }
  }

  private func say(_ written: Export.Written) {
    if !quiet { print("wrote \(written.path): \(written.tables.joined(separator: ", "))") }
  }
}
