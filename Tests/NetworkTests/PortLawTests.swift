import RandomStreams
import TestSupport
import Testing
import Timebase

@testable import Network

/// A port and a buffer against independent ways to work out the same (N10, N11).
@Suite struct PortLawTests {
  /// The frames of a busy stretch: when each comes, and its bytes.
  private static func frames(seed: UInt64) -> [(time: Int64, bytes: UInt64, toGroup: Bool)] {
    var stream = RandomStream(StreamKey(seed: seed, replication: 1, device: 0, purpose: .join))
    var time: Int64 = 0
    return (0..<400).map { _ in
      // Some come at the same instant, some after a pause that empties the port.
      time += Int64([0, 0, 700, 9_000, 120_000][Int(stream.uniform(upTo: 4))])
      return (time, 84 + stream.uniform(upTo: 1454), stream.uniform(upTo: 2) == 0)
    }
  }

  /// Lindley's recursion, and a queue that is counted anew for each frame from all that were taken before.
  @Test(arguments: UInt64(1)...8, [nil, 1, 3, 20] as [Int?])
  func departuresAreLindleys(seed: UInt64, limit: Int?) {
    let (rate, groupRate): (UInt64, UInt64) = (99_999_989, 24_000_000)
    var port = Port(
      bitsPerSecond: rate, multicastBitsPerSecond: groupRate, queueLimit: limit, watchesQueue: true)
    var taken: [(start: Int64, end: Int64)] = []
    var (dropped, most): (UInt64, Int) = (0, 0)
    for frame in Self.frames(seed: seed) {
      let waiting = taken.count { $0.start > frame.time }
      let departure = port.offer(
        bytes: frame.bytes, kind: .control(toGroup: frame.toGroup), at: Nanoseconds(frame.time))
      if let limit, waiting >= limit {
        dropped += 1
        #expect(departure == nil)
        continue
      }
      let start = max(frame.time, taken.last?.end ?? 0)
      let bits = Int64(frame.bytes) * 8 * 1_000_000_000
      let divisor = Int64(frame.toGroup ? groupRate : rate)
      let end = start + (bits + divisor - 1) / divisor
      taken.append((start, end))
      most = max(most, taken.count { $0.start > frame.time })
      expect(departure, equals: Nanoseconds(end))
    }
    expect(port.dropped, equals: dropped)
    #expect(limit == nil || dropped > 0)
    expect(port.mostWaiting, equals: most)
    let middle = Nanoseconds(taken[taken.count - 3].end)
    expect(port.totals(at: middle).frames, equals: UInt64(taken.count - 2))
    expect(port.totals(at: middle - Nanoseconds(1)).frames, equals: UInt64(taken.count - 3))
    let busy = taken.reduce(0) { $0 + $1.end - $1.start }
    expect(port.busy(until: .never), equals: Nanoseconds(busy))
  }

