import BlockTransfer
import PromotionEngine
import TFTPTransfer
import TFTPWire

/// The number of a group that a server opened, from 1.
public typealias GroupID = UInt32

/// The number of a plain transfer that a server began, from 1.
public typealias TransferID = UInt32

/// A group as it was opened.
public struct GroupDescription: Hashable, Sendable {
  /// The name by which its first device asked for the file.
  public var fileName: String
  /// The file in its blocks.
  public var layout: FileLayout
  /// What its devices have in common.
  public var terms: GroupTerms
  /// The multicast mode.
  public var mode: MulticastMode
  /// The group's address and port.
  public var address: Endpoint

  /// A group of its parts.
  public init(fileName: String, layout: FileLayout, terms: GroupTerms, mode: MulticastMode, address: Endpoint) {
    self.fileName = fileName
    self.layout = layout
    self.terms = terms
    self.mode = mode
    self.address = address
  }
}

/// A plain transfer as it began.
public struct TransferDescription: Hashable, Sendable {
  /// The client.
  public var client: Endpoint
  /// The file's name as the client wrote it.
  public var fileName: String
  /// What was agreed on.
  public var terms: TransferTerms

  /// A transfer of its parts.
  public init(client: Endpoint, fileName: String, terms: TransferTerms) {
    self.client = client
    self.fileName = fileName
    self.terms = terms
  }
}

/// Why a plain transfer is over.
public enum TransferClosing: Hashable, Sendable, BitwiseCopyable {
  /// It ended by itself, or one of its ends ended it.
  case ended(TransferEnd)
  /// The client asked anew.
  case replaced
}

/// Why a device is in its group no longer.
public enum DeviceLeaving: Hashable, Sendable, BitwiseCopyable {
  /// It sent ERROR.
  case gaveUp(ErrorCode)
  /// It asked for another file, for other terms, or for no group.
  case askedForOther
  /// It does not hear the group, and is served alone from now on.
  case servedAlone
}

/// What happened at a server: for logs, metrics and results.
///
/// Devices have numbers within their group, from 1, in the order in which they asked first. One that asks again from
/// another port is another device.
public enum ServerEvent: Hashable, Sendable {
  /// A group was opened, for the first device that asked on its terms.
  case groupOpened(GroupID, GroupDescription)
  /// A group was forgotten: nobody of it was heard for long, or its file changed, or the server stops.
  case groupClosed(GroupID)
  /// A device asked to join, for the first time.
  case joined(DeviceID, of: GroupID, Endpoint, knowsPromotion: Bool)
  /// A device repeated its request: it has not heard the answer.
  case askedAgain(DeviceID, of: GroupID)
  /// The server takes a device for something else than before.
  case standing(DeviceID, of: GroupID, StandingName)
  /// A device's gap report arrived (R10).
  case reported(DeviceID, of: GroupID, GapReport)
  /// A device left.
  case left(DeviceID, of: GroupID, DeviceLeaving)
  /// The wait for the first session is over (R22).
  case started(GroupID)
  /// A session has its active device. Sessions count from 1.
  case sessionOpened(GroupID, session: UInt32, active: DeviceID)
  /// The active device's first packet of the session arrived.
  case sessionBegan(GroupID, session: UInt32)
  /// A session ended.
  case sessionEnded(GroupID, session: UInt32, SessionEnd)
  /// DATA `first…last` was queued for the group.
  case sentToGroup(GroupID, first: BlockNumber, last: BlockNumber, payloadBytes: UInt64)
  /// DATA of a block was queued for a device alone.
  case sentToDevice(DeviceID, of: GroupID, block: BlockNumber, payloadBytes: UInt64)
  /// A packet that is no DATA was queued for the group, or for one of its devices.
  case told(GroupID, payloadBytes: Int)
  /// A plain transfer began.
  case transferBegan(TransferID, TransferDescription)
  /// DATA `first…last` was queued for a client.
  case transferSent(TransferID, first: BlockNumber, last: BlockNumber, payloadBytes: UInt64)
  /// A plain transfer is over.
  case transferEnded(TransferID, TransferClosing)
  /// A request was refused.
  case refused(Endpoint, fileName: String, ErrorCode, reason: String)
  /// A packet came that belongs to nothing, or is none.
  case stray(Endpoint)
}
