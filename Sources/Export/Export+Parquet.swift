import Experiments
import FoundationEssentials
import Glibc
import Results

extension Export {
  /// The manifest of the results, which marks a directory as an export.
  private static let marker = ResultFile.manifest.rawValue
  /// What Python is asked for, while it works.
  private static let plan = "plan.json"

  /// Writes results as files of Parquet, one for each table. A directory that is there is replaced if it is such an export.
  ///
  /// No library for Swift writes Parquet, so Python does, with pyarrow. The same results and the same version of pyarrow
  /// give the same bytes. The directory gets its name when it is whole.
  ///
  /// - Throws: ``ExportError``, ``ResultsError``, or a ``CSVError`` with the file and line of what is wrong.
  package static func parquet(_ folder: ResultsFolder, to path: String) throws -> Written {
    let workspace = try Workspace(
      for: path, Workspace.Contents(isOurs: isOfParquet, checkReplaceable: checkReplaceableDirectory))
    let interruption = Interruption(workspace.discard)
    defer {
      workspace.discard()
      interruption.end()
    }
    let python = try Python(in: workspace.directory)
    let tables = try ExportedTable.all(of: folder)
    let manifest = try ExportedManifest(folder)
    try workspace.put(manifest.json, in: marker)
    try workspace.put(ParquetPlan(tables, manifest, of: folder).json, in: plan)
    let outcome = try python.run(ParquetScript.text, plan)
    guard outcome.isSuccess else { throw ExportError.unwritable(path: path, reason: outcome.reason) }
    unlink(workspace.directory + "/" + plan)
    try workspace.publish()
    return Written(path: path, tables: tables.map(\.name))
  }

  private static func isOfParquet(_ name: String) -> Bool {
    name.hasSuffix(".parquet") || [marker, plan, Python.errors].contains(name)
  }

  /// A directory with anything else in it is left as it is.
  private static func checkReplaceableDirectory(_ path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw ExportError.notAnExport(path: path) }
    let names = try Workspace.names(in: path)
    let manifest = try? InputFile(path + "/" + marker)
    let json = try manifest.map { try $0.read(at: 0, count: Int($0.size)) }
    let isOurs = json.flatMap { Manifest(json: Data($0)) } != nil
    if let foreign = names.first(where: { !isOurs || !isOfParquet($0) }) {
      throw ExportError.foreignFile(path: path, found: foreign)
    }
  }
}
