import BlockTransfer
import Timebase

/// Divides a device's time by what it did itself and by the sessions of the server.
struct StoryParts {
  /// Where the device stood, in the order of time; the first one from 0 on.
  let standings: [StoryNotes.Standing]
  let sessions: [DeviceStories.Session]
  let asks: [DeviceStories.Ask]
  /// Until then the first session waits for devices (R22).
  let start: Nanoseconds
  let device: DeviceID
  let end: Nanoseconds
  /// Whether the device hears from notices that a session is over (R9).
  let hearsNotices: Bool

  /// Parts from 0 to the end, without a hole between them.
  var all: [DeviceStory.Part] {
    var parts: [DeviceStory.Part] = []
    for (index, standing) in standings.enumerated() {
      let until = index + 1 < standings.count ? min(standings[index + 1].since, end) : end
      guard standing.since < until else { continue }
      for (from, until) in spans(from: standing.since, until: until) {
        let activity = activity(standing, from: from, until: until)
        if let last = parts.indices.last, parts[last].activity == activity {
          parts[last].until = until
        } else {
          parts.append(DeviceStory.Part(activity: activity, from: from, until: until))
        }
      }
    }
    for index in parts.indices where parts[index].activity == .session {
      parts[index].awaited = devicesAwaited(from: parts[index].from, until: parts[index].until)
    }
    return parts
  }

  /// The others to whom the server repeated a question in a span.
  private func devicesAwaited(from: Nanoseconds, until: Nanoseconds) -> [DeviceID] {
    let asked = asks.filter { $0.time >= from && $0.time < until && $0.device != device }
      .sorted { ($0.device, $0.isElection ? 1 : 0) < ($1.device, $1.isElection ? 1 : 0) }
    var devices: [DeviceID] = []
    for (ask, next) in zip(asked, asked.dropFirst())
    where ask.device == next.device && ask.isElection == next.isElection && devices.last != ask.device {
      devices.append(ask.device)
    }
    return devices
  }

  /// Cuts a span where a session begins or ends, and where the first one waits no longer for devices.
  private func spans(from: Nanoseconds, until: Nanoseconds) -> [(Nanoseconds, Nanoseconds)] {
    var cuts = [from]
    if start > from, start < until { cuts.append(start) }
    for session in sessions {
      for cut in [session.opened, session.end ?? .never] where cut > cuts[cuts.count - 1] && cut < until {
        cuts.append(cut)
      }
    }
    return Array(zip(cuts, cuts.dropFirst() + [until]))
  }

  private func activity(
    _ standing: StoryNotes.Standing, from: Nanoseconds, until: Nanoseconds
  ) -> DeviceStory.Activity {
    switch standing.activity {
    case .driving:
      // The server opens a session of an elected device when its first ask arrives, which is a little later.
      let drivenUntil = standings.first { $0.since > standing.since }?.since ?? .never
      let own = sessions.lastIndex {
        $0.driver == device && $0.opened <= drivenUntil && $0.end ?? .never > standing.since
      }
      return .driving(session: own.map { $0 + 1 })
    case .session where from < start, .opening where from < start, .report where from < start,
      .answer where from < start:
      return .start
    case .session:
      if let session = session(at: from) { return session }
      let isOver = hearsNotices && sessions.contains { $0.end.map { $0 > standing.since && $0 <= from } ?? false }
      return isOver ? .notice : .session
    case .answer:
      // The server goes on without it when it waited long enough.
      if let session = session(at: from), sessions.contains(where: { $0.opened > standing.since && $0.opened <= from })
      {
        return session
      }
      return .answer
    case .off, .joining, .listeningFirst, .opening, .reopening, .listening, .notice, .report, .place, .repair,
      .start:
      return standing.activity
    }
  }

  /// The session that is under way at an instant.
  private func session(at time: Nanoseconds) -> DeviceStory.Activity? {
    guard let index = sessions.lastIndex(where: { $0.opened <= time }) else { return nil }
    if let end = sessions[index].end, end <= time { return nil }
    return .listening(session: index + 1, driver: sessions[index].driver)
  }
}
