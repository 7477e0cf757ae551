import PromotionEngine
import TFTPWire
import Timebase

/// A broken invariant: the simulator contradicts itself, and nothing that it reported can be trusted.
public struct InvariantBreach: Error, Hashable, Sendable {
  /// What does not hold.
  public var invariant: String
  /// The seed of the run.
  public var seed: UInt64
  /// The replication of the run.
  public var replication: Int
  /// How many events had been executed.
  public var event: UInt64

  /// Reports what does not hold.
  package init(invariant: String, seed: UInt64, replication: Int, event: UInt64) {
    self.invariant = invariant
    self.seed = seed
    self.replication = replication
    self.event = event
  }
}

// What must hold of every run: at its end always; of the device, or the server, that an event concerned after each event
// in debug.
extension Simulation {
  mutating func report(breach text: String) {
    if breach == nil { breach = text }
  }

  mutating func checkInvariants(totals: Uplink.Totals) {
    for index in stations.indices { checkInvariants(of: index) }
    checkServer()
    let data = ledger.passes.reduce(0) { $0 + $1.record.dataPackets }
    if data != totals.multicastData {
      report(breach: "\(totals.multicastData) multicast DATA left the uplink, but the sessions sent \(data)")
    }
  }

  /// What left the uplink, or has not yet, is what it took; and the session under way has the server's active device.
  mutating func checkServer() {
    let (left, underWay) = (uplink.totals(at: now.time), uplink.underWayTotals)
    let (bytes, data) = (left.bytes + underWay.bytes, left.unicastData + underWay.unicastData)
    if bytes != ledger.uplinkBytes {
      report(breach: "\(bytes) bytes left the uplink or are to, but the server sent \(ledger.uplinkBytes)")
    }
    if data != ledger.unicastDataPackets {
      report(breach: "\(data) unicast DATA left the uplink or are to, but the server sent \(ledger.unicastDataPackets)")
    }
    let driver = ledger.isSessionOpen ? ledger.passes.last?.record.activeDevice : nil
    if driver != server.activeDevice.map(Int.init) {
      report(
        breach:
          "device \(driver ?? 0) drives the session, but device \(server.activeDevice ?? 0) is active to the server")
    }
  }

  /// What must hold of a device.
  mutating func checkInvariants(of index: Int) {
    if let breach = stations[index].breach() { report(breach: breach) }
  }

  /// Nobody is promoted with a gap at or over the threshold.
  mutating func checkPromotion(of index: Int) {
    let report = stations[index].device.gaps.statistics(of: configuration.file, continuity: 0)
    let threshold = configuration.parameters.promotion.threshold
    if !report.isDetected(below: threshold) {
      self.report(
        breach: "device \(index + 1) was promoted with a gap of \(report.totalGapBytes) bytes, threshold \(threshold)")
    }
  }
}

extension Station {
  /// What does not hold: a complete device has every block once, and their bytes add up to the file; what it was offered was lost
  /// or received. Mutating, though it changes nothing, so that it is read where it stands.
  fileprivate mutating func breach() -> String? {
    if tally.offered != tally.received + tally.lost {
      return "device \(number) was offered \(tally.offered) packets, but \(tally.received) + \(tally.lost)"
    }
    guard let file = device.file else { return nil }
    let blocks = tally.multicastBlocks + tally.unicastBlocks
    let missing = device.gaps.missing
    if blocks != UInt64(file.blocks - missing) {
      return "device \(number) got \(blocks) blocks, but misses \(missing) of \(file.blocks)"
    }
    if missing == 0, tally.bytes != file.size {
      return "device \(number) is complete with \(tally.bytes) of \(file.size) bytes"
    }
    if (tally.completed != nil) != (missing == 0) {
      return "device \(number) is complete, or its report says so, but not both"
    }
    return nil
  }
}
