import BootService
import CLinux
import Glibc

/// The files below one directory that may be served, and those of them that are open.
///
/// No name leads out of the directory: the kernel resolves it (`openat2` with `RESOLVE_BENEATH`), so there is no moment
/// between a check and an opening. Only regular files that everybody may read are served, whoever the server runs as.
struct FileCatalogue: Sendable {
  private let directory: CInt
  private var open: [FileID: OpenFile] = [:]
  private var ids: [OpenFile.Version: FileID] = [:]
  private var lastID: UInt32 = 0

  /// The files below a directory.
  init(root: String) throws(SystemError) {
    directory = try check(Glibc.open(root, linux_o_path | O_DIRECTORY | O_CLOEXEC), "open the directory \(root)")
  }

  /// Whether files can be looked for: the kernel has openat2 (5.6), nothing forbids it, and the user who the server is by
  /// now may look into the directory. It must be known before the first request.
  func probe(root: String) throws(SystemError) {
    let place = try check(
      linux_open_beneath(directory, ".", linux_o_path | O_DIRECTORY | O_CLOEXEC), "look for files below \(root)")
    _ = Glibc.close(place)
  }

  /// Closes all files.
  mutating func close() {
    open = [:]
    ids = [:]
    Glibc.close(directory)
  }

  /// The open file of a number.
  subscript(file: FileID) -> OpenFile? { open[file] }

  /// Looks a name up, and opens its file. A file that is open already, and has not changed since, keeps its number.
  ///
  /// A leading `/` means the directory itself, as firmware and DHCP options often write it.
  mutating func find(_ name: String) -> FoundFile {
    let path = String(name.drop { $0 == "/" })
    guard !path.isEmpty else { return .notFound }
    // Opening a device or a FIFO may do something to it, so the file is looked at first.
    switch look(path) {
    case .failure(let answer): return answer
    case .success: break
    }
    let descriptor = linux_open_beneath(directory, path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    guard descriptor >= 0 else { return Self.answer(to: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, Self.mayBeServed(status) else {
      Glibc.close(descriptor)
      return .notAllowed
    }
    let file = OpenFile(descriptor: descriptor, version: OpenFile.Version(status))
    return .found(keep(file), size: UInt64(max(0, file.version.size)))
  }

  /// Nobody uses a file any more. It is closed when what is still to be sent of it has been.
  mutating func release(_ file: FileID) {
    guard let version = open.removeValue(forKey: file)?.version else { return }
    if ids[version] == file { ids[version] = nil }
  }

  private enum Look: Error {
    case success
    case failure(FoundFile)
  }

  private func look(_ path: String) -> Look {
    let descriptor = linux_open_beneath(directory, path, linux_o_path | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(Self.answer(to: errno)) }
    defer { Glibc.close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, Self.mayBeServed(status) else { return .failure(.notAllowed) }
    return .success
  }

  private mutating func keep(_ file: OpenFile) -> FileID {
    if let id = ids[file.version] { return id }
    repeat { lastID &+= 1 } while open[FileID(rawValue: lastID)] != nil
    let id = FileID(rawValue: lastID)
    open[id] = file
    ids[file.version] = id
    return id
  }

  private static func mayBeServed(_ status: stat) -> Bool {
    status.st_mode & S_IFMT == S_IFREG && status.st_mode & S_IROTH != 0
  }

  private static func answer(to code: CInt) -> FoundFile {
    switch code {
    case ENOENT, ENOTDIR, ENAMETOOLONG, EINVAL: .notFound
    default: .notAllowed  // EXDEV: it leads out; EACCES, ELOOP, EMFILE …
    }
  }
}
