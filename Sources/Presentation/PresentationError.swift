/// Why pictures or a report could not be made.
package enum PresentationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// gnuplot is not installed.
  case gnuplotMissing
  /// gnuplot refused a picture.
  case gnuplotFailed(picture: String, reason: String)
  /// The place for the pictures holds something else.
  case foreignFile(path: String, found: String)
  /// The file in the place of the page is no page of this program.
  case notAReport(path: String)
  /// The labels of several results are wrong.
  case labels(String)
  /// Results are not of one kind.
  case notAlike(String)
  /// The pictures cannot be written.
  case unwritable(path: String, reason: String)

  package var description: String {
    switch self {
    case .gnuplotMissing:
      "gnuplot, which draws the pictures, is not installed; on Debian: sudo apt-get install gnuplot-nox"
    case .gnuplotFailed(let picture, let reason): "gnuplot could not draw '\(picture)': \(reason)"
    case .foreignFile(let path, let found):
      "\(path) also holds \(found), which gapsim did not draw, and is left as it is; move that file away, "
        + "or choose another output directory with -o"
    case .notAReport(let path):
      "\(path) is there already and is no report of gapsim, and is left as it is; choose another file with -o"
    case .labels(let reason), .notAlike(let reason): reason
    case .unwritable(let path, let reason): "cannot write \(path): \(reason)"
    }
  }
}
