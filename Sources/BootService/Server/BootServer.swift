import BlockTransfer
import DequeModule
import PromotionEngine
import TFTPTransfer
import TFTPWire
import Timebase

/// A boot server without its sockets, files and clock: a value that takes datagrams and the time, and says what to do.
///
/// Who asks for `multicast` becomes a device of a group, with a ``PromotionEngine/Server`` for each group; who does not,
/// or can have none, is served alone by a ``TFTPTransfer/TransferSender``, any number of them at once. A transfer is
/// known by the client's address and port: all packets leave from one socket.
///
/// - `BootServer+Requests` judges requests,
/// - `BootServer+Transfers` drives plain transfers,
/// - `BootServer+Groups` opens and drives groups, and forgets them,
/// - `BootServer+MTFTP` has the groups of PXE's MTFTP,
/// - `BootServer+Deaf` serves a device alone that cannot hear its group,
/// - `BootServer+Strangers` answers packets that belong to nothing, and bounds that.
///
/// Its driver passes each datagram to ``receive(_:from:on:at:finding:into:)``, carries the effects out in their order,
/// and calls ``fire(at:into:)`` when ``deadline`` has come. Firing early or twice does nothing.
public struct BootServer: Sendable {
  /// What somebody who has sent a request is to the server.
  enum Peer: Hashable, Sendable, BitwiseCopyable {
    case transfer(TransferID)
    case member(DeviceID, of: GroupID)
  }

  /// What has a deadline.
  enum Timer: Hashable, Sendable, BitwiseCopyable {
    case transfer(TransferID)
    case group(GroupID)
  }

  /// How it behaves.
  public let settings: BootServerSettings
  var peers: [Client: Peer] = [:]
  var transfers: [TransferID: ServedTransfer] = [:]
  var lastTransfer: TransferID = 0
  var groups: [GroupID: ServedGroup] = [:]
  var groupOfKey: [GroupKey: GroupID] = [:]
  var lastGroup: GroupID = 0
  var addresses: AddressPool
  /// How many transfers and groups use a file.
  var uses: [FileID: Int] = [:]
  var agenda = Agenda<Timer>()
  var strangers: StrangerBudget
  /// Transfers in the order in which they began, and those whose clients have answered in the order of that. The first ones
  /// may have gone on or ended since.
  var begun: Deque<TransferID> = []
  var answered: Deque<TransferID> = []
  /// The instant of the input that is being taken.
  var now = Nanoseconds.zero

  /// A server that has heard nobody.
  public init(_ settings: BootServerSettings) {
    self.settings = settings
    addresses = AddressPool(settings.groups, without: Set(settings.mtftp.map(\.group.host)))
    strangers = StrangerBudget(settings)
  }

  /// When ``fire(at:into:)`` is to be called; ``Timebase/Nanoseconds/never`` if nothing is due. It may come early, and
  /// then is later afterwards.
  public var deadline: Nanoseconds { agenda.next }

  /// Takes a datagram.
  ///
  /// - Parameters:
  ///   - bytes: the datagram's payload, whatever it is.
  ///   - endpoint: where it came from.
  ///   - local: what it came to. Its answers leave from there.
  ///   - find: looks a file up. It is called at most once, for a request. What is found and not used is released at once.
  public mutating func receive(
    _ bytes: [UInt8], from endpoint: Endpoint, on local: LocalEnd = .tftp, at now: Nanoseconds,
    finding find: (String) -> FoundFile, into effects: inout [BootServerEffect]
  ) {
    // No host sends from such an address; an answer would go to many, or nowhere. And what was sent to all is no request
    // (RFC 1123 §4.2.3.5).
    guard !endpoint.host.isGroup, !endpoint.host.isUnspecified, endpoint.host != .broadcast, endpoint.port > 0,
      local.host.map({ !$0.isGroup && $0 != .broadcast }) ?? true
    else { return }
    self.now = now
    let client = Client(endpoint: endpoint, local: local)
    let peer = peers[client]
    let packet: Packet
    do throws(WireError) {
      packet = try Packet(decoding: bytes, blockNumbers: width(for: peer))
    } catch {
      // An ACK with numbers of 32 bits (R21) is one of a transfer that has ended.
      if peer == nil, let packet = try? Packet(decoding: bytes, blockNumbers: .bits32), case .acknowledgment = packet {
        return answerStranger(client, packet, at: now, into: &effects)
      }
      return refuse(client, isError: bytes.starts(with: [0, 5]), error, at: now, into: &effects)
    }
    switch (packet, peer) {
    case (.readRequest(let request), _): take(request, from: client, at: now, finding: find, into: &effects)
    case (_, .transfer(let id)): take(packet, in: id, at: now, into: &effects)
    case (_, .member(let device, let group)):
      take(packet, from: device, of: group, at: now, into: &effects)
    case (.acknowledgment(let block), nil) where local.service != .tftp:
      takeUnannounced(block, from: client, at: now, into: &effects)
    case (_, nil): answerStranger(client, packet, at: now, into: &effects)
    }
  }

