import Network

extension DeviceStory {
  /// Where packets that a device did not get were stopped, or the blocks in them, and how many.
  public struct Losses: Hashable, Sendable {
    /// A place on the way to the device, in which one thing stops packets.
    public enum Place: Hashable, Sendable {
      /// The loss of the device's own path.
      case ownPath
      /// The loss before the fan-out (`shared_loss`).
      case beforeFanOut
      /// The full queue of the uplink.
      case queue
      /// A segment, by its index in the configuration, with what it did (N10).
      case segment(Int, StopCause)
      /// The full queue of the device's own link (N10).
      case link
      /// The device's buffer, which had no room (N11).
      case buffer
    }

    /// What did not pass one segment, for one reason (N10).
    public struct AtSegment: Hashable, Sendable {
      /// The segment's index in the configuration.
      public var segment: Int
      /// Why.
      public var cause: StopCause
      /// How many.
      public var count: Int
      /// How many of them a loss in the bad state of a chain took.
      public var inBurst = 0
    }

    /// Lost on the device's own path.
    public var ownPath = 0
    /// How many of those were lost in the bad state of a chain.
    public var ownPathInBurst = 0
    /// Lost before the fan-out.
    public var beforeFanOut = 0
    /// How many of those were lost in the bad state of a chain.
    public var beforeFanOutInBurst = 0
    /// Dropped at the full queue of the uplink.
    public var queue = 0
    /// Lost or dropped at a segment, in the order of the configuration.
    public var atSegments: [AtSegment] = []
    /// Dropped at the full queue of the device's own link (N10).
    public var link = 0
    /// Without room in the device's buffer (N11).
    public var buffer = 0

    /// All of them.
    public var count: Int { atSegments.reduce(ownPath + beforeFanOut + queue + link + buffer) { $0 + $1.count } }

    /// Counts one more.
    mutating func count(at place: Place, isInBurst: Bool) {
      let inBurst = isInBurst ? 1 : 0
      switch place {
      case .ownPath: (ownPath, ownPathInBurst) = (ownPath + 1, ownPathInBurst + inBurst)
      case .beforeFanOut: (beforeFanOut, beforeFanOutInBurst) = (beforeFanOut + 1, beforeFanOutInBurst + inBurst)
      case .queue: queue += 1
      case .link: link += 1
      case .buffer: buffer += 1
      case .segment(let segment, let cause):
        add(AtSegment(segment: segment, cause: cause, count: 1, inBurst: inBurst))
      }
    }

    private mutating func add(_ stop: AtSegment) {
      if let index = atSegments.firstIndex(where: { $0.segment == stop.segment && $0.cause == stop.cause }) {
        atSegments[index].count += stop.count
        atSegments[index].inBurst += stop.inBurst
      } else {
        let place = atSegments.firstIndex {
          $0.segment > stop.segment || $0.segment == stop.segment && stop.cause == .loss
        }
        atSegments.insert(stop, at: place ?? atSegments.endIndex)
      }
    }

    /// None.
    public init() {}

    /// Those of both.
    public static func + (some: Losses, others: Losses) -> Losses {
      var all = some
      all.ownPath += others.ownPath
      all.ownPathInBurst += others.ownPathInBurst
      all.beforeFanOut += others.beforeFanOut
      all.beforeFanOutInBurst += others.beforeFanOutInBurst
      all.queue += others.queue
      for stop in others.atSegments { all.add(stop) }
      all.link += others.link
      all.buffer += others.buffer
      return all
    }
  }

  /// Why the device misses blocks. A block that is missing for several reasons counts for the first of them.
  public struct Causes: Hashable, Sendable {
    /// A packet with the block was stopped on the way: one to the device alone, or one to the group, while the device
    /// listened or because nobody gets it.
    public var losses = Losses()
    /// Sent to the group only while the device did not listen.
    public var notListening = 0
    /// Not sent yet, or still under way.
    public var notSent = 0

    /// All of them.
    public var count: Int { losses.count + notListening + notSent }
  }
}
