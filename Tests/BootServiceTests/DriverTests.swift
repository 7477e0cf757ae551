import BootService
import Foundation
import Glibc
import PromotionEngine
import TFTPWire
import Synchronization
import TestSupport
import Testing

/// The driver that stands as an example in the documentation works, and is the one that stands there.
struct DriverTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  @Test func theDocumentationShowsTheseLines() throws {
    let code = try String(contentsOf: Self.folder.appending(path: "Driver.swift"), encoding: .utf8)
    let page = Self.folder.appending(path: "../../Sources/BootService/BootService.docc/Driver.md")
    #expect(try String(contentsOf: page, encoding: .utf8).contains("```swift\n\(code)```\n"))
    #expect(code.split(separator: "\n").count <= 100)
  }

  @Test func aClientFetchesAFileFromIt() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "gapsim-driver-\(UUID()).img").path
    let contents = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    try contents.write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let client = try #require(LoopbackClient())
    let endpoint = Endpoint(host: HostAddress(127, 0, 0, 1), port: try #require(LoopbackClient.freePort))
    let goesOn = Flag()
    let over = DispatchSemaphore(value: 0)
    Thread {
      if let driver = Driver(serving: path, as: "boot.img", at: endpoint) { driver.run { goesOn.value } }
      over.signal()
    }.start()
    defer {
      goesOn.value = false
      over.wait()
    }
    expect(client.fetch("boot.img", from: endpoint), equals: contents)
    #expect(client.fetch("other.img", from: endpoint) == nil)
  }
}

/// Whether something goes on, asked from two threads.
private final class Flag: Sendable {
  private let state = Mutex(true)
  var value: Bool {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }
}

/// A client of RFC 1350 with `blksize`, as small as one can be.
private struct LoopbackClient {
  private let socket: Int32

  init?() {
    socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    var patience = timeval(tv_sec: 1, tv_usec: 0)
    guard socket >= 0,
      setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size)) == 0
    else { return nil }
  }

  /// A port that nobody has at this moment.
  static var freePort: UInt16? {
    let probe = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(probe) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        guard bind(probe, $0, length) == 0, getsockname(probe, $0, &length) == 0 else { return nil }
        return UInt16(bigEndian: pointer.pointee.sin_port)
      }
    }
  }

  /// The file; nil if the server refuses it, or is silent.
  func fetch(_ name: String, from server: Endpoint) -> Data? {
    var file = Data()
    let request = Packet.readRequest(ReadRequest(fileName: name, mode: .octet, options: [.blockSize(1000)]))
    var next = request
    for _ in 0..<1000 {
      guard let answer = ask(next, server) else { continue }
      switch answer {
      case .optionAcknowledgment: next = .acknowledgment(0)
      case .data(let block, let payload):
        if Int(block) == file.count / 1000 + 1 { file += payload }
        next = .acknowledgment(block)
        if payload.count < 1000 {
          send(next, server)
          return file
        }
      default: return nil
      }
    }
    return nil
  }

  private func ask(_ packet: Packet, _ server: Endpoint) -> Packet? {
    send(packet, server)
    var bytes = [UInt8](repeating: 0, count: 1500)
    let count = recv(socket, &bytes, bytes.count, 0)
    return count > 0 ? try? Packet(decoding: Array(bytes.prefix(count)), blockNumbers: .bits16) : nil
  }

  private func send(_ packet: Packet, _ server: Endpoint) {
    guard let bytes = try? packet.encoded(blockNumbers: .bits16) else { return }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = server.port.bigEndian
    address.sin_addr.s_addr = (server.host.v4 ?? 0).bigEndian
    withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = sendto(socket, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }
}
