/// Why results could not be exported.
package enum ExportError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file in the place of a database is no export of this program.
  case notAnExport(path: String)
  /// The directory in the place of an export holds something else.
  case foreignFile(path: String, found: String)
  /// Python with pyarrow, which writes Parquet, is not there.
  case pyarrowMissing(reason: String)
  /// An export cannot be written.
  case unwritable(path: String, reason: String)

  package var description: String {
    switch self {
    case .notAnExport(let path):
      "\(path) is there already and is no export of gapsim, and is left as it is; choose another name"
    case .foreignFile(let path, let found):
      "\(path) holds \(found), which gapsim did not export, and is left as it is; choose another directory, "
        + "or an empty one"
    case .pyarrowMissing(let reason):
      "pyarrow, which writes Parquet, is not there (\(reason)); install it with: python3 -m venv ~/pyarrow && "
        + "~/pyarrow/bin/pip install pyarrow, and put it first in PATH: PATH=~/pyarrow/bin:$PATH"
    case .unwritable(let path, let reason): "cannot write \(path): \(reason)"
    }
  }
}
