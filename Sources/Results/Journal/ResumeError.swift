/// Why a command cannot start, or go on, because something is there already.
package enum ResumeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is work of an interrupted command, and the command line does not say what to do with it.
  case unfinished(journal: String, records: Int)
  /// The existing results were made from other settings.
  case otherDesign(path: String, there: String, now: String)
  /// The existing results cannot be used; the text says why.
  case unusable(reason: String)
  /// The existing results are those of another command.
  case otherCommand(path: String)
  /// The existing results are another share of the runs, or all runs, in words.
  case otherShare(path: String, there: String, now: String)
  /// There are fewer, or other, runs of the same design, and the command line does not say to keep them; in words.
  case unfinishedResults(path: String, there: String, now: String)
  /// There are more runs than the command asks for.
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

  /// Throws unless the existing design at `path` is the same. Both texts are compared line by line.
  package static func expect(_ now: String, equals there: String, of path: String) throws(ResumeError) {
    guard now != there else { return }
    let difference = LineDifference(there: there, now: now)
    throw .otherDesign(path: path, there: difference.there, now: difference.now)
  }
}
