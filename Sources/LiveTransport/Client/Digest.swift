import CNettle
import Glibc

/// The SHA-256 of a file (FIPS 180-4).
enum Digest {
  /// Bytes that are read at a time.
  private static let step = 1 << 18

  /// The digest of an open file from its start on, in hexadecimal; nil if it can't be read.
  static func ofFile(_ descriptor: Int32) -> String? {
    var context = sha256_ctx()
    gapsim_sha256_init(&context)
    var buffer = [UInt8](repeating: 0, count: step)
    var offset = 0
    while true {
      let count = pread(descriptor, &buffer, buffer.count, offset)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return nil }
      if count == 0 { break }
      gapsim_sha256_update(&context, count, buffer)
      offset += count
    }
    var digest = [UInt8](repeating: 0, count: 32)
    gapsim_sha256_digest(&context, &digest)
    return hexadecimal(digest)
  }

  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
