extension EventQueue {
  /// The next event with its key; nil when none is pending. Nothing is removed. O(1).
  @inlinable
  public var next: (key: EventKey, event: Event)? {
    guard count > 0 else { return nil }
    let entry = heap.first
    return (entry.key, pool[entry.slot])
  }
}
