import BootService
import Glibc

/// Why no file came of a download.
package enum DownloadError: Error, Sendable {
  /// The transfer failed.
  case transfer(ClientFailure)
  /// What came is not what was wanted: its SHA-256, in hexadecimal, is another one.
  case wrongDigest(wanted: String, found: String)
  /// The output can't be created.
  case cannotCreate(path: String, reason: String)
  /// The output can't be written.
  case cannotWrite(path: String, reason: String)
  /// A socket can't be used.
  case socket(step: String, reason: String)
  /// The name of the server can't be resolved.
  case unknownHost(name: String, reason: String)
}

extension String {
  /// What the last call of the system complains about.
  static var lastError: String { String(cString: strerror(errno)) }
}
