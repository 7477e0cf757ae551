import Glibc

/// A call of the system that failed, with what was done and to what.
package struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was to be done, as a phrase: `bind 0.0.0.0:69`.
  package var step: String
  /// The system's error number.
  package var code: CInt

  /// The error that the system has just reported.
  package init(_ step: String, code: CInt = errno) {
    self.step = step
    self.code = code
  }

  /// One line: `cannot bind 0.0.0.0:69: Permission denied`.
  package var description: String { "cannot \(step): \(String(cString: strerror(code)))" }
}

/// Returns the result of a call, or throws what the system says if it is negative.
package func check(_ result: CInt, _ step: @autoclosure () -> String) throws(SystemError) -> CInt {
  guard result >= 0 else { throw SystemError(step()) }
  return result
}
