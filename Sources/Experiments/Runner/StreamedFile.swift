import FoundationEssentials
import Glibc
import Results

/// A file that is written piece by piece, and that is complete or absent: it is written beside its place and renamed.
package enum StreamedFile {
  /// Hands `body` what appends bytes to the file.
  ///
  /// - Throws: ``ResultsError``, or what `body` throws; then there is no new file.
  package static func write<Product>(
    _ path: String, _ body: (_ append: ([UInt8]) throws -> Void) throws -> Product
  ) throws -> Product {
    let url = URL(filePath: path)
    let partial = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).partial").path
    unlink(partial)
    let file = try OutputFile(creating: partial)
    let interruption = Interruption { unlink(partial) }
    defer {
      unlink(partial)
      interruption.end()
    }
    let product = try body { try file.append($0) }
    _ = try file.close()
    guard rename(partial, path) == 0 else { throw ResultsError.last("rename to", path) }
    return product
  }
}
