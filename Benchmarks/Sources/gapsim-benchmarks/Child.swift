import Foundation

/// What a run of the program took.
struct Child {
  /// By the clock, in seconds.
  var wall: Double
  /// In the program itself, in seconds of processor time.
  var user: Double
  /// The most memory that it held at a time, in bytes.
  var peak: Double

  /// Runs gapsim to its end, with its results in a directory that is gone before and afterwards.
  init(_ gapsim: String, _ arguments: [String], results: String) throws {
    self = try Running(gapsim, arguments, results: results).wait()
  }

  /// A run that has begun.
  struct Running {
    private let start = ContinuousClock.now
    private let arguments: [String]
    private let results: String
    private var process = pid_t()

    init(_ gapsim: String, _ arguments: [String], results: String) throws {
      (self.arguments, self.results) = (arguments, results)
      try? FileManager.default.removeItem(atPath: results)
      var vector = ([gapsim] + arguments + ["-o", results]).map { strdup($0) }
      vector.append(nil)
      defer { for argument in vector { free(argument) } }
      guard posix_spawn(&process, gapsim, nil, nil, vector, environ) == 0 else {
        throw BenchmarkError("\(gapsim) does not start")
      }
    }

    /// Waits for its end.
    func wait() throws -> Child {
      defer { try? FileManager.default.removeItem(atPath: results) }
      var status: Int32 = 0
      var usage = rusage()
      guard wait4(process, &status, 0, &usage) == process, status == 0 else {
        throw BenchmarkError("gapsim \(arguments) failed")
      }
      return Child(wall: (ContinuousClock.now - start) / .seconds(1), usage)
    }
  }

  private init(wall: Double, _ usage: rusage) {
    self.wall = wall
    user = Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1e6
    peak = Double(usage.ru_maxrss) * 1024
  }
}
