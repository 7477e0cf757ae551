/// What became of a device in the end.
enum DeviceFate: Int, CaseIterable, Sendable {
  /// It was promoted, and fetched what it missed itself.
  case repaired
  /// It got what it missed from a later session.
  case later
  /// It drove a session until it was complete.
  case active
  /// It failed, was switched off, or was not complete when the run ended.
  case incomplete

  /// The fate of a device by its row in `devices.csv`.
  init(roles: String, isComplete: Bool) {
    guard isComplete else {
      self = .incomplete
      return
    }
    switch roles.split(separator: ">").last(where: { $0 != "complete" }) {
    case "smart", "fetching": self = .repaired
    case "active", "master": self = .active
    default: self = .later
    }
  }

  var name: String {
    switch self {
    case .repaired: "complete by its own repair"
    case .later: "complete in a later session"
    case .active: "complete as active device"
    case .incomplete: "never complete"
    }
  }

  /// What is said of several.
  var plural: String {
    switch self {
    case .repaired: "were complete by their own repair"
    case .later: "were complete in a later session"
    case .active: "were complete as active devices"
    case .incomplete: "were never complete"
    }
  }

  /// The name of its column.
  var column: String {
    switch self {
    case .repaired: "repaired_devices"
    case .later: "later_devices"
    case .active: "active_devices"
    case .incomplete: "incomplete_devices"
    }
  }

  /// The colour of the role from which it became complete, as in the picture of the roles.
  var paint: Paint {
    switch self {
    case .repaired: .purple
    case .later: .green
    case .active: .vermillion
    case .incomplete: .ink
    }
  }
}
