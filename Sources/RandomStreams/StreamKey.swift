/// What a stream of random numbers is used for. Draws of one purpose never shift those of another.
public enum Purpose: UInt8, Sendable, CaseIterable {
  /// Loss from the server to a device.
  case downLoss = 1
  /// Loss from a device to the server.
  case upLoss
  /// The parameters of the law of the downward loss.
  case downLossParameters
  /// The parameters of the law of the upward loss.
  case upLossParameters
  /// The latency of a path.
  case latency
  /// Jitter from the server to a device.
  case downJitter
  /// Jitter from a device to the server.
  case upJitter
  /// When a device is switched on.
  case join
  /// When a device is switched off.
  case leave
  /// Delays of gap reports.
  case reportDelay
  /// Loss before the fan-out.
  case sharedLoss
  /// The parameters of the law of the shared loss.
  case sharedLossParameters
  /// The fates of the packets inside a state of the downward loss.
  case downLossFates
  /// The fates of the packets inside a state of the upward loss.
  case upLossFates
  /// The fates of the packets inside a state of the shared loss.
  case sharedLossFates
}

/// The name of a stream of random numbers. The same key gives the same numbers, whatever else is drawn.
public struct StreamKey: Hashable, Sendable {
  /// The seed of the whole experiment.
  public var seed: UInt64
  /// The replication, counted from 1.
  public var replication: UInt32
  /// The device, counted from 1; 0 for what all devices share.
  public var device: UInt32
  /// What is drawn.
  public var purpose: Purpose
  /// One of several streams for the same; 0 if there is only one.
  public var part: UInt8

  /// Names a stream.
  public init(seed: UInt64, replication: UInt32, device: UInt32, purpose: Purpose, part: UInt8 = 0) {
    self.part = part
    self.seed = seed
    self.replication = replication
    self.device = device
    self.purpose = purpose
  }
}
