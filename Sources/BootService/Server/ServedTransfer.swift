import TFTPTransfer
import TFTPWire
import Timebase

/// A plain transfer to one client, as a server keeps it.
struct ServedTransfer: Sendable {
  let client: Client
  /// What the client asked for. The same once more is a repeat.
  let request: ReadRequest
  let file: FileID
  var settings: TransferSender.Settings
  var sender: TransferSender
  /// When the client was last heard.
  var heardAt: Nanoseconds
  /// Whether the client has acknowledged anything. Its request once more is no repeat then.
  var hasAnswered = false
  /// When an ACK that acknowledges no DATA was last answered by DATA.
  var openedAt: Nanoseconds?
  /// Whether the client has acknowledged DATA that it was sent. Until then its address may be forged.
  var isProven = false
  /// When an ended transfer is forgotten. Until then a packet that comes late is no stranger's.
  var forgottenAt = Nanoseconds.never

  /// When something is due.
  var deadline: Nanoseconds { sender.end == nil ? sender.deadline(under: settings) : forgottenAt }
}

/// One end that the server talks to: a port of a host, by one of the server's ends.
struct Client: Hashable, Sendable, BitwiseCopyable {
  var endpoint: Endpoint
  var local: LocalEnd
}
