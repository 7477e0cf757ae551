extension EventQueue {
  /// The next event with its key; nil when none is pending. Nothing is removed. O(1).
  @inlinable
  public var next: (key: EventKey, event: Event)? {
    let entry = heap.first
    if nextInLane.bits < entry.bits {
      let lane =
        switch nextLane {
        case .first: lanes.first
        case .second: lanes.second
        case .third: lanes.third
        }
      return (nextInLane.key, lane.places[lane.head].event)
    }
    guard heap.count > 0 else { return nil }
    return (entry.key, pool[entry.slot])
  }
}
