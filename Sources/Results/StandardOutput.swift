@preconcurrency import Glibc  // stdout is a variable there, which nobody sets

/// The standard output. It may be a file on a full disk; output that could not be written is no success.
package enum StandardOutput {
  /// The exit code of `sysexits.h` for an output that cannot be written.
  private static let inputOutput: Int32 = 74

  /// Opens /dev/null for standard streams that are closed. Otherwise the next file that is opened would get their
  /// number, and messages would be written into it.
  ///
  /// Printing to a closed standard output fails, as it should. Messages to a closed standard error are lost.
  package static func occupyClosedStreams() {
    for (descriptor, flags) in [(STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
      _ = open("/dev/null", flags)  // takes the lowest number that is free
    }
  }

  /// Makes the process fail at its end if something that was printed did not arrive.
  ///
  /// Printed text waits in a buffer, including the argument parser's help and completions. So only the end of the
  /// process knows.
  package static func checkAtExit() {
    atexit {
      let hasFailed = ferror(stdout) != 0
      guard fflush(stdout) != 0 || hasFailed else { return }
      // The reason of an earlier failure is no longer known.
      let reason = hasFailed ? "cannot write the standard output" : StandardOutput.failure.description
      let line = Array("error: \(reason)\n".utf8)
      _ = line.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      _exit(StandardOutput.inputOutput)
    }
  }

  /// Prints bytes.
  ///
  /// - Throws: ``ResultsError`` as soon as it is known that something did not arrive.
  package static func write(_ bytes: [UInt8]) throws(ResultsError) {
    guard fwrite(bytes, 1, bytes.count, stdout) == bytes.count else { throw failure }
  }

  private static var failure: ResultsError { .system(step: "write", path: "the standard output", code: errno) }
}
