/// What a device lost of what the sender's capture shows: the device's packets are found among those that were sent.
///
/// Where IPv4 numbers its packets, a packet is known by its block and that number. Elsewhere blocks that were sent several
/// times are told apart by time: the clocks' difference is that of the last packet that was found.
package struct SentAndReceivedTransfer: Sendable {
  /// The most packets that a device may have that were not sent, as a share.
  private static let mostForeign = 0.01

  /// What became of the packets that were sent from the device's first packet to its last one.
  package let fates: PacketFates
  /// The packets that were sent before and after these: nobody knows whether the device listened.
  package let outside: Int
  /// Packets that the device has twice, or that were not sent.
  package let foreign: Int

  /// - Throws: an error if the captures are not of one transfer.
  package init(sent: TransferCapture, received: TransferCapture) throws(CaptureError) {
    let isWide = sent.isWide
    let useNumbers = Self.hasNumbers(sent) && Self.hasNumbers(received)
    func name(_ packet: TransferPacket) -> UInt64 {
      UInt64(packet.block(isWide: isWide)) << 16 | (useNumbers ? UInt64(packet.identification) : 0)
    }
    var places: [UInt64: [Int]] = [:]
    for (place, packet) in sent.packets.enumerated() { places[name(packet), default: []].append(place) }
    var clock: Double? = Self.clockDifference(sent, received, places, name)
    var fates = PacketFates()
    var (first, last): (Int?, Int?)
    var foreign = 0
    for packet in received.packets {
      guard let place = Self.place(of: packet, among: places[name(packet)] ?? [], (last ?? -1) + 1, sent, clock) else {
        foreign += 1
        continue
      }
      if let last {
        fates.append(
          lost: place - last - 1, shares: Self.shares(between: last, place, sent.packets), thenReceivedAt: packet.time)
      } else {
        first = place
        fates.append(lost: 0, thenReceivedAt: packet.time)
      }
      last = place
      if let there = packet.time, let here = sent.packets[place].time { clock = Double(there) - Double(here) }
    }
    guard let first, let last, Double(foreign) <= Self.mostForeign * Double(received.packets.count)
    else {
      throw CaptureError(
        "\(foreign) of its \(received.packets.count) packets are not among those that the sender sent: the captures are not of "
          + "one transfer, or that of the sender lacks packets")
    }
    self.fates = fates
    outside = sent.packets.count - (last - first + 1)
    self.foreign = foreign
  }

  /// Where packets were sent between two others, as shares of the time between these; nil if the sender's capture gives
  /// several of them one time, as one that is taken before they wait for their turn.
  private static func shares(between first: Int, _ last: Int, _ packets: [TransferPacket]) -> [Double]? {
    guard last > first + 1, let from = packets[first].time, let to = packets[last].time else { return nil }
    var (shares, before) = ([Double](), from)
    for packet in packets[first + 1..<last] {
      guard let time = packet.time, time > before, time < to else { return nil }
      shares.append((Double(time) - Double(from)) / (Double(to) - Double(from)))
      before = time
    }
    return shares
  }

  private static func hasNumbers(_ capture: TransferCapture) -> Bool {
    Set(capture.packets.map(\.identification)).count * 2 > min(capture.packets.count, 65_536)
  }

  /// The receiver's clock less the sender's, by blocks that were sent once: their median.
  private static func clockDifference(
    _ sent: TransferCapture, _ received: TransferCapture, _ places: [UInt64: [Int]],
    _ name: (TransferPacket) -> UInt64
  ) -> Double? {
    let differences = received.packets.compactMap { packet -> Double? in
      guard let place = places[name(packet)], place.count == 1, let there = packet.time,
        let here = sent.packets[place[0]].time
      else { return nil }
      return Double(there) - Double(here)
    }.sorted()
    return differences.isEmpty ? nil : differences[differences.count / 2]
  }

  /// The place of the packet among those that were sent, not before `after`: the nearest in time, or else the first.
  private static func place(
    of packet: TransferPacket, among places: [Int], _ after: Int, _ sent: TransferCapture, _ clock: Double?
  ) -> Int? {
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle] < after { low = middle + 1 } else { high = middle }
    }
    guard low < places.count else { return nil }
    guard let clock, let time = packet.time else { return places[low] }
    func distance(_ place: Int) -> Double? {
      sent.packets[place].time.map { abs(Double(time) - clock - Double($0)) }
    }
    var best = low
    // The sender's clock goes forward: the distance falls, and then grows.
    while best + 1 < places.count, let next = distance(places[best + 1]), let now = distance(places[best]), next < now {
      best += 1
    }
    return places[best]
  }
}