  /// Does what is due at `now`.
  public mutating func fire(at now: Nanoseconds, into effects: inout [BootServerEffect]) {
    self.now = now
    while let timer = agenda.takeDue(at: now) {
      switch timer {
      case .transfer(let id): fire(transfer: id, at: now, into: &effects)
      case .group(let id): fire(group: id, at: now, into: &effects)
      }
    }
  }

  /// Ends everything that is about a file that changed: what was sent of it and what would be do not fit together.
  public mutating func fileChanged(_ file: FileID, at now: Nanoseconds, into effects: inout [BootServerEffect]) {
    self.now = now
    end(saying: "the file has changed", at: now, into: &effects) { $0 == file }
  }

  /// Ends everything, with a reason that clients are told in an ERROR 0.
  public mutating func stop(saying reason: String, at now: Nanoseconds, into effects: inout [BootServerEffect]) {
    self.now = now
    end(saying: reason, at: now, into: &effects) { _ in true }
  }

  private mutating func end(
    saying reason: String, at now: Nanoseconds, into effects: inout [BootServerEffect],
    where isEnded: (FileID) -> Bool
  ) {
    for id in transfers.keys.sorted() where transfers[id].map({ isEnded($0.file) }) == true {
      cancel(transfer: id, saying: reason, at: now, into: &effects)
    }
    for id in groups.keys.sorted() where groups[id].map({ isEnded($0.key.file) }) == true {
      cancel(group: id, saying: reason, at: now, into: &effects)
    }
  }

  /// The width of block numbers in a peer's packets.
  private func width(for peer: Peer?) -> BlockNumberWidth {
    switch peer {
    case .transfer(let id): transfers[id]?.sender.terms.accepted.blockNumbers ?? .bits16
    case .member(_, let group): groups[group]?.context.blockNumbers ?? .bits16
    case nil: .bits16
    }
  }

  /// One more user of a file.
  mutating func retain(_ file: FileID) { uses[file, default: 0] += 1 }

  /// One user less; without any the driver may close it.
  mutating func release(_ file: FileID, into effects: inout [BootServerEffect]) {
    guard let count = uses[file], count > 1 else {
      uses[file] = nil
      return effects.append(.release(file))
    }
    uses[file] = count - 1
  }

  /// Sends an ERROR of the server's own words.
  mutating func sendError(
    _ code: ErrorCode, _ words: String, to client: Client, into effects: inout [BootServerEffect]
  ) {
    send(.error(code: code, message: words), width: .bits16, to: client, into: &effects)
  }

  /// Sends a packet that is not DATA. All that the server says to a single client goes this way, so strangers' shares are
  /// kept here.
  mutating func send(
    _ packet: Packet, as kind: StrangerBudget.Kind = .answer, width: BlockNumberWidth, to client: Client,
    into effects: inout [BootServerEffect]
  ) {
    // What the server makes itself can be written: only words from outside could not, and they are not sent.
    guard let bytes = try? packet.encoded(blockNumbers: width), maySend(kind, of: bytes.count, to: client)
    else { return }
    effects.append(.send(bytes, to: client.endpoint, from: client.local))
  }
}
