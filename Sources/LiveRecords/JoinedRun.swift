import BlockTransfer
import Network
import Results
import Runs
import Scenarios
import Timebase

/// One run of a group: the server's record and those of its devices, joined on the server's clock.
///
/// Either may be missing. Then that side's figures are not known, and their fields stay empty.
package struct JoinedRun: Sendable {
  private let server: Recording?
  private let devices: [DeviceTrack]
  private let sessions: SessionTrack
  private let clockErrors: [Nanoseconds?]
  private let events: [RecordedEvent]
  /// When the run began by the server's clock: the first device asked.
  private let zero: Nanoseconds
  private let end: (RunEnd, Nanoseconds)
  /// What the records are of: the server's header, or that of the first device.
  package let header: RecordHeader
  /// The scenario in the record, in its canonical form.
  package let scenario: String

  /// Joins records. `own` are those of devices, with the numbers that they have in the server's record.
  ///
  /// - Parameters:
  ///   - silent: those of devices that the server has heard nothing of, as of one of MTFTP that only listens (R17).
  ///   - zero: time 0 by the server's clock; nil for the first request.
  package init(
    server: Recording, own: [(number: Int, record: Recording)], silent: [Recording] = [], zero: Nanoseconds? = nil
  ) {
    let heard = server.events.lazy.compactMap(\.device).max() ?? 0
    let count = heard + silent.count
    let all = own + silent.enumerated().map { (number: heard + 1 + $0, record: $1) }
    let named = all.compactMap { number, record in
      DeviceClock(record, as: number, of: server).map { (number: number, record: record, clock: $0) }
    }
    let known = Set(named.map(\.number))
    var tracks = [DeviceTrack](repeating: DeviceTrack(), count: count)
    var sessions = SessionTrack()
    // What the server takes the devices for makes up the sets of its sessions.
    for event in server.events {
      sessions.take(event)
      if let device = event.device, !known.contains(device) { tracks[device - 1].take(event.event, at: event.time) }
    }
    // Who checks itself while the first session waits for devices (R22) has missed nothing of any session.
    let start = sessions.sessions.first?.opened ?? .never
    for (number, record, clock) in named where number <= count {
      for event in record.events {
        let time = event.time + clock.offset
        if case .checked = event.event, time < start { continue }
        tracks[number - 1].take(event.event, at: time)
      }
      // Of one that was killed the server knows the end.
      guard !record.isWhole, let last = record.events.last, let end = server.lastRole(of: number),
        case .entered(.failed) = end.event
      else { continue }
      tracks[number - 1].take(end.event, at: max(end.time, last.time + clock.offset))
    }
    self.init(
      header: server.header, scenario: server.scenario, server: server, tracks: tracks, sessions: sessions,
      clockErrors: named.map(\.clock.error),
      events: server.events.map { Self.event($0, of: $0.device, by: .server, offset: .zero) }
        + named.flatMap { number, record, clock in
          record.events.map { Self.event($0, of: number, by: .device, offset: clock.offset) }
        }, zero: zero)
  }

  /// Joins records of devices whose server left none, by what their clocks showed.
  package init?(own: [Recording]) {
    let own = own.sorted { ($0.header.began, $0.header.own) < ($1.header.began, $1.header.own) }
    guard let first = own.first else { return nil }
    var tracks: [DeviceTrack] = []
    var events: [RecordedEvent] = []
    for (index, record) in own.enumerated() {
      let clock = DeviceClock(record.header, since: first.header.began)
      var track = DeviceTrack()
      for event in record.events { track.take(event.event, at: event.time + clock.offset) }
      tracks.append(track)
      events += record.events.map { Self.event($0, of: index + 1, by: .device, offset: clock.offset) }
    }
    self.init(
      header: first.header, scenario: first.scenario, server: nil, tracks: tracks, sessions: SessionTrack(),
      clockErrors: own.map { _ in nil }, events: events)
  }

  /// The run of one device as it wrote it down.
  package init(device: Recording) {
    var track = DeviceTrack()
    for event in device.events { track.take(event.event, at: event.time) }
    self.init(
      header: device.header, scenario: device.scenario, server: nil, tracks: [track], sessions: SessionTrack(),
      clockErrors: [nil], events: device.events.map { Self.event($0, of: 1, by: .device, offset: .zero) }, zero: .zero)
  }

  private init(
    header: RecordHeader, scenario: String, server: Recording?, tracks: [DeviceTrack], sessions: SessionTrack,
    clockErrors: [Nanoseconds?], events: [RecordedEvent], zero: Nanoseconds? = nil
  ) {
    self.header = header
    self.scenario = scenario
    self.server = server
    self.sessions = sessions
    self.clockErrors = clockErrors
    devices = tracks
    let zero = zero ?? tracks.compactMap(\.join).min() ?? events.map(\.time).min() ?? .zero
    self.zero = zero
    self.events = events.map { event in
      var event = event
      // A record may begin before its device asks.
      event.time = max(event.time - zero, .zero)
      return event
    }.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
    let last = (self.events.last?.time ?? .zero) + zero
    let isOver =
      server.map(Self.isOver) ?? tracks.allSatisfy { [.complete, .failed].contains($0.roles.last?.role) }
    end = (isOver ? .complete : .interrupted, last)
  }

  /// Whether a server's record ended because nobody was left.
  private static func isOver(_ record: Recording) -> Bool {
    if case .over(.complete, _)? = record.events.last?.event { true } else { false }
  }

  private static func event(
    _ event: Recording.Event, of device: Int?, by source: RecordedEvent.Source, offset: Nanoseconds
  ) -> RecordedEvent {
    RecordedEvent(
      time: event.time + offset, source: source, device: device, name: event.event.name, detail: event.event.detail)
  }
}

