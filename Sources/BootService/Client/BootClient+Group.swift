import BlockTransfer
import PromotionEngine
import TFTPWire
import Timebase

// A device of a group: by promotion, by RFC 2090 alone, or by MTFTP.
extension BootClient {
  /// R17: nothing is asked. The client listens to a group that it knows.
  mutating func beginMTFTP(_ terms: MTFTPTerms, at now: Nanoseconds, into effects: inout [ClientEffect]) {
    deviceSettings.parameters.mode = .pxeMTFTP
    deviceSettings.parameters.wideBlockNumbers = false
    let blockSize = deviceSettings.parameters.blockSize
    guard let file = FileLayout(size: terms.size, blockSize: blockSize),
      file.blocks <= BlockNumberWidth.bits16.largestBlock
    else { return fail(.tooManyBlocks(blockSize: blockSize), at: now, into: &effects) }
    deviceSettings.file = file
    let granted = ClientTerms(way: .mtftp, size: terms.size, blockSize: blockSize, group: terms.group)
    self.terms = granted
    effects.append(.event(.granted(granted), at: now))
    doing = .joining(terms.group, nil)
    effects.append(.join(terms.group))
  }

  /// The driver has joined the group that it was told to join.
  public mutating func joined(at now: Nanoseconds, into effects: inout [ClientEffect]) {
    guard case .joining(let group, let acceptance) = doing else { return }
    doing = .inGroup(group)
    heardAt = now
    effects.append(.event(.joined(group), at: now))
    if let acceptance {
      device.receive(.acceptance(acceptance), by: .unicast, at: now, under: deviceSettings, into: &deviceEffects)
    } else {
      device.switchOn(at: now, under: deviceSettings, into: &deviceEffects)
    }
    applyDeviceEffects(at: now, ifFailed: .silent, into: &effects)
  }

  /// The driver can't join the group. The file may still come by unicast.
  public mutating func notJoined(_ reason: String, at now: Nanoseconds, into effects: inout [ClientEffect]) {
    guard case .joining = doing else { return }
    sendError(.undefined, "the group can not be joined", into: &effects)
    if settings.mode == .auto {
      ask(.transfer, at: now, into: &effects)
    } else {
      fail(.notJoined(reason), at: now, into: &effects)
    }
  }

  /// An OACK after the first one.
  mutating func takeGroupOptions(
    _ options: Options, by addressing: Addressing, at now: Nanoseconds, into effects: inout [ClientEffect]
  ) {
    guard let message = Message(laterAnswer: options) else { return }
    switch message {
    case .acceptance(let acceptance) where !device.isComplete:
      guard acceptance.file == device.file else {
        sendError(.undefined, "the file has changed", into: &effects)
        return fail(.wrongSize, at: now, into: &effects)
      }
      if moves(to: options, acceptance, into: &effects) { return }
    case .check(let session) where session > sessionsEnded:
      sessionsEnded = session
      effects.append(.event(.sessionEnded(session), at: now))
    default: break
    }
    device.receive(message, by: addressing, at: now, under: deviceSettings, into: &deviceEffects)
    applyDeviceEffects(at: now, ifFailed: .silent, into: &effects)
  }

  /// A server that was asked anew may have another group by now. True if the client must join that first.
  private mutating func moves(
    to options: Options, _ acceptance: Acceptance, into effects: inout [ClientEffect]
  ) -> Bool {
    guard case .inGroup(let group) = doing, case .reply(let address?, let port?, _) = options.multicast,
      let host = HostAddress(address), host.isGroup, Endpoint(host: host, port: port) != group
    else { return false }
    let next = Endpoint(host: host, port: port)
    effects.append(.leave(group))
    doing = .joining(next, acceptance)
    effects.append(.join(next))
    return true
  }

