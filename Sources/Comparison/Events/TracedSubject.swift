import PromotionRun

typealias TracedSubject = TracedEvent.Subject

extension TracedSubject {
  /// The subject that is called so in a log; nil if none is.
  init?(words: String) {
    switch words {
    case "server": self = .server
    case "uplink": self = .uplink
    default:
      guard words.hasPrefix("device "), let device = UInt32(words.dropFirst("device ".count)) else { return nil }
      self = .device(device)
    }
  }
}
