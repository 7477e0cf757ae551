import BootService
import BlockTransfer
import DequeModule
import TFTPWire
import Timebase

/// What a server sent, and what was lost before it left.
package struct TransmissionCounters: Hashable, Sendable {
  /// Datagrams that the system took.
  package var datagrams: UInt64 = 0
  /// Their payloads, TFTP's headers included.
  package var bytes: UInt64 = 0
  /// Datagrams that the system refused.
  package var failed: UInt64 = 0
  /// Runs of DATA and packets for which the queue had no room.
  package var dropped: UInt64 = 0
  /// Runs of DATA that were asked for again while they waited, and so are sent once.
  package var repeated: UInt64 = 0

  /// Nothing yet.
  package init() {}
}

/// The server's way out: what is to be sent, in the order in which it was asked for (N2), and at the rate that is set.
///
/// DATA is kept as runs of blocks. Their payload is read when they are sent, so memory does not grow with files.
final class Transmitter {
  /// Something to send.
  private enum Item {
    case packet([UInt8], on: Way)
    /// A run, of which the blocks before `next` have left.
    case data(WaitingRun, next: BlockNumber, of: OpenFile, on: Way)

    var payloadBytes: UInt64 {
      switch self {
      case .packet(let bytes, _): UInt64(bytes.count)
      case .data(let waiting, let next, _, _): waiting.run.rest(from: next).payloadBytes
      }
    }
  }

  /// A run on its way to somebody. Two that are equal are the answers to an ask and to its repeat.
  private struct WaitingRun: Hashable {
    var run: DataRun
    var endpoint: Endpoint
    var local: LocalEnd
  }

  /// The most runs and packets that wait. What comes beyond is dropped, as a full port of a switch does it.
  static let longestQueue = 65_536
  /// The least payload that may wait, in bytes, however low the rate is.
  static let leastBacklog: UInt64 = 16 << 20

  private var queue = Deque<Item>()
  /// The runs in the queue.
  private var waiting: Set<WaitingRun> = []
  /// Bytes of payload that wait.
  private(set) var backlog: UInt64 = 0
  /// The most that may wait: what the rate sends in two seconds. Whoever asks and asks again, and is sent a window each
  /// time, keeps nobody waiting for longer.
  private let mostBacklog: UInt64
  var pacer: Pacer
  private(set) var counters = TransmissionCounters()
  /// Files that turned out to have changed, or that cannot be read.
  var faults: [(file: FileID, fault: OpenFile.Fault)] = []
  /// The last refusal of the system, if it has not been told yet.
  private var refusal: (endpoint: Endpoint, code: CInt)?
  /// Datagrams larger than this are not sent as segments: the interface cannot, or they exceed its MTU.
  var largestSegment: Int
  var buffer: UnsafeMutableRawBufferPointer

  init(rate: UInt64?, usesSegments: Bool, at now: Nanoseconds) {
    pacer = Pacer(rate: rate, at: now)
    mostBacklog = max(Self.leastBacklog, (rate ?? 1_000_000_000) / 4)
    largestSegment = usesSegments ? Int(UInt16.max) : 0
    buffer = .allocate(byteCount: 2 * 65_536, alignment: 16)
  }

  deinit { buffer.deallocate() }

  /// Whether something waits.
  var isIdle: Bool { queue.isEmpty }

  func enqueue(_ packet: [UInt8], on way: Way) { append(.packet(packet, on: way)) }

  /// Adds a run, unless the same one still waits: whoever asks again, because its answer has to wait for longer than a
  /// timeout, would else be sent each block twice, and make the queue longer that it waits for.
  func enqueue(_ run: DataRun, of file: OpenFile, on way: Way) {
    let waitingRun = WaitingRun(run: run, endpoint: way.endpoint, local: way.local)
    guard waiting.insert(waitingRun).inserted else { return counters.repeated += 1 }
    if !append(.data(waitingRun, next: run.first, of: file, on: way)) { waiting.remove(waitingRun) }
  }

  @discardableResult private func append(_ item: Item) -> Bool {
    guard queue.isEmpty || queue.count < Self.longestQueue && backlog < mostBacklog else {
      counters.dropped += 1
      return false
    }
    backlog += item.payloadBytes
    queue.append(item)
    return true
  }

  /// Forgets what waits.
  func dropAll() {
    queue.removeAll()
    waiting.removeAll()
    backlog = 0
  }

  /// What was wrong with files since the last call.
  func takeFaults() -> [(file: FileID, fault: OpenFile.Fault)] {
    defer { faults = [] }
    return faults
  }

  /// What the system refused last, since the last call.
  func takeRefusal() -> (endpoint: Endpoint, code: CInt)? {
    defer { refusal = nil }
    return refusal
  }

  /// Sends what is due, but no more at once than leaves time to read what comes in.
  ///
  /// - Returns: how long to wait before the next call; nil if nothing waits.
  func send(at now: Nanoseconds) -> Nanoseconds? {
    pacer.advance(to: now)
    let limit = counters.datagrams + counters.failed + Self.mostAtOnce
    while let item = queue.first {
      guard pacer.maySend else { return pacer.pause }
      guard counters.datagrams + counters.failed < limit else { return .zero }
      switch item {
      case .packet(let bytes, let way):
        let sending = bytes.withUnsafeBytes { way.send($0, size: bytes.count, segments: false) }
        guard finished(sending, bytes.count, way.endpoint) else { return Self.fullPause }
        removeFirst()
      case .data(let waitingRun, let next, let file, let way):
        let rest = waitingRun.run.rest(from: next)
        guard let sent = sendSome(rest, of: file, on: way) else { return Self.fullPause }
        removeFirst()
        if sent <= rest.last - next {
          prepend(.data(waitingRun, next: next + sent, of: file, on: way))
        } else {
          waiting.remove(waitingRun)
        }
      }
    }
    return nil
  }

  /// The most datagrams of one call.
  private static let mostAtOnce: UInt64 = 1024
  private func removeFirst() { backlog -= queue.removeFirst().payloadBytes }

  private func prepend(_ item: Item) {
    backlog += item.payloadBytes
    queue.prepend(item)
  }

  /// How long a full send buffer is left alone.
  private static let fullPause = Nanoseconds.microseconds(500)

  /// Counts a packet; false if it must be tried again.
  private func finished(_ sending: UDPSocket.Sending, _ bytes: Int, _ endpoint: Endpoint) -> Bool {
    switch sending {
    case .full: return false
    case .sent: count(datagrams: 1, bytes: bytes)
    case .failed(let code): fail(1, endpoint, code)
    }
    return true
  }

  func count(datagrams: Int, bytes: Int) {
    counters.datagrams += UInt64(datagrams)
    counters.bytes += UInt64(bytes)
    // All but the last are of one size, so the mean is right but for what a short one is padded.
    pacer.sent(Pacer.wireBytes(bytes / max(1, datagrams)) * Int64(datagrams))
  }

  func fail(_ datagrams: Int, _ endpoint: Endpoint, _ code: CInt) {
    counters.failed += UInt64(datagrams)
    refusal = (endpoint, code)
  }
}

extension DataRun {
  fileprivate func rest(from next: BlockNumber) -> DataRun {
    var rest = self
    rest.first = next
    return rest
  }
}
