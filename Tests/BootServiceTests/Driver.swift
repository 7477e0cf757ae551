import BootService
import Glibc
import TFTPWire
import Timebase

/// A boot server of one file on one IPv4 socket: the clock, the socket and the file around a `BootServer`.
final class Driver {
  private var server = BootServer(BootServerSettings())
  private var effects: [BootServerEffect] = []
  private let socket = Glibc.socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
  private let file: Int32
  private let size: UInt64
  private let name: String

  /// Serves the file at `path` under a name. Nil if it cannot be read, or the address is taken.
  init?(serving path: String, as name: String, at endpoint: Endpoint) {
    self.name = name
    file = open(path, O_RDONLY)
    var status = stat()
    guard file >= 0, fstat(file, &status) == 0 else { return nil }
    size = UInt64(status.st_size)
    guard Self.withAddress(of: endpoint, { bind(socket, $0, $1) }) == 0 else { return nil }
  }

  deinit {
    close(socket)
    close(file)
  }

  /// Serves while `goesOn` says so, which is asked at least every tenth of a second.
  func run(while goesOn: () -> Bool) {
    var datagram = [UInt8](repeating: 0, count: 1500)
    while goesOn() {
      var ready = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      if poll(&ready, 1, milliseconds(until: server.deadline)) > 0 {
        var address = sockaddr_in()
        let count = receive(into: &datagram, from: &address)
        let sender = Endpoint(
          host: HostAddress(v4: UInt32(bigEndian: address.sin_addr.s_addr)), port: UInt16(bigEndian: address.sin_port))
        let (name, size) = (name, size)
        server.receive(
          Array(datagram.prefix(count)), from: sender, at: Self.now,
          finding: { $0 == name ? .found(FileID(rawValue: 1), size: size) : .notFound }, into: &effects)
      }
      server.fire(at: Self.now, into: &effects)
      for effect in effects { carryOut(effect) }
      effects.removeAll(keepingCapacity: true)
    }
  }

  private func carryOut(_ effect: BootServerEffect) {
    switch effect {
    case .send(let packet, let endpoint, _): send(packet, to: endpoint)
    case .sendData(let run, let endpoint, _):
      for block in run.first...run.last {
        var packet: [UInt8] = []
        guard (try? DataHeader(block: block).encode(blockNumbers: run.blockNumbers, into: &packet)) != nil else {
          return
        }
        var payload = [UInt8](repeating: 0, count: Int(run.layout.bytes(of: block)))
        pread(file, &payload, payload.count, off_t(block - 1) * off_t(run.layout.blockSize))
        send(packet + payload, to: endpoint)
      }
    case .release: break  // The one file stays open.
    case .event(let event, let time): print(time, event)
    }
  }

  private func send(_ packet: [UInt8], to endpoint: Endpoint) {
    _ = Self.withAddress(of: endpoint) { sendto(socket, packet, packet.count, 0, $0, $1) }
  }

  private func receive(into bytes: inout [UInt8], from address: inout sockaddr_in) -> Int {
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        max(0, recvfrom(socket, &bytes, bytes.count, 0, $0, &length))
      }
    }
  }

  private static func withAddress<Result>(
    of endpoint: Endpoint, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = endpoint.port.bigEndian
    address.sin_addr.s_addr = (endpoint.host.v4 ?? 0).bigEndian
    return withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
  }

  private static var now: Nanoseconds {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return .seconds(Int64(time.tv_sec)) + Nanoseconds(Int64(time.tv_nsec))
  }

  private func milliseconds(until deadline: Nanoseconds) -> Int32 {
    deadline == .never ? 100 : Int32(min(max(0, (deadline - Self.now).count / 1_000_000 + 1), 100))
  }
}