  mutating func takeGroupData(
    _ block: BlockNumber, _ payload: Range<Int>, by addressing: Addressing, at now: Nanoseconds,
    into effects: inout [ClientEffect]
  ) {
    guard let file = device.file, 1...file.blocks ~= block, payload.count == Int(file.bytes(of: block)) else {
      counts.malformed += 1
      return
    }
    guard addressing == .unicast || device.listens(at: now, under: deviceSettings) else { return }
    if addressing == .multicast {
      countGroupData()
      heardAt = now
    }
    if device.gaps.contains(block) {
      roleBefore = device.role
      heardAt = now
      counts.bytes += UInt64(payload.count)
      if addressing == .multicast { counts.multicastBlocks += 1 } else { counts.unicastBlocks += 1 }
      effects.append(.write(offset: UInt64(block - 1) * UInt64(file.blockSize), payload: payload))
    } else {
      counts.duplicates += 1
    }
    device.receive(.data(block), by: addressing, at: now, under: deviceSettings, into: &deviceEffects)
    applyDeviceEffects(at: now, ifFailed: .silent, into: &effects)
  }

  private mutating func countGroupData() {
    counts.multicastData += 1
    if sessionsEnded == 0 { counts.firstSessionData += 1 }
    guard heardAfter != sessionsEnded else { return }
    heardAfter = sessionsEnded
    counts.sessions += 1
  }

  /// - Parameter failure: why the device has failed, if it has.
  mutating func applyDeviceEffects(
    at now: Nanoseconds, ifFailed failure: ClientFailure, into effects: inout [ClientEffect]
  ) {
    var hasFailed = false
    for effect in deviceEffects {
      switch effect {
      case .send(let message, _): send(message, at: now, into: &effects)
      case .drawReportDelay:
        effects.append(.drawReportDelay(atMost: deviceSettings.parameters.promotion.reportWindow))
      case .checked(let figures): effects.append(.event(.checked(figures), at: now))
      case .entered(.failed): hasFailed = true
      case .entered(let role):
        effects.append(.event(.entered(role), at: now))
        if role == .complete, let file = device.file {
          effects.append(.event(.completed(size: file.size), at: now))
        }
      }
    }
    deviceEffects.removeAll(keepingCapacity: true)
    if hasFailed { deviceFailed(failure, at: now, into: &effects) } else { settle(at: now, into: &effects) }
  }

  private mutating func send(_ message: Message, at now: Nanoseconds, into effects: inout [ClientEffect]) {
    let context = WireContext(fileName: settings.fileName, parameters: deviceSettings.parameters)
    var destination = peer ?? settings.server
    switch message {
    case .request:
      destination = settings.server
      peerMayChange = true
      groupSender = nil
      effects.append(.event(.requested, at: now))
    case .report: counts.reports += 1
    case .open:
      destination = settings.server
      groupSender = nil
    case .data, .acknowledgment, .acceptance, .check, .notActive, .smart, .wait, .elected, .error: break
    }
    send(message.packet(in: context), context.blockNumbers, to: destination, into: &effects)
  }

  /// Where multicast does not get through, unicast may.
  private mutating func deviceFailed(
    _ failure: ClientFailure, at now: Nanoseconds, into effects: inout [ClientEffect]
  ) {
    if case .inGroup = doing, settings.mode == .auto, failure == .silent, counts.bytes == 0 {
      sendError(.undefined, "nothing of the group arrives", into: &effects)
      return ask(.transfer, at: now, into: &effects)
    }
    fail(failure, at: now, into: &effects)
  }

  /// Ends when nothing is left to do for the group.
  private mutating func settle(at now: Nanoseconds, into effects: inout [ClientEffect]) {
    guard case .inGroup = doing, device.isComplete else { return }
    switch device.state.activity {
    case .done, .failed:
      // Only a passive device is asked again by the server (R15).
      guard roleBefore == .passive, terms?.way != .mtftp else { return finish(.complete, at: now, into: &effects) }
      leaveGroup(into: &effects)
      doing = .dallying(until: now.later(by: settings.dally))
    case .listening, .opening, .aboutToOpen, .listeningFirst:
      // In MTFTP a passive device has nobody to tell.
      if terms?.way == .mtftp { finish(.complete, at: now, into: &effects) }
    case .off, .joining, .entering, .asking, .awaiting, .aboutToReport, .reporting, .fetching: return
    }
  }
}

extension Message {
  /// What an OACK to a client of a group means. Servers of RFC 2090 may repeat all options or a size of 0 with the one
  /// that counts.
  fileprivate init?(laterAnswer options: Options) {
    if case .reply(_, _, let isActive) = options.multicast, options.promotion == nil, (options.transferSize ?? 0) == 0 {
      self = isActive ? .elected : .notActive
    } else {
      self.init(.optionAcknowledgment(options))
    }
  }
}