extension Recording {
  /// The last role that a device entered.
  fileprivate func lastRole(of device: Int) -> Event? {
    events.last { if case .entered = $0.event { $0.device == device } else { false } }
  }
}

// MARK: - As a run

extension JoinedRun {
  /// How many devices it has.
  package var deviceCount: Int { devices.count }

  /// When the last device was complete, or else when the last event was.
  package var length: Nanoseconds { (devices.compactMap { $0.entered(.complete) }.max() ?? end.1) - zero }

  /// Its events, on the run's clock.
  package var recordedEvents: [RecordedEvent] { events }

  private var known: Knowledge {
    var known: Knowledge = server == nil ? [] : .server
    if devices.allSatisfy({ $0.heard != nil }) { known.insert(.devices) }
    return known
  }

  /// What the manifest says of it.
  package func description(replication: Int) -> Manifest.LiveRun {
    let errors = clockErrors.compactMap(\.self)
    return Manifest.LiveRun(
      replication: replication, began: Double((header.began + zero).count) / 1e9, server: header.server,
      group: header.group, hasServer: server != nil, ownRecords: clockErrors.count,
      clockError: errors.count == clockErrors.count ? errors.max().map { $0.seconds } : nil)
  }

  /// The record of the run: devices in the order in which the server heard of them, times from time 0.
  ///
  /// - Parameters:
  ///   - cohorts: how many devices each cohort has.
  ///   - step: between samples of the timeline.
  ///   - rate: of the uplink in bits per second.
  package func record(replication: Int, cohorts: [Int], step: Nanoseconds, rate: UInt64) -> RunRecord {
    let numbers = cohorts.enumerated().flatMap { [Int](repeating: $0, count: $1) }
    let records = devices.enumerated().map { index, device in
      device.record(of: index + 1, cohort: numbers.indices.contains(index) ? numbers[index] : 0, from: zero)
    }
    let sent = sessions.sent.last?.counts ?? SentCounts()
    var record = RunRecord(
      replication: replication, ended: end.0, devices: DeviceRecords(records),
      sessions: sessions.records(devices, from: zero), gapSizes: gapSizes, sessionOneLoss: sessionOneLoss,
      multicastDataPackets: sent.multicastData, unicastDataPackets: sent.unicastData, serverBytes: sent.bytes,
      timeline: timeline(step: step, rate: rate), events: 0,
      devicePackets: devices.reduce(0) { $0 &+ ($1.heard?.sent ?? 0) })
    record.known = known
    return record
  }

  /// Of first checks whose gaps a device wrote down.
  private var gapSizes: [GapSizeCount] {
    var counts: [UInt32: [UInt32: UInt64]] = [:]
    for check in devices.compactMap(\.checks.first) {
      guard let gaps = check.gaps, let ended = check.session else { continue }
      let begun = sessions.sessions.count { $0.began.map { $0 <= check.time } ?? false }
      let session = server == nil ? ended : UInt32(begun)
      counts[session, default: [:]].merge(gaps.sizes) { $0 + $1 }
    }
    return counts.sorted { $0.key < $1.key }.flatMap { session, sizes in
      sizes.sorted { $0.key < $1.key }.map { GapSizeCount(session: Int(session), blocks: $0.key, count: $0.value) }
    }
  }

  /// What those lost who drove session 1 or listened to it from its first DATA on (N9): what the server sent in it and
  /// they did not get.
  private var sessionOneLoss: [SessionOneLoss] {
    guard let session = sessions.sessions.first, let began = session.began, session.end != nil else { return [] }
    return devices.enumerated().compactMap { index, device in
      guard let heard = device.heard, index + 1 == session.active || device.role(at: began) == .passive else {
        return nil
      }
      let received = min(heard.sessionOne, session.data)
      return SessionOneLoss(device: index + 1, received: received, lost: session.data - received)
    }
  }

  private func timeline(step: Nanoseconds, rate: UInt64) -> [TimelineSample] {
    var samples: [TimelineSample] = []
    var before: UInt64 = 0
    var time = Nanoseconds.zero
    let length = length
    while samples.last.map({ $0.time < length }) ?? true {
      let roles = devices.map { $0.role(at: time + zero).part }
      func count(_ part: DeviceRole.Part) -> Int { roles.count { $0 == part } }
      let bytes = sessions.bytes(at: time + zero)
      let busy = rate == 0 ? 0 : Double(bytes - min(bytes, before)) * 8e9 / Double(rate)
      samples.append(
        TimelineSample(
          time: time, joining: count(.joins), active: count(.drives), passive: count(.listens), smart: count(.fetches),
          complete: count(.isComplete), failed: count(.hasFailed),
          uplinkBusy: Nanoseconds(Int64(min(busy, Double(step.count))))))
      before = max(before, bytes)
      time = time + step
    }
    return samples
  }
}

extension SessionTrack {
  /// The bytes that had been sent by an instant, in a straight line between what was written down.
  fileprivate func bytes(at time: Nanoseconds) -> UInt64 {
    guard let next = sent.firstIndex(where: { $0.time > time }) else { return sent.last?.counts.bytes ?? 0 }
    guard next > 0 else { return 0 }
    let (left, right) = (sent[next - 1], sent[next])
    let share = Double((time - left.time).count) / Double((right.time - left.time).count)
    let more = Double(right.counts.bytes) - Double(left.counts.bytes)
    return UInt64(max(0, min(Double(left.counts.bytes) + more * share, 1e18)))
  }
}
