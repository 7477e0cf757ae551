import BlockTransfer
import PromotionEngine
import TFTPWire
import Testing
import Timebase

@testable import BootService

/// A client whose driver is a test: it keeps what the client wants, and the file that it writes.
struct ClientBench {
  static let server = Endpoint(host: HostAddress(192, 0, 2, 1), port: 69)
  /// The port from which a server answers that has one for each client.
  static let peer = Endpoint(host: HostAddress(192, 0, 2, 1), port: 40_000)
  static let group = Endpoint(host: HostAddress(239, 192, 0, 1), port: 1758)

  var client: BootClient
  var now = Nanoseconds.zero
  private var effects: [ClientEffect] = []
  /// What it sent since this was emptied last.
  var sent: [(packet: Packet, to: Endpoint)] = []
  var joins: [Endpoint] = []
  var leaves: [Endpoint] = []
  var events: [ClientEvent] = []
  var file: [UInt64: [UInt8]] = [:]
  /// Whether it joins groups as soon as it is told to.
  var joinsAtOnce = true
  /// Whether no place of the file may be written twice, as holds for one server that tells the truth.
  var checksWrites = true

  init(_ mode: ClientMode = .auto, size: UInt64? = nil, _ change: (inout ProtocolParameters) -> Void = { _ in }) {
    var parameters = ProtocolParameters()
    parameters.blockSize = 16
    change(&parameters)
    client = BootClient(
      ClientSettings(server: Self.server, fileName: "boot.img", mode: mode, parameters: parameters, size: size))
  }

  var outcome: ClientOutcome? { client.outcome }

  /// The bytes that were written, in their order.
  var written: [UInt8] { file.sorted { $0.key < $1.key }.flatMap(\.value) }

  mutating func begin() { input { $0.begin(at: $1, into: &$2) } }

  /// A packet of the server arrives.
  mutating func receive(
    _ packet: Packet, from sender: Endpoint = peer, by addressing: Addressing = .unicast,
    width: BlockNumberWidth = .bits16
  ) {
    receive(bytes: try! packet.encoded(blockNumbers: width), from: sender, by: addressing)
  }

  mutating func receive(bytes: [UInt8], from sender: Endpoint = peer, by addressing: Addressing = .unicast) {
    input(of: bytes) { $0.receive(bytes.span.bytes, from: sender, by: addressing, at: $1, into: &$2) }
  }

  mutating func receive(error code: ErrorCode, _ words: String = "no") { receive(.error(code: code, message: words)) }

  /// A block of a file arrives.
  mutating func receive(
    block: BlockNumber, of content: [UInt8], blockSize: Int = 16, from sender: Endpoint = peer,
    by addressing: Addressing = .unicast, width: BlockNumberWidth = .bits16
  ) {
    let payload = content.dropFirst((Int(block) - 1) * blockSize).prefix(blockSize)
    receive(.data(block: block, payload: payload), from: sender, by: addressing, width: width)
  }

  /// Waits until the client's deadline.
  mutating func wait() {
    guard client.deadline < .never else { return }
    now = max(now, client.deadline)
    input { $0.fire(at: $1, into: &$2) }
  }

  mutating func joined() { input { $0.joined(at: $1, into: &$2) } }
  mutating func notJoined() { input { $0.notJoined("join: no route", at: $1, into: &$2) } }
  mutating func cancel() { input { $0.cancel(.undefined, message: "enough", at: $1, into: &$2) } }

  mutating func takeSent() -> [(packet: Packet, to: Endpoint)] {
    defer { sent = [] }
    return sent
  }

  /// The options of the last request that it sent since then.
  mutating func takeRequest() -> Options? {
    for sent in takeSent().reversed() {
      if case .readRequest(let request) = sent.packet { return request.options }
    }
    return nil
  }

  private mutating func input(
    of datagram: [UInt8] = [], _ body: (inout BootClient, Nanoseconds, inout [ClientEffect]) -> Void
  ) {
    body(&client, now, &effects)
    let width: BlockNumberWidth = client.terms?.blockNumbers ?? .bits16
    var joins = 0
    for effect in effects {
      switch effect {
      case .send(let bytes, let endpoint):
        sent.append((try! Packet(decoding: bytes.span.bytes, blockNumbers: width), endpoint))
      case .join(let group):
        self.joins.append(group)
        joins += 1
      case .leave(let group): leaves.append(group)
      case .write(let offset, let payload):
        if checksWrites { #expect(file[offset] == nil, "a block is written once") }
        file[offset] = Array(datagram[payload])
      case .drawReportDelay: client.delayReport(by: .zero)
      case .event(let event, _): events.append(event)
      }
    }
    effects = []
    if joins > 0, joinsAtOnce { joined() }
  }
}

extension Options {
  /// The answer to a request for a group.
  static func grant(
    size: UInt64?, isActive: Bool = true, threshold: UInt64? = 100, blockSize: UInt32 = 16, isWide: Bool = false
  ) -> Options {
    var list: [TransferOption] = [.blockSize(blockSize)]
    if let size { list.append(.transferSize(size)) }
    list.append(.multicast(.reply(address: "239.192.0.1", port: 1758, isActive: isActive)))
    if let threshold { list.append(.promotion(.offer(threshold: threshold, continuity: 1, endedSessions: 0))) }
    if isWide { list.append(.wideBlockNumbers) }
    return Options(list)
  }
}
