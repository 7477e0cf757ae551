import BlockTransfer
import BootService
import LiveRecords
import Logging
import PromotionEngine
import Runs
import Scenarios
import Synchronization
import Timebase

/// Keeps the record of a download (`fetch --results`), from the server's answer on: before that the file's size is unknown,
/// and a download that nobody answers leaves no record.
package final class DeviceRecords: DownloadObserver {
  private struct State {
    var own = Endpoint(host: HostAddress(v4: 0), port: 0)
    var began = Nanoseconds.zero
    var writer: RecordWriter?
    /// What happened before the answer.
    var early: [(event: LiveEvent, time: Nanoseconds)] = []
    /// How many sessions the device knows to have ended.
    var sessionsEnded: UInt32 = 0
    var toldAt = Nanoseconds.zero
  }

  /// How often it is written down what has come.
  private static let interval = Nanoseconds.seconds(1)
  /// The most requests that are kept before an answer.
  private static let mostEarly = 100

  private let directory: String
  private let base: Scenario?
  private let client: ClientSettings
  private let disk = DiskQueue()
  private let log: Logger
  private let state = Mutex(State())

  /// Keeps a record in a directory, of a download with these settings.
  package init(in directory: String, scenario: Scenario?, client: ClientSettings, log: Logger) {
    (self.directory, base, self.client, self.log) = (directory, scenario, client, log)
  }

  package func begins(from own: Endpoint) {
    state.withLock { state in
      state.own = own
      state.began = WallClock.now
    }
  }

  package func happened(_ event: ClientEvent, at time: Nanoseconds, to client: BootClient) {
    state.withLock { note(event, at: time, client, &$0) }
  }

  package func goesOn(_ client: BootClient, at time: Nanoseconds) {
    state.withLock { state in
      guard time - state.toldAt >= Self.interval, client.counts.bytes > 0 else { return }
      state.toldAt = time
      state.writer?.record(.heard(HeardCounts(client.counts)), at: time)
    }
  }

  package func warn(_ words: String) {}

  /// Waits until the record is on the disk.
  package func finish() { disk.finish() }

  private func note(_ event: ClientEvent, at time: Nanoseconds, _ client: BootClient, _ state: inout State) {
    switch event {
    case .requested: write(.requested(from: "\(state.own)"), at: time, &state)
    case .asked(let options) where options.multicast == nil:
      write(.requested(from: "\(state.own)"), at: time, &state)
    case .granted(let terms): begin(terms, at: time, &state)
    case .entered(let role): write(.entered(DeviceRole(role)), at: time, &state)
    case .sessionEnded(let session): state.sessionsEnded = session
    case .checked(let report):
      write(.checked(report, CheckedGaps(client.gaps), session: state.sessionsEnded), at: time, &state)
    case .ended(let outcome): end(outcome, at: time, client, &state)
    case .asked, .joined, .completed: break
    }
  }

  private func write(_ event: LiveEvent, at time: Nanoseconds, _ state: inout State) {
    if let writer = state.writer {
      writer.record(event, at: time)
    } else if state.early.count < Self.mostEarly {
      state.early.append((event, time))
    }
  }

  private func begin(_ terms: ClientTerms, at time: Nanoseconds, _ state: inout State) {
    state.sessionsEnded = terms.offer?.sessionsEnded ?? 0
    guard state.writer == nil, let size = terms.size, let layout = FileLayout(size: size, blockSize: terms.blockSize)
    else { return }
    let header = RecordHeader(
      source: .device, file: client.fileName, server: "\(client.server)", own: "\(state.own)",
      group: terms.group.map { "\($0)" } ?? "", began: state.began)
    var scenario = Scenario.live(
      base, name: header.directoryName, parameters: client.parameters(under: terms), file: layout)
    if terms.way == .tftp { scenario.network.strategy = .unicast }
    let writer = RecordWriter(header, scenario: scenario, in: directory, by: disk, log: log)
    writer.keep()
    for (event, time) in state.early { writer.record(event, at: time) }
    writer.record(.accepted(sessionsEnded: state.sessionsEnded), at: time)
    if terms.way == .tftp { writer.record(.entered(.fetching), at: time) }
    state.early = []
    state.writer = writer
  }

  private func end(_ outcome: ClientOutcome, at time: Nanoseconds, _ client: BootClient, _ state: inout State) {
    guard let writer = state.writer else { return }
    writer.record(.heard(HeardCounts(client.counts)), at: time)
    switch outcome {
    case .complete: writer.record(.over(.complete, reason: "complete"), at: time)
    case .failed(.stopped): writer.record(.over(.interrupted, reason: "it was stopped"), at: time)
    case .failed(let failure):
      writer.record(.entered(.failed), at: time)
      writer.record(.over(.complete, reason: "\(failure)"), at: time)
    }
    writer.finish()
    state.writer = nil
  }
}

extension ClientSettings {
  /// The protocol that ran: what was proposed, with what was granted in its place.
  fileprivate func parameters(under terms: ClientTerms) -> ProtocolParameters {
    var parameters = parameters
    parameters.mode = terms.way == .mtftp ? .pxeMTFTP : .rfc2090
    parameters.blockSize = terms.blockSize
    parameters.windowSize = terms.windowSize
    parameters.wideBlockNumbers = terms.blockNumbers == .bits32
    if let offer = terms.offer {
      parameters.promotion.threshold = offer.threshold
      parameters.promotion.continuity = offer.continuity
    }
    return parameters
  }
}

extension HeardCounts {
  fileprivate init(_ counts: ClientCounts) {
    self.init()
    multicastBlocks = counts.multicastBlocks
    unicastBlocks = counts.unicastBlocks
    duplicates = counts.duplicates
    sessions = counts.sessions
    sessionOne = counts.firstSessionData
    sent = counts.sent
  }
}
