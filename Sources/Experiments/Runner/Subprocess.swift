import Glibc
import Results

/// Runs a program to its end in a folder, without input. Its standard output is discarded.
///
/// FoundationEssentials has no `Process`, and Foundation costs thirty megabytes.
package struct Subprocess {
  private let executable: String
  private let arguments: [String]
  private let environment: [String: String]

  /// How a program ended.
  package struct Outcome {
    /// Whether it ended by itself, with the exit code 0.
    package let isSuccess: Bool
    /// What it wrote to the standard error.
    package let said: String
  }

  /// A program with its arguments and its whole environment.
  package init(executable: String, arguments: [String], environment: [String: String]) {
    (self.executable, self.arguments, self.environment) = (executable, arguments, environment)
  }

  /// Runs the program in `folder` and waits. Nil if it cannot be started.
  ///
  /// - Parameter errors: a file for the standard error meanwhile. It is created and removed.
  /// - Throws: ``ResultsError`` if that file cannot be made.
  package func run(in folder: String, errors: String) throws(ResultsError) -> Outcome? {
    let descriptor = open(errors, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .last("create", errors) }
    defer {
      close(descriptor)
      unlink(errors)
    }
    guard let process = start(in: folder, errors: descriptor) else { return nil }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return nil } }
    // The exit codes of a shell that cannot become the program.
    let code = status >> 8
    guard code != 126, code != 127 else { return nil }
    return Outcome(isSuccess: status == 0, said: Self.text(of: descriptor))
  }

  /// Starts the program through a shell, which changes to the folder and becomes the program. POSIX has no other way
  /// that does not change the folder of this process.
  private func start(in folder: String, errors: Int32) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    // A thread that waits for signals has blocked them only for itself, not for the program.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    var process: pid_t = 0
    let shell = ["sh", "-c", #"cd -- "$0" && exec "$@""#, folder, executable]
    let code = Self.withPointers(to: shell + arguments) { arguments in
      Self.withPointers(to: environment.map { "\($0.key)=\($0.value)" }.sorted()) { environment in
        posix_spawn(&process, "/bin/sh", &actions, &attributes, arguments, environment)
      }
    }
    return code == 0 ? process : nil
  }

  /// Passes texts as C strings, with a null pointer after the last one.
  private static func withPointers<Result>(
    to texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = texts.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
  }

  /// The whole content of a file.
  private static func text(of descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = pread(descriptor, &piece, piece.count, off_t(bytes.count))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += piece[..<count]
    }
  }
}
