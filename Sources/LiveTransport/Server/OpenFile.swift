import Glibc

/// A regular file that is open for reading, with what it was like when it was opened.
final class OpenFile: Sendable {
  /// What tells one content of a file from another.
  struct Version: Hashable, Sendable {
    var device: UInt64
    var inode: UInt64
    var size: Int64
    var modifiedSeconds: Int64
    var modifiedNanoseconds: Int64

    init(_ status: stat) {
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
      size = Int64(status.st_size)
      modifiedSeconds = Int64(status.st_mtim.tv_sec)
      modifiedNanoseconds = Int64(status.st_mtim.tv_nsec)
    }
  }

  /// Why bytes were not read.
  enum Fault: Error, Hashable {
    /// The file is another one than when it was opened.
    case changed
    /// The system cannot read it, with its error number.
    case unreadable(CInt)
  }

  let version: Version
  private let descriptor: CInt

  /// Takes over an open descriptor.
  init(descriptor: CInt, version: Version) {
    self.descriptor = descriptor
    self.version = version
  }

  deinit { close(descriptor) }

  /// Reads the payloads of consecutive blocks into their places in a buffer of packets, each behind its header.
  ///
  /// The file is looked at after it was read: what is returned is of the file as it was opened, or nothing is.
  ///
  /// - Parameters:
  ///   - offset: where the first payload begins in the file.
  ///   - payload: the bytes of each payload but perhaps the last.
  ///   - total: the bytes of all payloads.
  ///   - header: the bytes before each payload in the buffer.
  func read(
    at offset: Int64, payload: Int, total: Int, behind header: Int, into buffer: UnsafeMutableRawBufferPointer
  ) throws(Fault) {
    var vectors: [iovec] = []
    var place = 0
    var rest = total
    while rest > 0 {
      let bytes = min(rest, payload)
      vectors.append(iovec(iov_base: buffer.baseAddress.map { $0 + place + header }, iov_len: bytes))
      place += header + bytes
      rest -= bytes
    }
    if total > 0 {
      var count: Int
      repeat {
        count = preadv(descriptor, vectors, CInt(vectors.count), off_t(offset))
      } while count < 0 && errno == EINTR
      guard count >= 0 else { throw .unreadable(errno) }
      guard count == total else { throw .changed }
    }
    guard isUnchanged else { throw .changed }
  }

  /// Whether the file is as it was opened.
  private var isUnchanged: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && Version(status) == version
  }
}