  /// Trains and single frames at random, each of them worked out before it comes. One port takes as much of a train as
  /// passes evenly in one step, the other one takes all frames one by one.
  @Test(arguments: [nil, 1, 2, 7, 40] as [Int?], [false, true])
  func aTrainPassesLikeItsFrames(limit: Int?, watchesQueue: Bool) {
    var stream = RandomStream(StreamKey(seed: 1, replication: 1, device: 0, purpose: .join))
    func draw<Value>(_ values: [Value]) -> Value { values[Int(stream.uniform(upTo: UInt64(values.count - 1)))] }
    var (taken, cut, behindOthers) = (0, 0, 0)
    for _ in 0..<100 {
      var port = Port(
        bitsPerSecond: 99_999_989, multicastBitsPerSecond: draw([nil, 24_000_000]), queueLimit: limit,
        watchesQueue: watchesQueue)
      var other = port
      var (present, arrival) = (Nanoseconds.zero, Nanoseconds.zero)
      for _ in 0..<12 {
        arrival = max(arrival, present) + Nanoseconds(draw([0, 700, 90_000, 30_000_000]))
        present = max(present, arrival - Nanoseconds(draw([0, 50_000, 1_000_000])))
        var train = Train(
          first: arrival, spacing: Nanoseconds(draw([0, 1, 60_000, 123_041, 500_000])), count: draw([1, 2, 5, 50]))
        let (bytes, kind) = (UInt64(draw([84, 1494, 1538])), draw([Port.Kind.unicastData, .control(toGroup: true)]))
        var departures = (0..<train.count).map {
          other.offer(bytes: bytes, kind: kind, at: train.time(of: $0), present: present)
        }
        let isBusy = port.freeAt > train.first
        let passage = port.passage(of: train, bytes: bytes, kind: kind)
        if passage.count > 1 {
          taken += 1
          if passage.count < train.count { cut += 1 }
          if isBusy { behindOthers += 1 }
          port.take(train, leavingAs: passage, bytes: bytes, kind: kind, present: present)
          #expect(Array(departures.prefix(passage.count)) == (0..<passage.count).map { passage.time(of: $0) })
          departures.removeFirst(passage.count)
          train = Train(
            first: train.time(of: passage.count), spacing: train.spacing, count: train.count - passage.count)
        }
        let rest = (0..<train.count).map {
          port.offer(bytes: bytes, kind: kind, at: train.time(of: $0), present: present)
        }
        #expect(rest == departures)
        arrival = max(arrival, train.last)
        #expect(port.freeAt == other.freeAt && port.dropped == other.dropped)
        #expect(port.mostWaiting == other.mostWaiting)
        #expect(port.taken == other.taken)
        let time = present + Nanoseconds(draw([0, 100_000, 2_000_000, 1_000_000_000]))
        #expect(port.busy(until: time) == other.busy(until: time))
        if draw([true, false]) {
          #expect(port.totals(at: present) == other.totals(at: present))
          #expect(port.kinds(stayingAt: present) == other.kinds(stayingAt: present))
        }
      }
      #expect(port.totals(at: .never) == other.totals(at: .never))
    }
    #expect(taken > 50)
    #expect((cut > 0) == (limit != nil))
    #expect((behindOthers > 0) == (limit != 1))
  }

  /// The level of the buffer falls by one byte in 8 ns × 10⁹ ÷ rate. It is kept as a number here, not as a time.
  @Test(arguments: UInt64(1)...8, [UInt64(1_538), 3_000, 20_000])
  func overrunsAreThoseOfALevelThatFalls(seed: UInt64, limit: UInt64) {
    let nanosecondsOfAByte: Int64 = 40  // 200 Mbit/s
    var buffer = ReceiveBuffer(ReceiverBuffer(bitsPerSecond: 200_000_000, bytes: limit))
    var level: Int64 = 0  // bytes × 40
    var (last, overruns): (Int64, Int) = (0, 0)
    for frame in Self.frames(seed: seed) {
      level = max(0, level - (frame.time - last))
      last = frame.time
      let read = buffer.take(payload: frame.bytes, at: Nanoseconds(frame.time))
      if level + Int64(frame.bytes) * nanosecondsOfAByte > Int64(limit) * nanosecondsOfAByte {
        overruns += 1
        #expect(read == nil)
      } else {
        level += Int64(frame.bytes) * nanosecondsOfAByte
        expect(read, equals: Nanoseconds(frame.time + level))
      }
    }
    #expect(overruns > 0)
  }

  /// N11: what fits by its bytes fits, whether a datagram takes whole nanoseconds or not: k of them that come at once, and the
  /// next one as soon as one of them has left.
  @Test(
    arguments: [1, 3, 6, 7, 8, 900] as [UInt64], [(136, 68, 2), (137, 68, 2), (135, 68, 1), (262_144, 1432, 183)])
  func whatFitsByItsBytesIsNoOverrun(megabits: UInt64, buffer sizes: (limit: UInt64, payload: UInt64, most: Int)) {
    var buffer = ReceiveBuffer(ReceiverBuffer(bitsPerSecond: megabits * 1_000_000, bytes: sizes.limit))
    var reads: [Nanoseconds] = []
    while reads.count <= sizes.most, let read = buffer.take(payload: sizes.payload, at: .zero) { reads.append(read) }
    expect(reads.count, equals: sizes.most)
    #expect(buffer.take(payload: sizes.payload, at: reads[0]) != nil)
    #expect(buffer.take(payload: sizes.payload, at: reads[0]) == nil)
  }

