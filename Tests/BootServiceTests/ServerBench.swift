import BlockTransfer
import BootService
import PromotionEngine
import TFTPWire
import Timebase

/// What a server did, as a test reads it.
enum Seen: Hashable {
  case packet(Packet, to: Endpoint, from: LocalEnd = .tftp)
  case data(ClosedRange<BlockNumber>, to: Endpoint, from: LocalEnd = .tftp)
  case released(FileID)
}

/// A server with files that a test names, and a clock that it sets.
struct ServerBench {
  var server: BootServer
  var files: [String: FoundFile]
  var now = Nanoseconds.zero
  /// All events so far.
  var events: [ServerEvent] = []
  /// The names that were looked up.
  var lookups: [String] = []

  init(
    files: [String: FoundFile] = ["boot.img": .found(FileID(rawValue: 1), size: 5000)],
    _ adjust: (inout BootServerSettings) -> Void = { _ in }
  ) {
    var settings = BootServerSettings()
    adjust(&settings)
    server = BootServer(settings)
    self.files = files
  }

  @discardableResult
  mutating func hear(
    _ packet: Packet, from client: Endpoint, on service: LocalEnd = .tftp, at time: Nanoseconds? = nil,
    width: BlockNumberWidth = .bits16
  ) -> [Seen] {
    guard let bytes = try? packet.encoded(blockNumbers: width) else { return [] }
    return hear(bytes: bytes, from: client, on: service, at: time)
  }

  @discardableResult
  mutating func hear(
    bytes: [UInt8], from client: Endpoint, on service: LocalEnd = .tftp, at time: Nanoseconds? = nil
  ) -> [Seen] {
    if let time { now = time }
    var effects: [BootServerEffect] = []
    let files = files
    var lookups = lookups
    server.receive(
      bytes, from: client, on: service, at: now,
      finding: { name in
        lookups.append(name)
        return files[name] ?? .notFound
      }, into: &effects)
    self.lookups = lookups
    return seen(effects)
  }

  /// Lets time pass up to an instant, firing whenever the server wants it.
  @discardableResult
  mutating func wait(until time: Nanoseconds) -> [Seen] {
    var all: [Seen] = []
    while server.deadline <= time {
      now = max(now, server.deadline)
      var effects: [BootServerEffect] = []
      server.fire(at: now, into: &effects)
      all += seen(effects)
    }
    now = time
    return all
  }

  mutating func seen(_ effects: [BootServerEffect]) -> [Seen] {
    var all: [Seen] = []
    for effect in effects {
      switch effect {
      case .send(let bytes, let endpoint, let service):
        // The tests' groups and transfers have numbers of 16 bits unless they look at the bytes themselves.
        guard let packet = try? Packet(decoding: bytes, blockNumbers: .bits16) else { continue }
        all.append(.packet(packet, to: endpoint, from: service))
      case .sendData(let run, let endpoint, let service):
        all.append(.data(run.first...run.last, to: endpoint, from: service))
      case .release(let file): all.append(.released(file))
      case .event(.told, _): break
      case .event(let event, _): events.append(event)
      }
    }
    return all
  }

  /// RRQ of a file with options.
  static func request(_ options: [TransferOption] = [], file: String = "boot.img") -> Packet {
    .readRequest(ReadRequest(fileName: file, options: Options(options)))
  }

  /// The endpoint of a host in the lab.
  static func client(_ host: UInt8, port: UInt16 = 2070) -> Endpoint {
    Endpoint(host: HostAddress(192, 0, 2, host), port: port)
  }
}

func ms(_ count: Int64) -> Nanoseconds { .milliseconds(count) }
func s(_ count: Int64) -> Nanoseconds { .seconds(count) }
