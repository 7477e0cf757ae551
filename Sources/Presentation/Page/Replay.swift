import Network
import Runs
import Timebase

/// The first replication of a run over its time: the role of each device, the sessions, and what left the uplink.
///
/// The page's script plays it. Times are in seconds, exactly as the tables have them.
package struct Replay: Encodable, Hashable, Sendable {
  /// The most devices that a replay has.
  static let largest = 2000

  /// A kind of role or of packets, and its colour.
  struct Kind: Encodable, Hashable, Sendable {
    var name: String
    var paint: Paint
  }

  /// A device. The fields are those of `devices.csv`.
  struct Device: Encodable, Hashable, Sendable {
    var device: Int
    /// Its cohort's index.
    var cohort: Int
    var join: Double
    /// The roles, by their index, each with its time before it; -1 when it was switched off.
    var roles: [Double] = []
    var missed: UInt64?
    var gap: UInt64?
    var gaps: UInt64?
    var promoted: Double?
    var completed: Double?
  }

  /// A session.
  struct Session: Encodable, Hashable, Sendable {
    var session: Int
    var device: Int?
    var begin: Double?
    var end: Double?
    var ended: String?
  }

  /// What left the uplink of one kind.
  struct Rate: Encodable, Hashable, Sendable {
    var kind: Kind
    /// In Mbit/s, from each time to the next.
    var rates: [Double]
  }

  var roles: [Kind]
  var cohorts: [String]
  var devices: [Device]
  var sessions: [Session]
  /// The ends of the stretches over which the rates are means.
  var times: [Double]
  var uplink: [Rate]
  /// When the last thing happened.
  var end: Double
  /// How many devices the replication has.
  var all: Int
  /// Which of the devices are here, if not all.
  var sample: String?

  /// The replay of the first replication; nil if it is not known who had which role when.
  init?(_ data: RunData) throws {
    guard let changes = data.roleChanges, !changes.isEmpty, let source = try Source(data) else { return nil }
    roles = Self.roleKinds(in: changes)
    cohorts = source.cohorts
    all = source.devices.count
    sessions = source.sessions
    let chosen = Sample(of: source.devices)
    (devices, sample) = (chosen.devices, chosen.words)
    (times, uplink) = Self.rates(of: data.sent ?? [])
    end = 0
    let index = Dictionary(uniqueKeysWithValues: roles.enumerated().map { ($1.name, Double($0)) })
    var places: [Int: Int] = [:]
    for (place, device) in devices.enumerated() { places[device.device] = place }
    for change in changes {
      end = max(end, change.time.seconds)
      guard let place = places[Int(change.device)], change.role != .joining else { continue }
      devices[place].roles += [change.time.seconds, change.role.flatMap { index[$0.rawValue] } ?? -1]
    }
    end = ([end] + sessions.compactMap(\.end) + times.suffix(1)).reduce(0, max)
    guard end > 0 else { return nil }
  }

  /// The roles that occur, joining first.
  private static func roleKinds(in changes: [RoleChange]) -> [Kind] {
    var seen: Set<DeviceRole> = [.joining]
    for change in changes { if let role = change.role { seen.insert(role) } }
    return ([.joining] + DeviceRole.allCases.filter { $0 != .joining && seen.contains($0) })
      .map { Kind(name: $0.rawValue, paint: $0.part.paint) }
  }

  /// What left the uplink in the steps of its picture.
  private static func rates(of sent: [TimelineSample]) -> (times: [Double], uplink: [Rate]) {
    let steps = UplinkPicture.steps(sent)
    guard let end = steps.last?.end else { return ([], []) }
    return (
      steps.map(\.begin) + [end],
      UplinkPicture.kinds.enumerated().map { index, kind in
        Rate(
          kind: Kind(name: kind.name, paint: kind.paint),
          rates: steps.map { ($0.rates[index] * 1000).rounded() / 1000 })
      }
    )
  }
}

extension DeviceRole.Part {
  /// Its colour in every picture.
  var paint: Paint {
    switch self {
    case .isComplete: .blue
    case .fetches: .purple
    case .drives: .vermillion
    case .listens: .green
    case .joins: .grey
    case .hasFailed: .ink
    }
  }
}
