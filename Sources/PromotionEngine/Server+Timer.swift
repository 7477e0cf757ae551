import BlockTransfer
import HeapModule
import Timebase

/// When something may be due for a smart device (R13).
struct PlaceDeadline: Comparable, Sendable {
  var at: Nanoseconds
  var device: DeviceID

  static func < (left: PlaceDeadline, right: PlaceDeadline) -> Bool {
    (left.at, left.device) < (right.at, right.device)
  }
}

// One timer for everything, for a driver that has no timer for each device. Smart devices are heard all the time, and
// each packet moves a deadline away; so a device's entry stays where it is, and is put off when its time has come. An
// entry counts while its device is smart and says the same instant.
extension Server {
  /// When ``fireAll(at:into:)`` is due: the earliest of ``deadline`` and of all devices' ``deadline(of:)``, or earlier;
  /// never later. ``Timebase/Nanoseconds/never`` if nothing is due.
  public var nextDeadline: Nanoseconds { min(deadline, placeDeadlines.min?.at ?? .never) }

  /// Does all that is due at `now`, for the group and for each device: what ``fire(at:into:)`` and
  /// ``fire(for:at:into:)`` do. Each device that something is due for costs O(log n).
  public mutating func fireAll(at now: Nanoseconds, into effects: inout [ServerEffect]) {
    fire(at: now, into: &effects)
    var due: [DeviceID] = []
    while let entry = placeDeadlines.min, entry.at <= now {
      placeDeadlines.removeMin()
      if counts(entry) { due.append(entry.device) }
    }
    for device in due {
      fire(for: device, at: now, into: &effects)
      if case .smart(let place) = peerStanding(of: device), place.timer <= now { note(placeOf: device) }
    }
  }

  /// Notes a smart device's deadline.
  mutating func note(placeOf device: DeviceID) {
    guard case .smart(var place) = peerStanding(of: device) else { return }
    if placeDeadlines.count >= max(Self.leastRegistryLimit, 2 * smartDevices) {
      placeDeadlines = Heap(placeDeadlines.unordered.filter(counts))
    }
    place.timer = deadline(of: device)
    self[device].standing = .smart(place)
    guard place.timer < .never else { return }
    placeDeadlines.insert(PlaceDeadline(at: place.timer, device: device))
  }

  private func counts(_ entry: PlaceDeadline) -> Bool {
    guard case .smart(let place) = peerStanding(of: entry.device) else { return false }
    return place.timer == entry.at
  }
}
