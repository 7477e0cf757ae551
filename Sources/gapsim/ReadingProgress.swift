import Presentation

/// Shows on a terminal how much of a large file has been read.
final class ReadingProgress {
  /// A smaller file is read in a moment.
  private static let large: UInt64 = 16 << 20

  private var shown: (file: String, bar: ProgressBar)?

  /// So many bytes of a file have been read.
  func update(_ file: String, _ read: UInt64, of size: UInt64) {
    guard size >= Self.large else { return }
    let total = Int(clamping: size >> 20)
    let bar = shown.flatMap { $0.file == file ? $0.bar : nil } ?? ProgressBar(total: total, noun: "MiB", quiet: false)
    shown = (file, bar)
    bar.update(done: Int(clamping: read >> 20), of: total, found: 0, events: 0, note: { file.printable })
  }

  /// Leaves the line.
  func finish() { shown = nil }
}
