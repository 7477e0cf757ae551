import PromotionRun
import Runs

typealias TracedSubject = TracedEvent.Subject

extension TracedSubject {
  /// The subject with this name in a log; nil if there is none.
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
