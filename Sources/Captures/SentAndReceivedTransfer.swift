/// What a device lost of what the sender's capture shows: the device's packets are found among those that were sent.
///
/// Where IPv4 numbers its packets, a packet is known by its block and that number, in whatever order it came. Elsewhere
/// packets count as sent in the order in which they came, and blocks that were sent several times are told apart by time:
/// the clocks' difference is that of the last packet that was found.
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
    var arrivals: [(place: Int, time: Int64?)] = []
    arrivals.reserveCapacity(received.packets.count)
    var arrived = [Bool](repeating: false, count: useNumbers ? sent.packets.count : 0)
    var (unsent, twice) = (0, 0)
    for packet in received.packets {
      let (candidates, next) = (places[name(packet)] ?? [], (arrivals.last?.place ?? -1) + 1)
      let place: Int
      if useNumbers {
        guard let nearest = Self.nearest(to: packet, among: candidates, around: next, sent, clock) else {
          unsent += 1
          continue
        }
        guard let free = Self.free(candidates, around: nearest, arrived) else {
          twice += 1
          continue
        }
        place = candidates[free]
        arrived[place] = true
      } else {
        guard let found = Self.place(of: packet, among: candidates, next, sent, clock) else {
          unsent += 1
          continue
        }
        place = found
      }
      arrivals.append((place, packet.time))
      if let there = packet.time, let here = sent.packets[place].time { clock = Double(there) - Double(here) }
    }
    arrivals.sort { $0.place < $1.place }
    guard let first = arrivals.first, let last = arrivals.last,
      Double(unsent) <= Self.mostForeign * Double(received.packets.count)
    else {
      throw CaptureError(
        "\(unsent) of its \(received.packets.count) packets are not among those that the sender sent: the captures are not of "
          + "one transfer, or that of the sender lacks packets")
    }
    var fates = PacketFates()
    var before: Int?
    for (place, time) in arrivals {
      fates.append(
        lost: before.map { place - $0 - 1 } ?? 0,
        shares: before.flatMap { Self.shares(between: $0, place, sent.packets) }, thenReceivedAt: time)
      before = place
    }
    self.fates = fates
    outside = sent.packets.count - (last.place - first.place + 1)
    foreign = unsent + twice
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
    let low = places.firstIndex(notBefore: after)
    guard low < places.count else { return nil }
    guard let away = distance(to: packet, among: places, sent, clock) else { return places[low] }
    return places[descend(from: low, by: 1, in: places.indices, away)]
  }
}

// MARK: - By number

extension SentAndReceivedTransfer {
  /// IPv4 counts its packets with 16 bits: one that is nearer than half a turn to another with its number is no later one.
  private static let halfATurn = 32_768
  /// How many places are looked at on either side.
  private static let mostLooks = 8

  /// The index of the place that is nearest to the packet, in time, or else to the place at which it is expected; nil if
  /// there is none. The number comes round, and then the same block may have it again.
  private static func nearest(
    to packet: TransferPacket, among places: [Int], around expected: Int, _ sent: TransferCapture, _ clock: Double?
  ) -> Int? {
    guard !places.isEmpty else { return nil }
    var index = min(places.firstIndex(notBefore: expected), places.count - 1)
    if index > 0, expected - places[index - 1] < places[index] - expected { index -= 1 }
    guard let away = distance(to: packet, among: places, sent, clock) else { return index }
    let later = descend(from: index, by: 1, in: places.indices, away)
    return later > index ? later : descend(from: index, by: -1, in: places.indices, away)
  }

  /// The index of the place nearest to that one, within half a turn of the numbers, from which nothing has arrived; nil if
  /// the packet came twice.
  ///
  /// A sender has few places of one name within a turn. Only a capture that was made up has many, and they are not looked
  /// through for each packet.
  private static func free(_ places: [Int], around nearest: Int, _ arrived: [Bool]) -> Int? {
    func distance(_ index: Int) -> UInt { (places[index] - places[nearest]).magnitude }
    let near = max(0, nearest - mostLooks)...min(places.count - 1, nearest + mostLooks)
    return near.filter { distance($0) < halfATurn && !arrived[places[$0]] }.min { distance($0) < distance($1) }
  }

  /// How far the packets at some places are from when the packet was sent; nil if its capture has no times.
  private static func distance(
    to packet: TransferPacket, among places: [Int], _ sent: TransferCapture, _ clock: Double?
  ) -> ((Int) -> Double?)? {
    guard let clock, let time = packet.time else { return nil }
    return { sent.packets[places[$0]].time.map { abs(Double(time) - clock - Double($0)) } }
  }

  /// The index in a direction up to which the distance falls: the sender's clock goes forward, so it falls, and then grows.
  private static func descend(
    from start: Int, by step: Int, in indices: Range<Int>, _ distance: (Int) -> Double?
  ) -> Int {
    var best = start
    while indices.contains(best + step), let next = distance(best + step), let now = distance(best), next < now {
      best += step
    }
    return best
  }
}

extension [Int] {
  /// The index of the first number that is not below a bound, of ascending numbers; the end if there is none.
  fileprivate func firstIndex(notBefore bound: Int) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < bound { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
