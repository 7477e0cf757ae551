import BlockTransfer
import Network

/// What a server has sent of one group so far.
package struct SentCounts: Hashable, Sendable {
  /// DATA to the group.
  package var multicastData: UInt64 = 0
  /// Those of them whose block the session had sent before.
  package var repeatedData: UInt64 = 0
  /// DATA to single devices.
  package var unicastData: UInt64 = 0
  /// Bytes on the wire (N1) of DATA to the group.
  package var multicastBytes: UInt64 = 0
  /// Bytes on the wire (N1) of DATA to single devices.
  package var unicastBytes: UInt64 = 0
  /// Bytes on the wire (N1) of every other packet.
  package var controlBytes: UInt64 = 0
  /// The highest block that the session under way has sent.
  private var highest: BlockNumber = 0

  /// Nothing.
  package init() {}

  /// Bytes on the wire (N1) of all packets.
  package var bytes: UInt64 { multicastBytes &+ unicastBytes &+ controlBytes }

  /// Begins a session: none of its blocks was sent in it.
  package mutating func beginSession() { highest = 0 }

  /// Counts DATA of ascending blocks to the group.
  ///
  /// - Parameter headerBytes: bytes of TFTP before each payload.
  package mutating func multicast(
    _ blocks: ClosedRange<BlockNumber>, of file: FileLayout, headerBytes: UInt64, framing: Framing
  ) {
    multicastData += UInt64(blocks.count)
    repeatedData += UInt64(blocks.count { $0 <= highest })
    highest = max(highest, blocks.upperBound)
    multicastBytes += Self.bytes(of: blocks, of: file, headerBytes: headerBytes, framing: framing)
  }

  /// Counts DATA of ascending blocks to one device.
  package mutating func unicast(
    _ blocks: ClosedRange<BlockNumber>, of file: FileLayout, headerBytes: UInt64, framing: Framing
  ) {
    unicastData += UInt64(blocks.count)
    unicastBytes += Self.bytes(of: blocks, of: file, headerBytes: headerBytes, framing: framing)
  }

  /// Counts a packet that is no DATA, of this many bytes of UDP payload.
  package mutating func control(payload: Int, framing: Framing) {
    controlBytes += framing.bytes(ofPayload: UInt64(payload))
  }

  private static func bytes(
    of blocks: ClosedRange<BlockNumber>, of file: FileLayout, headerBytes: UInt64, framing: Framing
  ) -> UInt64 {
    let full = framing.bytes(ofPayload: headerBytes + UInt64(file.blockSize))
    guard blocks.upperBound == file.blocks else { return full * UInt64(blocks.count) }
    return full * UInt64(blocks.count - 1) + framing.bytes(ofPayload: headerBytes + UInt64(file.lastBlockBytes))
  }
}

/// What came to a device so far, and what it sent.
package struct HeardCounts: Hashable, Sendable {
  /// Blocks that were missing and came by multicast.
  package var multicastBlocks: UInt64 = 0
  /// Blocks that were missing and came by unicast.
  package var unicastBlocks: UInt64 = 0
  /// DATA that came with a block that it had.
  package var duplicates: UInt64 = 0
  /// Sessions of which a DATA came.
  package var sessions: Int = 0
  /// DATA of the group that came in session 1.
  package var sessionOne: UInt64 = 0
  /// Packets that it sent.
  package var sent: UInt64 = 0

  /// Nothing.
  package init() {}
}

extension SentCounts {
  var detail: Detail {
    var detail = Detail()
    for (key, value) in fields { detail[key] = "\(value)" }
    return detail
  }

  private var fields: [(String, UInt64)] {
    [
      ("multicast", multicastData), ("repeated", repeatedData), ("unicast", unicastData),
      ("multicast_bytes", multicastBytes), ("unicast_bytes", unicastBytes), ("control_bytes", controlBytes),
    ]
  }

  init?(_ detail: Detail) {
    let numbers = SentCounts().fields.compactMap { detail.number($0.0, as: UInt64.self) }
    guard numbers.count == 6 else { return nil }
    (multicastData, repeatedData, unicastData) = (numbers[0], numbers[1], numbers[2])
    (multicastBytes, unicastBytes, controlBytes) = (numbers[3], numbers[4], numbers[5])
  }
}

extension HeardCounts {
  var detail: Detail {
    var detail = Detail()
    detail["multicast"] = "\(multicastBlocks)"
    detail["unicast"] = "\(unicastBlocks)"
    detail["duplicates"] = "\(duplicates)"
    detail["sessions"] = "\(sessions)"
    detail["session_one"] = "\(sessionOne)"
    detail["sent"] = "\(sent)"
    return detail
  }

  init?(_ detail: Detail) {
    guard let multicast = detail.number("multicast", as: UInt64.self),
      let unicast = detail.number("unicast", as: UInt64.self),
      let duplicates = detail.number("duplicates", as: UInt64.self),
      let sessions = detail.number("sessions", as: Int.self), sessions >= 0,
      let sessionOne = detail.number("session_one", as: UInt64.self), let sent = detail.number("sent", as: UInt64.self)
    else { return nil }
    (multicastBlocks, unicastBlocks, self.duplicates) = (multicast, unicast, duplicates)
    (self.sessions, self.sessionOne, self.sent) = (sessions, sessionOne, sent)
  }
}
