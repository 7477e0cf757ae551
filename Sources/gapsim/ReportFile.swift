import ArgumentParser
import Results

/// A file beside the results, such as a report in XML. It is written whole, or stays as it was.
enum ReportFile {
  /// Throws unless the files that were asked for can go where they shall, before anything runs.
  ///
  /// - Parameter results: the directory of results that the command writes.
  static func check(
    junit: String? = nil, markdown: String? = nil, capture: String? = nil, besides results: String?
  ) throws {
    for (path, kind) in [(junit, OutputFileKind.junit), (markdown, .markdown), (capture, .capture)] {
      if let path { try kind.check(path, besides: results) }
    }
  }

  /// Throws if two options write one file.
  ///
  /// - Parameter files: the paths by their options.
  static func checkApart(_ files: KeyValuePairs<String, String?>) throws(ValidationError) {
    let given = files.compactMap { option, path in path.map { (option: option, path: $0) } }
    for (index, one) in given.enumerated() {
      for other in given[(index + 1)...] where OutputPlace.areOneFile(one.path, other.path) {
        throw ValidationError("\(one.option) and \(other.option): both would write \(other.path); name two files")
      }
    }
  }

  /// Writes the file, or prints why it could not.
  static func write(_ text: String, to path: String) throws {
    do { try WholeFile.write(text, to: path) } catch { throw Failure.code(saying: error) }
  }
}
