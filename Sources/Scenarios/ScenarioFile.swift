import FoundationEssentials
import Glibc
import Quantities

/// The files of a scenario.
package enum ScenarioFile {
  /// The name of the standard input.
  static let standardInput = "-"
  /// The most bytes of a trace file.
  private static let largestTrace = 64 << 20

  /// A file's bytes, and what kind of file it is.
  package struct Contents {
    package var data: Data
    /// Whether it is in a folder. A pipe is not.
    var isOrdinary: Bool
  }

  /// The file's name without folders and extension. A name of a scenario has no control characters.
  static func stem(_ path: String) -> String {
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    let plain = String(
      String.UnicodeScalarView(name.unicodeScalars.map { $0.properties.generalCategory == .control ? "_" : $0 }))
    return plain.isEmpty || plain == "/" ? "scenario" : plain
  }

  /// The text of a scenario: an ordinary file, a pipe, or the standard input.
  package static func scenario(_ path: String) throws(ScenarioReader.FileProblem) -> Contents {
    let descriptor = path == standardInput ? dup(STDIN_FILENO) : try open(path, flags: O_RDONLY)
    return try read(descriptor, largest: YAMLSource.largestFile, acceptsPipes: true)
  }

  /// Whether a scenario can be read from here only once.
  package static func isPipe(_ path: String) -> Bool {
    var status = stat()
    return path == standardInput || stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
  }

  /// The text of a trace file, which is in the scenario's folder or below.
  ///
  /// So a scenario from somebody else cannot show files from elsewhere.
  package static func trace(_ name: String, in folder: String) throws(ScenarioReader.FileProblem) -> String {
    guard !name.contains("\0"), let root = resolved(folder),
      let path = resolved(name.hasPrefix("/") ? name : "\(folder)/\(name)")
    else { throw .missing }
    guard !name.hasPrefix("/"), !name.split(separator: "/").contains(".."),
      path.hasPrefix(root == "/" ? root : root + "/")
    else {
      throw ScenarioReader.FileProblem(
        message: "is not read: such a file lies in the folder of its scenario, or below it")
    }
    // Opening would wait for a writer of a FIFO.
    let contents = try read(
      open(path, flags: O_RDONLY | O_NONBLOCK), largest: largestTrace, acceptsPipes: false)
    guard let text = String(validating: contents.data, as: UTF8.self) else {
      throw ScenarioReader.FileProblem(message: "is not UTF-8 text")
    }
    // A mark of the byte order, with which Windows writes UTF-8.
    return text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
  }

  private static func resolved(_ path: String) -> String? {
    guard let path = realpath(path, nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }

  private static func open(_ path: String, flags: Int32) throws(ScenarioReader.FileProblem) -> Int32 {
    guard !path.isEmpty, !path.contains("\0") else { throw .missing }
    let descriptor = Glibc.open(path, flags | O_CLOEXEC)
    guard descriptor < 0 else { return descriptor }
    switch errno {
    case ENOENT, ENOTDIR: throw .missing
    case EACCES, EPERM: throw ScenarioReader.FileProblem(message: "cannot be read; see its permissions")
    default: throw ScenarioReader.FileProblem(message: "cannot be read: \(String(cString: strerror(errno)))")
    }
  }

  /// Reads to the end, and closes. A device may be endless, so the bytes are counted.
  private static func read(
    _ descriptor: Int32,
    largest: Int,
    acceptsPipes: Bool
  ) throws(ScenarioReader.FileProblem) -> Contents {
    defer { close(descriptor) }
    var status = stat()
    let kind = fstat(descriptor, &status) == 0 ? status.st_mode & S_IFMT : S_IFDIR
    guard kind == S_IFREG || acceptsPipes && kind != S_IFDIR && kind != S_IFBLK else {
      throw ScenarioReader.FileProblem(message: "is not an ordinary file")
    }
    var data = Data()
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw ScenarioReader.FileProblem(message: "cannot be read: \(String(cString: strerror(errno)))")
      }
      guard count > 0 else { return Contents(data: data, isOrdinary: kind == S_IFREG) }
      data.append(contentsOf: piece[..<count])
      guard data.count <= largest else {
        throw ScenarioReader.FileProblem(message: "is larger than \(Quantity.size.format(UInt64(largest)))")
      }
    }
  }
}

extension ScenarioReader.FileProblem {
  fileprivate static let missing = ScenarioReader.FileProblem(message: "does not exist")
}
