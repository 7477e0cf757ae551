/// Why a command cannot begin, or go on, where something stands already.
package enum ResumeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Work of an interrupted command is there, and nobody said what should become of it.
  case unfinished(journal: String, records: Int)
  /// What is there was made from other settings.
  case otherDesign(path: String, there: String, now: String)
  /// What is there has another layout.
  case otherFormat(path: String, version: Int)
  /// A file of results is not as it was written.
  case changed(path: String)
  /// The file is no journal.
  case notAJournal(path: String)
  /// The journal is a link.
  case link(path: String)

  package var description: String {
    switch self {
    case .unfinished(let journal, let records):
      "\(journal) holds \(records) finished run\(records == 1 ? "" : "s") of an interrupted command; --resume goes on "
        + "with \(records == 1 ? "it" : "them"), --force begins anew"
    case .otherDesign(let path, let there, let now):
      "\(path) was made from other settings: \(there) there, \(now) now; choose another output directory, or --force to "
        + "replace it"
    case .otherFormat(let path, let version):
      "\(path) has format version \(version), and this program writes version \(Manifest.formatVersion), so that its runs "
        + "cannot be taken over; choose another output directory, or --force to replace it"
    case .changed(let path):
      "\(path) is not as it was written, so that its runs cannot be taken over; --force begins anew"
    case .notAJournal(let path):
      "\(path) is no journal of gapsim, and is left as it is; move it away, or choose another output directory"
    case .link(let path):
      "\(path) is a link, and a journal is not written through one; move it away, or choose another output directory"
    }
  }

  /// Throws unless what stands at `path` is of the same design; both texts are compared line by line.
  static func expect(_ now: String, equals there: String, of path: String) throws(ResumeError) {
    guard now != there else { return }
    let (mine, others) = (lines(of: now), lines(of: there))
    let index = zip(mine, others).enumerated().first { $1.0 != $1.1 }?.offset ?? min(mine.count, others.count)
    func line(_ lines: [Substring]) -> String {
      lines.indices.contains(index) ? "'\(String(lines[index]).trimmed.excerpt)'" : "nothing"
    }
    throw .otherDesign(path: path, there: line(others), now: line(mine))
  }

  private static func lines(of text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
