import Timebase

/// Several laws of loss on one path (N13). Every packet is offered to each of them, and is lost if one of them takes it.
@usableFromInline
struct LossList: ClockedLaw {
  private var members: [LossProcess]

  init(_ members: [LossProcess]) { self.members = members }

  /// Whether one of them goes by time.
  var hasClock: Bool { members.contains(where: \.hasClock) }

  @usableFromInline var hasOutlivedTrace: Bool { members.contains(where: \.hasOutlivedTrace) }

  @usableFromInline
  mutating func loses(at time: Nanoseconds) -> Bool {
    var isLost = false
    for index in members.indices where members[index].loses(at: time) { isLost = true }
    return isLost
  }

  @usableFromInline
  mutating func sureToPass(at time: Nanoseconds) -> (frames: UInt64, until: Nanoseconds) {
    var sure = (frames: UInt64.max, until: Nanoseconds.never)
    for index in members.indices {
      let member = members[index].sureToPass(at: time)
      sure = (min(sure.frames, member.frames), min(sure.until, member.until))
    }
    return sure
  }

  @usableFromInline
  mutating func skip(_ frames: UInt64) {
    for index in members.indices { members[index].skip(frames) }
  }

  /// Offers the next packet, and those after it that pass for sure, where no law goes by time.
  mutating func drawStretch() -> (passing: UInt64, losing: UInt64) {
    if loses(at: .zero) { return (0, 1) }
    let sure = sureToPass(at: .zero).frames
    skip(sure)
    return (sure == .max ? sure : sure + 1, 0)
  }
}
