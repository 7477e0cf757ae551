import BlockTransfer
import TFTPTransfer
import TFTPWire
import Timebase

/// A server and one client, joined by a wire that carries bytes, takes a millisecond, and loses or doubles what a script
/// says. It writes down what is sent: `RRQ`, `OACK`, `DATA 3`, `ACK 3`, `ERROR 8`; a lost packet with a `!` behind it.
struct Exchange {
  /// What happens on the wire, by the packet's words and how often these were sent so far: `DATA 3 #2`.
  struct Script {
    var lost: Set<String> = []
    var doubled: Set<String> = []
    /// Everything that a client sends from this many packets on is lost.
    var clientSilentAfter = Int.max
  }

  private struct Flight {
    var arrives: Nanoseconds
    var toClient: Bool
    var bytes: [UInt8]
  }

  static let oneWay = Nanoseconds.milliseconds(1)

  var limits = TransferLimits()
  var senderSettings = TransferSender.Settings(timeout: .seconds(1), silence: .seconds(6))
  var script = Script()
  /// The time between two blocks of a window.
  var spacing = Nanoseconds.zero
  private let receiverSettings: TransferReceiver.Settings
  private let content: [UInt8]
  private(set) var sender: TransferSender?
  private(set) var receiver = TransferReceiver()
  private(set) var written: [UInt8] = []
  private(set) var trace: [String] = []
  private(set) var times: [Nanoseconds] = []
  private(set) var completedAt: Nanoseconds?
  private(set) var senderEndedAt: Nanoseconds?
  /// All packets in the order of arrival; those before `landed` have arrived.
  private var flights: [Flight] = []
  private var landed = 0
  private var occurrences: [String: Int] = [:]
  private var sentByClient = 0
  private(set) var now = Nanoseconds.zero

  init(
    size: Int, asks: TransferOptions,
    patience: TransferPatience = TransferPatience(timeout: .seconds(1), retries: 5)
  ) {
    content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 / 256) }
    receiverSettings = TransferReceiver.Settings(asks: asks, patience: patience)
  }

  var hasTheFile: Bool { receiver.isComplete && written == content }
  func count(_ words: String) -> Int { trace.count { $0 == words || $0 == words + "!" } }

  /// Runs until nothing is under way or due.
  mutating func run() throws {
    var effects: [TransferReceiver.Effect] = []
    receiver.begin(at: now, under: receiverSettings, into: &effects)
    try carryOut(effects)
    while let next = nextInstant() {
      now = next
      while landed < flights.count, flights[landed].arrives <= now {
        let flight = flights[landed]
        landed += 1
        if flight.toClient { try arriveAtClient(flight.bytes) } else { try arriveAtServer(flight.bytes) }
      }
      if receiver.deadline <= now {
        var effects: [TransferReceiver.Effect] = []
        receiver.fire(at: now, under: receiverSettings, into: &effects)
        try carryOut(effects)
      }
      if var awake = sender, awake.deadline(under: senderSettings) <= now {
        var effects: [TransferSender.Effect] = []
        awake.fire(at: now, under: senderSettings, into: &effects)
        sender = awake
        try carryOut(effects)
      }
    }
  }

  private func nextInstant() -> Nanoseconds? {
    let arrives = landed < flights.count ? flights[landed].arrives : .never
    let next = min(arrives, receiver.deadline, sender?.deadline(under: senderSettings) ?? .never)
    return next == .never ? nil : next
  }

  private mutating func arriveAtServer(_ bytes: [UInt8]) throws {
    let width = sender?.terms.accepted.blockNumbers ?? .bits16
    let packet = try Packet(decoding: bytes, blockNumbers: width)
    var effects: [TransferSender.Effect] = []
    if var known = sender {
      known.receive(known.message(packet), at: now, under: senderSettings, into: &effects)
      sender = known
    } else if case .readRequest(let request) = packet {
      switch Negotiation(request, for: .found(size: UInt64(content.count)), under: limits) {
      case .accepted(let terms): sender = TransferSender(terms, at: now, under: senderSettings, into: &effects)
      case .refused(let refusal): try send(refusal.packet, width: .bits16, toClient: true, at: now)
      }
    }
    try carryOut(effects)
  }

  private mutating func arriveAtClient(_ bytes: [UInt8]) throws {
    let packet = try Packet(decoding: bytes, blockNumbers: receiver.blockNumbers)
    var payload: ArraySlice<UInt8> = []
    if case .data(_, let bytes) = packet { payload = bytes }
    var effects: [TransferReceiver.Effect] = []
    let reception = receiver.receive(
      receiver.message(packet), payloadBytes: UInt32(payload.count), at: now, under: receiverSettings, into: &effects)
    if reception == .new { written += payload }
    try carryOut(effects)
  }

  private mutating func carryOut(_ effects: [TransferReceiver.Effect]) throws {
    for effect in effects {
      switch effect {
      case .send(let message, let leavesAt):
        let context = receiver.context(fileName: "boot.img")
        try send(message.packet(in: context), width: context.blockNumbers, toClient: false, at: leavesAt)
      case .completed: completedAt = now
      case .began, .failed: break
      }
    }
  }

  private mutating func carryOut(_ effects: [TransferSender.Effect]) throws {
    guard let sender else { return }
    let context = sender.context(fileName: "boot.img")
    for effect in effects {
      switch effect {
      case .send(let message, let leavesAt):
        try send(message.packet(in: context), width: context.blockNumbers, toClient: true, at: leavesAt)
      case .sendData(let first, let last, let leavesAt):
        for block in first...last {
          let start = Int(block - 1) * Int(sender.terms.file.blockSize)
          let payload = content[start..<start + Int(sender.terms.file.bytes(of: block))]
          try send(
            TransferMessage.data(block).packet(in: context, payload: payload), width: context.blockNumbers,
            toClient: true, at: leavesAt + spacing * Int(block - first))
        }
      case .ended: senderEndedAt = now
      }
    }
  }

  private mutating func send(_ packet: Packet, width: BlockNumberWidth, toClient: Bool, at time: Nanoseconds) throws {
    let words = packet.words
    occurrences[words, default: 0] += 1
    if !toClient { sentByClient += 1 }
    let name = "\(words) #\(occurrences[words] ?? 0)"
    let isLost = script.lost.contains(name) || !toClient && sentByClient > script.clientSilentAfter
    trace.append(isLost ? words + "!" : words)
    times.append(time)
    guard !isLost else { return }
    for _ in 0..<(script.doubled.contains(name) ? 2 : 1) {
      let flight = Flight(
        arrives: time + Self.oneWay, toClient: toClient, bytes: try packet.encoded(blockNumbers: width))
      // What arrives at the same instant arrives in the order of sending.
      let later = flights[landed...].reversed().prefix { $0.arrives > flight.arrives }.count
      flights.insert(flight, at: flights.count - later)
    }
  }
}

extension Packet {
  fileprivate var words: String {
    switch self {
    case .readRequest: "RRQ"
    case .optionAcknowledgment: "OACK"
    case .data(let block, _): "DATA \(block)"
    case .acknowledgment(let block): "ACK \(block)"
    case .error(let code, _): "ERROR \(code.rawValue)"
    }
  }
}

extension [String] {
  /// `DATA 1`, `DATA 2`, `DATA 3` for `data(1...3)`.
  static func data(_ blocks: ClosedRange<Int>) -> [String] { blocks.map { "DATA \($0)" } }
}
