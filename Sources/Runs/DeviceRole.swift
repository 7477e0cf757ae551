import PromotionEngine

/// The roles of a device by name, as in every output, whatever the protocol.
public enum DeviceRole: String, Hashable, Sendable, BitwiseCopyable, CaseIterable {
  case joining, active, passive, smart, complete, failed
  /// It has a unicast transfer of its own.
  case fetching
  /// It hears the group, which the server drives.
  case listening
  /// It sets the pace of the group (WDS).
  case master

  /// The role of a device of the promotion protocol.
  package init(_ role: RoleName) {
    self =
      switch role {
      case .joining: .joining
      case .active: .active
      case .passive: .passive
      case .smart: .smart
      case .complete: .complete
      case .failed: .failed
      }
  }

  /// What a device in this role does, as a timeline counts it.
  package enum Part: Hashable, Sendable {
    case joins, drives, listens, fetches, isComplete, hasFailed
  }

  /// What a device in this role does.
  package var part: Part {
    switch self {
    case .joining: .joins
    case .active, .master: .drives
    case .passive, .listening: .listens
    case .smart, .fetching: .fetches
    case .complete: .isComplete
    case .failed: .hasFailed
    }
  }
}
