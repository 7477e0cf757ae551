import PromotionEngine
import Runs
import Timebase

/// The sessions of a group, as its server wrote them down.
struct SessionTrack: Sendable {
  /// One of them.
  struct Session: Sendable {
    var active: Int
    var opened: Nanoseconds
    var before: SentCounts
    var began: Nanoseconds?
    var end: (time: Nanoseconds, SessionEnd)?
    var after: SentCounts

    /// Multicast DATA of the session.
    var data: UInt64 { after.multicastData &- before.multicastData }
    var repeated: UInt64 { after.repeatedData &- before.repeatedData }
  }

  private(set) var sessions: [Session] = []
  /// What the server had sent, at the instants at which it wrote that down.
  private(set) var sent: [(time: Nanoseconds, counts: SentCounts)] = []

  /// Takes an event of the server.
  mutating func take(_ event: Recording.Event) {
    switch event.event {
    case .sessionOpened(let counts):
      note(counts, at: event.time)
      sessions.append(
        Session(active: event.device ?? 0, opened: event.time, before: counts, after: counts))
    case .sessionBegan where !sessions.isEmpty: sessions[sessions.count - 1].began = event.time
    case .sessionEnded(let end, let counts):
      note(counts, at: event.time)
      if !sessions.isEmpty { sessions[sessions.count - 1].end = (event.time, end) }
    case .sent(let counts): note(counts, at: event.time)
    default: break
    }
  }

  /// What the session under way has sent is what all have sent, less what was sent before it.
  private mutating func note(_ counts: SentCounts, at time: Nanoseconds) {
    sent.append((time, counts))
    guard let last = sessions.last, last.end == nil else { return }
    sessions[sessions.count - 1].after = counts
  }

  /// The records of the sessions, with the sets that the devices make up.
  ///
  /// A device that listens when a session ends is in its second set if it missed a block at a check, or became smart,
  /// before the next one began, or if it was not complete by then: one whose last word is on its way misses nothing.
  func records(_ devices: [DeviceTrack], from zero: Nanoseconds) -> [SessionRecord] {
    sessions.indices.map { index in
      let session = sessions[index]
      let next = sessions.indices.contains(index + 1) ? sessions[index + 1] : nil
      var record = SessionRecord(
        session: index + 1, activeDevice: session.active, begin: session.began.map { $0 - zero },
        end: session.end.map { $0.time - zero }, ended: session.end.map { $0.1 }, dataPackets: session.data,
        repeatedPackets: session.repeated, firstSet: 0, secondSet: 0, promoted: 0, waiting: 0)
      let end = session.end?.time ?? .never
      if let began = session.began {
        record.firstSet = devices.enumerated().count { number, device in
          number + 1 != session.active && device.listens(from: began, until: end)
        }
      }
      guard session.end != nil else { return record }
      let nextBegins = next?.began ?? .never
      let nextEnds = next?.end?.time ?? .never
      for (index, device) in devices.enumerated() {
        let isDriver = index + 1 == session.active && record.ended == .handedOver
        let isPromoted = device.roles.contains { $0.role == .smart && $0.time >= end && $0.time < nextEnds }
        if isPromoted { record.promoted += 1 }
        guard device.role(at: end) == .passive || isDriver else { continue }
        let isComplete = device.entered(.complete).map { $0 < nextBegins } ?? false
        guard device.misses(from: end, until: nextBegins) || !isComplete else { continue }
        record.secondSet += 1
        if !isPromoted { record.waiting += 1 }
      }
      return record
    }
  }
}

extension DeviceTrack {
  /// Whether it was passive at an instant, or became that from then on.
  fileprivate func listens(from start: Nanoseconds, until end: Nanoseconds) -> Bool {
    role(at: start) == .passive || roles.contains { $0.role == .passive && $0.time >= start && $0.time < end }
  }
}
