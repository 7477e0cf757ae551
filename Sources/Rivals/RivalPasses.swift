import BlockTransfer
import Network
import PromotionEngine
import Runs
import Timebase

/// The passes over the file for the reports, and what the uplink took.
struct RivalPasses: Sendable {
  private(set) var records: [SessionRecord] = []
  /// Bytes on the wire, and unicast DATA, that the uplink took. They are counted separately, to be compared with the
  /// uplink's own counters.
  var uplinkBytes: UInt64 = 0
  private(set) var unicastDataPackets: UInt64 = 0
  /// The highest block sent in the last pass.
  private var highestSent: [BlockNumber] = []

  /// How many passes began.
  var count: Int { records.count }

  /// Whether a pass is under way.
  var isOpen: Bool { records.last.map { $0.end == nil } ?? false }

  mutating func open(driver: DeviceID?, at now: Nanoseconds) {
    records.append(
      SessionRecord(
        session: records.count + 1, activeDevice: driver.map(Int.init), begin: now, dataPackets: 0, repeatedPackets: 0,
        firstSet: 0, secondSet: 0, promoted: 0, waiting: 0))
    highestSent.append(0)
  }

  /// Ends the pass. Devices that listen then miss something.
  mutating func close(at now: Nanoseconds, listening: Int) {
    guard isOpen else { return }
    records[records.count - 1].end = now
    records[records.count - 1].ended = .complete
    records[records.count - 1].secondSet = listening
    records[records.count - 1].waiting = listening
  }

  /// Counts a packet that the uplink took.
  mutating func count(_ block: BlockNumber?, bytes: UInt64, toGroup: Bool, pass: UInt32) {
    uplinkBytes += bytes
    guard let block else { return }
    guard toGroup else {
      unicastDataPackets += 1
      return
    }
    guard pass > 0 else { return }
    let index = Int(pass) - 1
    records[index].dataPackets += 1
    if block <= highestSent[index] { records[index].repeatedPackets += 1 }
    highestSent[index] = max(highestSent[index], block)
  }

  /// Subtracts what had not left the uplink when a limit ended the run.
  mutating func discount(_ pass: UInt32, isRepeated: Bool) {
    guard pass > 0 else { return }
    records[Int(pass) - 1].dataPackets -= 1
    if isRepeated { records[Int(pass) - 1].repeatedPackets -= 1 }
  }

  /// Counts a device that listens when a pass's first DATA arrives.
  mutating func countFirstHearing(_ pass: UInt32) { records[Int(pass) - 1].firstSet += 1 }
}
