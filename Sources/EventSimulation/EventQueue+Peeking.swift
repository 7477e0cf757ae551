extension EventQueue {
  /// The next event with its key; nil when none is pending. Nothing is removed. O(1).
  @inlinable
  public var next: (key: EventKey, event: Event)? {
    guard let key = first, let entry = heap.entries.first(where: { $0.key == key }) else { return nil }
    return (key, pool[entry.slot])
  }
}
