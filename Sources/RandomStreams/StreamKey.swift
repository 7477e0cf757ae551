/// What a stream of random numbers is drawn for: draws of one purpose never shift another's.
public enum Purpose: UInt8, Sendable, CaseIterable {
  case downLoss = 1
  case upLoss
  case downLossParameters
  case upLossParameters
  case latency
  case downJitter
  case upJitter
  case join
  case leave
  case reportDelay
  case sharedLoss
  case sharedLossParameters
}

/// The name of a stream of random numbers: the same key gives the same numbers, whatever else is drawn.
public struct StreamKey: Hashable, Sendable {
  /// The seed of the whole experiment.
  public var seed: UInt64
  /// The replication, counted from 1.
  public var replication: UInt32
  /// The device, counted from 1; 0 for what all devices share.
  public var device: UInt32
  /// What is drawn.
  public var purpose: Purpose

  /// Names a stream.
  public init(seed: UInt64, replication: UInt32, device: UInt32, purpose: Purpose) {
    self.seed = seed
    self.replication = replication
    self.device = device
    self.purpose = purpose
  }
}
