import Foundation
import TestSupport
import Testing

@testable import Results

/// Paths lead where the kernel would go: links first, then dots, and a tilde is a character.
@Suite struct ResolvedPathTests {
  private let scratch: Scratch
  private let root: String

  init() throws {
    scratch = try Scratch()
    root = ResolvedPath(scratch.path("")).text
    try FileManager.default.createDirectory(
      atPath: scratch.path("real/inner"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: scratch.path("link"), withDestinationPath: "real/inner")
  }

  @Test(arguments: [
    ("a", "a"), ("a/", "a"), ("./a//b/", "a/b"), ("link", "real/inner"), ("link/a", "real/inner/a"),
    // The folder above what the link leads to, and not the one that has the link.
    ("link/../a", "real/a"), ("link/..", "real"), ("absent/../a", "a"), ("absent/deeper/../../a", "a"), ("~/a", "~/a"),
    ("~", "~"), ("a/.", "a"), ("a/..", ""), ("real/./inner/..", "real"),
  ])
  func itIsWhereTheKernelGoes(path: String, expected: String) {
    expect(
      ResolvedPath(scratch.path("") + "/" + path).text, equals: expected.isEmpty ? root : root + "/" + expected)
  }

  @Test(arguments: [
    ("/", "/", "/"), ("/a", "/", "a"), ("a", ".", "a"), ("a/b/", "a", "b"), ("//a", "/", "a"), ("~/x", "~", "x"),
    ("a/..", "a", ".."),
  ])
  func aPathHasAFolderAndAName(path: String, folder: String, name: String) {
    let parts = ResolvedPath.parts(of: path)
    expect([parts.folder, parts.name], equals: [folder, name])
  }

  @Test func theRootLiesInItself() {
    let root = ResolvedPath("/")
    expect(root.folder, equals: root)
    expect(root.beside(named: "a"), equals: "/a")
    #expect(ResolvedPath("/nowhere/at/all").isIn(root))
    #expect(!ResolvedPath("/nowhere-else").isIn(ResolvedPath("/nowhere")))
  }

  /// What ends in dots is called as the place where it leads, and a link as it is.
  @Test(arguments: [("link", "link"), ("real/inner/..", "real"), ("real/.", "real"), ("new/", "new"), ("~x", "~x")])
  func aNameIsThatOfThePlace(path: String, name: String) {
    expect(ResolvedPath.name(of: scratch.path("") + "/" + path), equals: name)
  }

  /// What is made for a path is found by that very path.
  @Test(arguments: ["absent/../new", "~/new", "link/../new", "absent/deeper/../../new", "real/inner/../../new/."])
  func resultsLieWhereThePathSays(path: String) throws {
    let path = scratch.path("") + "/" + path
    let directory = try ResultsDirectory(at: path)
    let output = try directory.create(.runs)
    try output.append(Array("x\n".utf8))
    _ = try output.close()
    try directory.commit()
    #expect(FileManager.default.fileExists(atPath: path + "/runs.csv"))
  }

  @Test func aLinkThatLeadsNowhereIsRefused() throws {
    try FileManager.default.createSymbolicLink(atPath: scratch.path("broken"), withDestinationPath: "nowhere/at/all")
    #expect(throws: ResultsError.self) { try ResultsDirectory(at: scratch.path("broken")) }
    #expect(throws: ResultsError.self) { try ResolvedPath(scratch.path("broken")).checkNoBrokenLink() }
  }
}
