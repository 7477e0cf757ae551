import BlockTransfer

// The order of registration. A device that registers again goes to the end, and its entry before that counts no longer.
// Strangers can register as often as they like, so what no longer counts is thrown away before it is half of all. So
// each packet costs the same on average, however many came before.
extension Server {
  /// Puts a device at the end of the order of registration.
  mutating func enroll(_ device: DeviceID) {
    if registry.count >= registryLimit { dropOldEntries() }
    self[device].order = registry.count
    registry.append(device)
  }

  /// The registered devices, first registered first.
  func forEachRegistered(_ body: (DeviceID, Peer) -> Void) {
    for (order, device) in registry.enumerated() {
      let peer = self[device]
      if peer.order == order, peer.standing != .unknown { body(device, peer) }
    }
  }

  /// Keeps one entry for each device, in the same order.
  private mutating func dropOldEntries() {
    var kept: [DeviceID] = []
    forEachRegistered { device, _ in kept.append(device) }
    for (order, device) in kept.enumerated() { self[device].order = order }
    registry = kept
    registryLimit = max(Self.leastRegistryLimit, 2 * kept.count)
    dropOldReports()
  }

  /// The queue for smart places has an old entry for each report that a queued device has sent since (R13).
  mutating func enqueue(_ entry: QueuedReport) {
    if smartQueue.count >= max(Self.leastRegistryLimit, 2 * queued) { dropOldReports() }
    smartQueue.insert(entry)
  }

  private mutating func dropOldReports() {
    guard !smartQueue.isEmpty else { return }
    var entries: [QueuedReport] = []
    forEachRegistered { device, _ in
      if let entry = queuedEntry(of: device) { entries.append(entry) }
    }
    smartQueue = .init(entries)
  }
}
