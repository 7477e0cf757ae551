import BlockTransfer
import Network
import Timebase

/// The server of a carousel: it sends the file round and round as long as a device is known that has not left.
struct CarouselServer: Sendable {
  /// What the network is to do.
  enum Effect: Sendable {
    case welcome(DeviceID, leavesAt: Nanoseconds)
    case data(BlockNumber, leavesAt: Nanoseconds)
    case roundBegan
    case roundEnded
  }

  private let settings: CarouselSettings
  /// Whether a device is known and has not left, by its number less one.
  private var isKnown: [Bool]
  private var known = 0
  private var pacer: Pacer
  /// The block that is sent next; nil while the server rests.
  private(set) var next: BlockNumber?
  /// Whole rounds since a device said something.
  private var quietRounds = 0
  /// Whether a device has said something in this round.
  private var hasHeard = false

  init(_ settings: CarouselSettings, devices: Int) {
    self.settings = settings
    isKnown = Array(repeating: false, count: devices)
    pacer = Pacer(rate: settings.pace)
  }

  /// When the next block is due; never while the server rests.
  var deadline: Nanoseconds { next == nil ? .never : pacer.due }

  mutating func receive(
    _ message: CarouselMessage, from device: DeviceID, at now: Nanoseconds, into effects: inout [Effect]
  ) {
    guard isKnown.indices.contains(Int(device) - 1) else { return }
    switch message {
    case .join:
      hasHeard = true
      if !isKnown[Int(device) - 1] { known += 1 }
      isKnown[Int(device) - 1] = true
      effects.append(.welcome(device, leavesAt: now + settings.service))
      if next == nil {
        pacer.start(at: now + settings.service)
        next = 1
      }
    case .leave:
      hasHeard = true
      if isKnown[Int(device) - 1] { known -= 1 }
      isKnown[Int(device) - 1] = false
      if known == 0 { rest(into: &effects) }
    case .data, .welcome: break
    }
  }

  private mutating func rest(into effects: inout [Effect]) {
    if let next, next > 1 { effects.append(.roundEnded) }
    next = nil
  }

  mutating func fire(at now: Nanoseconds, into effects: inout [Effect]) {
    guard let block = next, pacer.due <= now else { return }
    if block == 1 { effects.append(.roundBegan) }
    effects.append(.data(block, leavesAt: now))
    pacer.send(bytes: settings.bytesOnWire(of: block))
    guard block == settings.file.blocks else {
      next = block + 1
      return
    }
    effects.append(.roundEnded)
    quietRounds = hasHeard ? 0 : quietRounds + 1
    hasHeard = false
    next = 1
    if quietRounds > settings.retries { forgetEverybody() }
  }

  /// Nobody has said a word for `retries` + 1 rounds. Who still listens joins again after a silence.
  private mutating func forgetEverybody() {
    next = nil
    known = 0
    quietRounds = 0
    for index in isKnown.indices { isKnown[index] = false }
  }
}
