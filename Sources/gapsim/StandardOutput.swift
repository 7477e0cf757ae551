@preconcurrency import Glibc  // stdout is a variable there, which nobody sets
import Results

/// The standard output, which may be a file on a full disk: what could not be written there is no success.
enum StandardOutput {
  /// Puts something in place of standard streams that are closed: a file that is opened would take their number, and messages
  /// would be written into it.
  ///
  /// What is printed to a closed standard output fails, as it should; what is said to nobody is lost.
  static func occupyClosedStreams() {
    for (descriptor, flags) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", flags)  // takes the lowest number that is free
    }
  }

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
