import Timebase

/// Several laws of loss on one path (N13). Every packet is offered to each of them, and is lost if one of them takes it.
@usableFromInline
struct LossList: ClockedLaw {
  private var members: [LossProcess]
  @usableFromInline private(set) var lossIsInBurst = false

  init(_ members: [LossProcess]) { self.members = members }

  /// Whether one of them goes by time.
  var hasClock: Bool { members.contains(where: \.hasClock) }

  @usableFromInline var hasOutlivedTrace: Bool { members.contains(where: \.hasOutlivedTrace) }

  @usableFromInline
  mutating func loses(at time: Nanoseconds) -> Bool {
    var isLost = false
    lossIsInBurst = false
    for index in members.indices where members[index].loses(at: time) { noteLoss(by: index, &isLost) }
    return isLost
  }

  @usableFromInline
  mutating func outlook(at time: Nanoseconds) -> LossOutlook {
    var outlook = LossOutlook(frames: .max, until: .never)
    lossIsInBurst = false
    for index in members.indices {
      let member = members[index].outlook(at: time)
      outlook.frames = min(outlook.frames, member.frames)
      outlook.until = min(outlook.until, member.until)
      if member.areLost { noteLoss(by: index, &outlook.areLost) }
    }
    return outlook
  }

  private mutating func noteLoss(by member: Int, _ isLost: inout Bool) {
    isLost = true
    if members[member].lossIsInBurst { lossIsInBurst = true }
  }

  @usableFromInline
  mutating func skip(_ frames: UInt64) {
    for index in members.indices { members[index].skip(frames) }
  }

  /// Offers the next packet, and those after it that pass for sure, where no law goes by time.
  mutating func drawStretch() -> (passing: UInt64, losing: UInt64) {
    if loses(at: .zero) { return (0, 1) }
    let sure = outlook(at: .zero).frames
    skip(sure)
    return (sure == .max ? sure : sure + 1, 0)
  }
}
