import BlockTransfer

/// Where in the network packets are captured.
public enum CapturePoint: Hashable, Sendable {
  /// At the server: what its uplink took, and what arrives.
  case server
  /// At a device: what arrives, and what it sends.
  case device(DeviceID)
  /// What the group was sent.
  case group
}

extension CapturePoint: CustomStringConvertible, LosslessStringConvertible {
  /// Reads `server`, `group`, or `device:17`.
  public init?(_ text: String) {
    switch text {
    case "server": self = .server
    case "group": self = .group
    default:
      let prefix = "device:"
      guard text.hasPrefix(prefix), let device = DeviceID(text.dropFirst(prefix.count)), device > 0 else { return nil }
      self = .device(device)
    }
  }

  /// As it is read.
  public var description: String {
    switch self {
    case .server: "server"
    case .device(let device): "device:\(device)"
    case .group: "group"
    }
  }
}