  /// N12: 65 468 bytes of UDP payload are 44 fragments of 1480 bytes and one of 356; a payload of 1472 bytes is one frame.
  @Test func datagramsAreCutAsRFC791Says() {
    let framing = Framing(mtu: 1500)
    expect(framing.frames(ofPayload: 1472), equals: Frames(before: 0, bytesBefore: 0, lastBytes: 1538))
    expect(framing.frames(ofPayload: 1473), equals: Frames(before: 1, bytesBefore: 1538, lastBytes: 84))
    expect(framing.frames(ofPayload: 65_468), equals: Frames(before: 44, bytesBefore: 1538, lastBytes: 414))
    // 577 - 20 is no multiple of 8: a fragment holds 552 bytes.
    expect(Framing(mtu: 577).frames(ofPayload: 1000), equals: Frames(before: 1, bytesBefore: 610, lastBytes: 514))
    expect(Framing(mtu: 9000).frames(ofPayload: 8196).count, equals: 1)
  }

  /// Only the fragments before the last one hold multiples of 8 bytes. At an MTU of 576 bytes that is 552, and the last
  /// one holds up to 556: with the header of UDP, 1100 bytes of payload just fit into two.
  @Test(arguments: [
    (mtu: UInt32(576), payload: UInt64(548), before: 0, bytesBefore: UInt64(0), last: UInt64(614)),
    (576, 549, 1, 610, 84), (576, 1100, 1, 610, 614), (576, 1101, 2, 610, 84),
    (577, 549, 0, 0, 615), (577, 550, 1, 610, 84), (577, 1101, 1, 610, 615), (577, 1102, 2, 610, 84),
    (1500, 1472, 0, 0, 1538), (1500, 1473, 1, 1538, 84), (1500, 2952, 1, 1538, 1538), (1500, 2953, 2, 1538, 84),
    (9000, 8972, 0, 0, 9038), (9000, 8973, 1, 9034, 84), (9000, 17_948, 1, 9034, 9038), (9000, 17_949, 2, 9034, 84),
    (9216, 9188, 0, 0, 9254), (9216, 9189, 1, 9250, 84), (9216, 18_380, 1, 9250, 9254), (9216, 18_381, 2, 9250, 84),
  ])
  func theLastFragmentIsAsLongAsTheMTULetsIt(
    mtu: UInt32, payload: UInt64, before: Int, bytesBefore: UInt64, last: UInt64
  ) {
    let frames = Framing(mtu: mtu).frames(ofPayload: payload)
    expect(frames, equals: Frames(before: before, bytesBefore: bytesBefore, lastBytes: last))
    expect(Framing(mtu: mtu).bytes(ofPayload: payload), equals: UInt64(before) * bytesBefore + last)
  }

  /// As a host cuts: while the rest does not fit, a multiple of 8 bytes goes before it.
  @Test(arguments: [UInt32(576), 577, 580, 583, 584, 1500, 1501, 9000, 9216])
  func datagramsAreCutAsAHostCutsThem(mtu: UInt32) {
    for payload in (UInt64(1)...65_470).filter({ $0 < 3000 || $0 % 97 == 0 }) {
      var (rest, before) = (payload + 8, 0)
      while rest > UInt64(mtu) - 20 {
        rest -= (UInt64(mtu) - 20) / 8 * 8
        before += 1
      }
      let frames = Framing(mtu: mtu).frames(ofPayload: payload)
      #expect(frames.count == before + 1 && frames.bytes(of: before) == max(84, rest + 58), "\(payload)")
    }
  }
}
