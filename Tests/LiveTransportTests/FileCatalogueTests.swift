import BootService
import Glibc
import TestSupport
import Testing

@testable import LiveTransport

@Suite("Files that may be served")
struct FileCatalogueTests {
  private let scratch: Scratch
  private let root: String

  init() throws {
    scratch = try Scratch()
    root = scratch.path("root")
    mkdir(root, 0o755)
    mkdir(root + "/sub", 0o755)
    try write("boot.img", "kernel")
    try write("sub/inner", "inner")
    try write("empty", "")
    try write("secret", "secret", mode: 0o640)
    try write("../outside", "outside")
    symlink("boot.img", root + "/link")
    symlink("../outside", root + "/escape")
    symlink("/etc/passwd", root + "/absolute")
    symlink("/", root + "/slash")
    symlink("loop", root + "/loop")
    mkfifo(root + "/fifo", 0o644)
  }

  private func write(_ name: String, _ text: String, mode: mode_t = 0o644) throws {
    let path = root + "/" + name
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    expect(Glibc.write(descriptor, text, text.utf8.count), equals: text.utf8.count)
    chmod(path, mode)
  }

  private func catalogue() throws -> FileCatalogue {
    let catalogue = try FileCatalogue(root: root)
    try catalogue.probe(root: root)
    return catalogue
  }

  @Test(
    "A regular file below the directory is found, by its name or by a link that stays inside",
    arguments: [("boot.img", 6), ("/boot.img", 6), ("sub/inner", 5), ("sub/../boot.img", 6), ("link", 6), ("empty", 0)])
  func found(name: String, size: UInt64) throws {
    var catalogue = try catalogue()
    guard case .found(_, let bytes) = catalogue.find(name) else {
      Issue.record("\(name) is not found")
      return
    }
    expect(bytes, equals: size)
    catalogue.close()
  }

  @Test(
    "What leads out, is no regular file, or may not be read by everybody, is not allowed",
    arguments: [
      "../outside", "sub/../../outside", "escape", "absolute", "slash/etc/passwd", "loop", "fifo", "sub", ".", "..",
      "secret", "../root/boot.img", "/../outside",
    ])
  func notAllowed(name: String) throws {
    var catalogue = try catalogue()
    expect(catalogue.find(name), equals: .notAllowed)
    catalogue.close()
  }

  @Test(
    "What is not there is not found",
    arguments: ["", "/", "missing", "/etc/passwd", "boot.img/x", "sub/missing", String(repeating: "x", count: 300)])
  func notFound(name: String) throws {
    var catalogue = try catalogue()
    expect(catalogue.find(name), equals: .notFound)
    catalogue.close()
  }

  @Test("A file has one number while it is as it was, and another one when it has changed")
  func versions() throws {
    var catalogue = try catalogue()
    guard case .found(let first, _) = catalogue.find("boot.img"), case .found(let again, _) = catalogue.find("link")
    else {
      Issue.record("the file is not found")
      return
    }
    expect(first, equals: again)
    try write("boot.img", "another kernel")
    guard case .found(let changed, let size) = catalogue.find("boot.img") else {
      Issue.record("the file is not found")
      return
    }
    #expect(changed != first)
    expect(size, equals: 14)
    catalogue.release(first)
    #expect(catalogue[first] == nil)
    #expect(catalogue[changed] != nil)
    catalogue.close()
  }

  @Test("Blocks are read behind their headers, and not at all from a file that has changed")
  func reads() throws {
    var catalogue = try catalogue()
    guard case .found(let id, _) = catalogue.find("boot.img"), let file = catalogue[id] else {
      Issue.record("the file is not found")
      return
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 14, alignment: 1)
    defer { buffer.deallocate() }
    buffer.initializeMemory(as: UInt8.self, repeating: 0x2E)
    try file.read(at: 0, payload: 4, total: 6, behind: 4, into: buffer)
    expect(String(decoding: buffer, as: UTF8.self), equals: "....kern....el")
    #expect(throws: OpenFile.Fault.changed) {
      try file.read(at: 0, payload: 4, total: 8, behind: 4, into: buffer)
    }
    try write("boot.img", "KERNEL")
    #expect(throws: OpenFile.Fault.changed) { try file.read(at: 0, payload: 4, total: 6, behind: 4, into: buffer) }
    catalogue.close()
  }

  @Test("A directory that is not there is an error that names it")
  func noRoot() {
    #expect { try FileCatalogue(root: root + "/none") } throws: {
      ($0 as? SystemError)?.code == ENOENT && "\($0)".contains("/none")
    }
  }
}
