import Experiment
@preconcurrency import Glibc  // stdout is a variable there, which nobody sets

/// The standard output, which may be a file on a full disk: what could not be written there is no success.
enum StandardOutput {
  /// Has the end of the process fail if something that was printed did not arrive.
  ///
  /// What is printed waits in a buffer, the help and the completions of the argument parser too; so only the end knows.
  static func checkAtExit() {
    atexit {
      let hasFailed = ferror(stdout) != 0
      guard fflush(stdout) != 0 || hasFailed else { return }
      // Of a failure before this one the reason is gone.
      Failure.say("error: " + (hasFailed ? "cannot write the standard output" : StandardOutput.failure.description))
      _exit(Failure.inputOutput.rawValue)
    }
  }

  /// Prints bytes.
  ///
  /// - Throws: ``ResultsError`` as soon as it is known that something did not arrive.
  static func write(_ bytes: [UInt8]) throws(ResultsError) {
    guard fwrite(bytes, 1, bytes.count, stdout) == bytes.count else { throw failure }
  }

  private static var failure: ResultsError { .system(step: "write", path: "the standard output", code: errno) }
}
