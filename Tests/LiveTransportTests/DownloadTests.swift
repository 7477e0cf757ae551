import BootService
import Glibc
import NIOCore
import NIOPosix
import PromotionEngine
import TestSupport
import Testing
import Timebase

@testable import LiveTransport

@Suite("Downloads on real sockets")
struct DownloadTests {
  private struct Quiet: DownloadObserver {
    func begins(from own: Endpoint) {}
    func happened(_ event: ClientEvent, at time: Nanoseconds, to client: BootClient) {}
    func goesOn(_ client: BootClient, at time: Nanoseconds) {}
    func warn(_ words: String) {}
  }

  private let content = (0..<200_003).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }
  private let lab: LiveLab
  private let here: Scratch

  init() throws {
    lab = try LiveLab()
    here = try Scratch()
    try lab.write("boot.img", content)
  }

  private func plan(_ name: String = "boot.img", mode: ClientMode = .auto) -> DownloadPlan {
    var parameters = ProtocolParameters()
    parameters.windowSize = 4
    parameters.timeout = .milliseconds(200)
    return DownloadPlan(
      ClientSettings(server: lab.server.local, fileName: name, mode: mode, parameters: parameters))
  }

  private func begin(_ plan: DownloadPlan, to name: String) throws -> EventLoopFuture<BootClient> {
    let file = try DownloadFile(.file(here.path(name)))
    return Download(plan, into: file, on: MultiThreadedEventLoopGroup.singleton.next(), observer: Quiet()).run()
  }

  private func download(_ plan: DownloadPlan, to name: String) async throws -> BootClient {
    try await begin(plan, to: name).get()
  }

  private func bytes(_ name: String) throws -> [UInt8] {
    let descriptor = open(here.path(name), O_RDONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: content.count + 1)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return Array(bytes[..<max(0, count)])
  }

  @Test("The file comes, by whatever is asked for", arguments: [ClientMode.auto, .promotion, .rfc2090, .tftp])
  func modes(mode: ClientMode) async throws {
    let client = try await download(plan(mode: mode), to: "out")
    expect(client.outcome, equals: .complete)
    try expect(bytes("out"), equals: content)
    try expect(here.names(), equals: ["out"])
  }

  @Test("Several clients share a group, and each has the file")
  func several() async throws {
    let downloads = try (1...4).map { try begin(plan(), to: "out\($0)") }
    for download in downloads { try await expect(download.get().outcome, equals: .complete) }
    for number in 1...4 { try expect(bytes("out\(number)"), equals: content) }
  }

  @Test("A file with another digest than the one wanted leaves what was there")
  func wrongDigest() async throws {
    try here.write("before", to: "out")
    var plan = plan()
    plan.digest = String(repeating: "0", count: 64)
    do {
      _ = try await download(plan, to: "out")
      Issue.record("it was taken")
    } catch let error as DownloadError {
      guard case .wrongDigest(_, let found) = error else { Issue.record("\(error)"); return }
      plan.digest = found
    }
    try expect(here.names(), equals: ["out"])
    try expect(here.text("out"), equals: "before")
    _ = try await download(plan, to: "out")
    try expect(bytes("out"), equals: content)
  }

  @Test("No such file: nothing is left")
  func notFound() async throws {
    do {
      _ = try await download(plan("nothing"), to: "out")
      Issue.record("it came")
    } catch let error as DownloadError {
      guard case .transfer(.refused(.fileNotFound, _)) = error else { Issue.record("\(error)"); return }
    }
    try expect(here.names(), equals: [])
  }

  @Test("Interrupted, it leaves nothing and says so")
  func interrupted() async throws {
    var plan = plan(mode: .tftp)
    plan.client.server.port = 9  // nobody answers there
    let file = try DownloadFile(.file(here.path("out")))
    let download = Download(plan, into: file, on: MultiThreadedEventLoopGroup.singleton.next(), observer: Quiet())
    let result = download.run()
    download.interrupt("enough")
    do {
      _ = try await result.get()
      Issue.record("it came")
    } catch let error as DownloadError {
      guard case .transfer(.stopped) = error else { Issue.record("\(error)"); return }
    }
    try expect(here.names(), equals: [])
  }
}

@Suite("The file that a download fills")
struct DownloadFileTests {
  private let here: Scratch

  init() throws { here = try Scratch() }

  private func fill(_ file: DownloadFile) throws {
    for (offset, text) in [(4 as UInt64, "5678"), (0, "1234")] {
      var text = text
      try text.withUTF8 { try file.write(UnsafeRawBufferPointer($0), at: offset) }
    }
  }

  @Test("It has its name only when it is whole")
  func isNamedLast() throws {
    let file = try DownloadFile(.file(here.path("out")))
    try fill(file)
    try expect(here.names(), equals: ["out.part"])
    try file.finish(size: 8, digest: nil)
    try expect(here.names(), equals: ["out"])
    try expect(here.text("out"), equals: "12345678")
  }

  @Test("A file that is shorter or longer than it should be is not taken", arguments: [7, 9] as [UInt64])
  func wrongSize(size: UInt64) throws {
    let file = try DownloadFile(.file(here.path("out")))
    try fill(file)
    #expect(throws: DownloadError.self) { try file.finish(size: size, digest: nil) }
    file.discard()
    try expect(here.names(), equals: [])
  }

  @Test("Two can't fill one file, and what is left of one that was killed is overwritten")
  func lock() throws {
    try here.write("much longer than what comes", to: "out.part")
    do {
      let file = try DownloadFile(.file(here.path("out")))
      #expect(throws: DownloadError.self) { try DownloadFile(.file(here.path("out"))) }
      try fill(file)
      try file.finish(size: 8, digest: nil)
    }
    try expect(here.text("out"), equals: "12345678")
  }

  @Test("What is no ordinary file is neither replaced nor written through a link")
  func otherFiles() throws {
    try here.write("x", to: "folder/x")
    try here.write("mine", to: "mine")
    #expect(throws: DownloadError.self) { try DownloadFile(.file(here.path("folder"))) }
    #expect(throws: DownloadError.self) { try DownloadFile(.file("/dev/null")) }
    #expect(throws: DownloadError.self) { try DownloadFile(.file(here.path("missing/out"))) }
    try #require(symlink(here.path("mine"), here.path("out.part")) == 0)
    #expect(throws: DownloadError.self) { try DownloadFile(.file(here.path("out"))) }
    try expect(here.text("mine"), equals: "mine")
  }

  @Test("A link to a file keeps being one")
  func link() throws {
    try here.write("old", to: "real")
    try #require(symlink("real", here.path("out")) == 0)
    let file = try DownloadFile(.file(here.path("out")))
    try fill(file)
    try file.finish(size: 8, digest: nil)
    try expect(here.text("real"), equals: "12345678")
    try expect(here.names(), equals: ["out", "real"])
  }
}
