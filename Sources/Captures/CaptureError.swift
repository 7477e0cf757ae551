/// Why a capture cannot be read.
package struct CaptureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was found, and what is allowed.
  package let description: String

  package init(_ description: String) { self.description = description }

  static func damaged(_ position: UInt64, _ what: String) -> CaptureError {
    CaptureError("the capture is damaged at byte \(position): \(what)")
  }
}
