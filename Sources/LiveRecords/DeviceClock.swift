import Timebase

/// How the times of a device's record become times of the server's record.
///
/// The two clocks know nothing of each other. What joins them is one packet that both wrote down: the request that the
/// server answered last before the device was accepted. It left the device and arrived at the server at nearly one
/// instant, so the server's arrival is taken for the device's sending. That is too late by the time of the packet's way,
/// which is no more than the device waited for the answer: ``error``.
///
/// MTFTP answers no request. There what the clocks of both machines showed must do.
struct DeviceClock: Hashable, Sendable {
  /// What is added to a time of the device.
  let offset: Nanoseconds
  /// By how much the sum may be too late, at most; nil if nothing tells.
  let error: Nanoseconds?

  /// Joins the record of a device to number `number` of a server's record. Nil if there is no such request in one of them.
  init?(_ device: Recording, as number: Int, of server: Recording) {
    var sent: Nanoseconds?
    var answer: Nanoseconds?
    var attempts = 0
    for event in device.events where answer == nil {
      switch event.event {
      case .requested: (sent, attempts) = (event.time, attempts + 1)
      case .accepted: answer = event.time
      default: break
      }
    }
    guard let sent else {
      guard device.isOfMTFTP else { return nil }
      offset = device.header.began - server.header.began
      error = nil
      return
    }
    let arrivals = server.events.filter { event in
      if case .requested = event.event { event.device == number } else { false }
    }
    guard let arrival = arrivals.prefix(attempts).last?.time else { return nil }
    offset = arrival - sent
    error = answer.map { $0 - sent }
  }

  /// Joins records by what the clocks of their writers showed. Nobody knows how wrong those are.
  init(_ device: RecordHeader, since zero: Nanoseconds) {
    offset = device.began - zero
    error = nil
  }
}

extension Recording {
  /// Whether it is of a device that had a group and asked for nothing.
  var isOfMTFTP: Bool {
    header.source == .device && !header.group.isEmpty
      && !events.contains { if case .requested = $0.event { true } else { false } }
  }
}
