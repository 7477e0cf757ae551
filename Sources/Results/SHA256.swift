import CNettle
import FoundationEssentials

/// The digest SHA-256 (FIPS 180-4) of bytes that come in pieces.
package struct SHA256: Sendable {
  /// How many bytes a digest has.
  package static let length = 32

  private var context = sha256_ctx()

  package init() { gapsim_sha256_init(&context) }

  /// The digest of some bytes.
  package static func hash(data: some ContiguousBytes) -> [UInt8] {
    var hash = SHA256()
    hash.update(data: data)
    return hash.finalize()
  }

  /// Takes the next bytes.
  package mutating func update(data: some ContiguousBytes) {
    data.withUnsafeBytes { gapsim_sha256_update(&context, $0.count, $0.bindMemory(to: UInt8.self).baseAddress) }
  }

  /// The digest of all bytes so far.
  package func finalize() -> [UInt8] {
    var context = context
    var digest = [UInt8](repeating: 0, count: Self.length)
    gapsim_sha256_digest(&context, &digest)
    return digest
  }
}
