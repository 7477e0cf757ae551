import Quantities

/// Why a command cannot begin, or go on, where something stands already.
package enum ResumeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Work of an interrupted command is there, and nobody said what should become of it.
  case unfinished(journal: String, records: Int)
  /// What is there was made from other settings.
  case otherDesign(path: String, there: String, now: String)
  /// What is there cannot be made use of; in words.
  case unusable(reason: String)
  /// What is there are results of another command.
  case otherCommand(path: String)
  /// What is there is another share of the runs, or all of them; in words.
  case otherShare(path: String, there: String, now: String)
  /// Fewer, or other, runs of the same design are there, and nobody said that they are to be taken over; in words.
  case unfinishedResults(path: String, there: String, now: String)
  /// There are more runs than what was asked for would leave.
  case moreThere(path: String, there: Int, now: Int)
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
    case .unusable(let reason):
      "\(reason); choose another output directory, or --force to replace it"
    case .otherCommand(let path):
      "\(path) holds results of another command; choose another output directory, or --force to replace it"
    case .otherShare(let path, let there, let now):
      "\(path) holds \(there), and this is \(now); choose another output directory, or --force to replace it"
    case .unfinishedResults(let path, let there, let now):
      "\(path) holds \(there), and now there are to be \(now): --resume takes those runs over and does what is missing, "
        + "--force begins anew"
    case .moreThere(let path, let there, let now):
      "\(path) holds \(there) replications, more than \(now): choose another output directory, or --force to do "
        + "with fewer"
    case .changed(let path):
      "\(path) is not as it was written, so that its runs cannot be taken over; --force begins anew"
    case .notAJournal(let path):
      "\(path) is no journal of gapsim, and is left as it is; move it away, or choose another output directory"
    case .link(let path):
      "\(path) is a link, and a journal is not written through one; move it away, or choose another output directory"
    }
  }

  /// Throws unless what stands at `path` is of the same design; both texts are compared line by line.
  package static func expect(_ now: String, equals there: String, of path: String) throws(ResumeError) {
    guard now != there else { return }
    let (mine, others) = (lines(of: now), lines(of: there))
    let index = zip(mine, others).enumerated().first { $1.0 != $1.1 }?.offset ?? min(mine.count, others.count)
    func line(_ lines: [Substring]) -> String {
      guard lines.indices.contains(index), !lines[index].isEmpty else { return "nothing" }
      return "'\(String(lines[index]).trimmed.excerpt)'"
    }
    throw .otherDesign(path: path, there: line(others), now: line(mine))
  }

  private static func lines(of text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }
}
