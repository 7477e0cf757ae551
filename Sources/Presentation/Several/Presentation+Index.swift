import Results

extension Presentation {
  /// Whether a directory is no directory of results but holds some.
  package static func holdsResults(_ directory: String) -> Bool { ResultsIndex.isOne(directory) }

  /// Writes a page that leads to all results in a directory.
  ///
  /// - Parameters:
  ///   - directory: it holds directories of results, or directories of those.
  ///   - output: the page; DIRECTORY.html if nil.
  /// - Returns: the path of the page, and how many results cannot be read.
  package static func index(of directory: String, output: String? = nil) throws -> (path: String, damaged: Int) {
    let path = output ?? defaultPath(for: directory, suffix: ".html")
    var trimmed = directory
    while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
    let index = try ResultsIndex(of: trimmed)
    let links = index.entries.map { ownPage(of: $0.path, from: path) }
    try put(IndexPage(index: index, links: links).page, at: path)
    return (path, index.entries.count { if case .failure = $0.content { true } else { false } })
  }
}
