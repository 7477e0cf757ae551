import BlockTransfer
import TFTPTransfer
import TFTPWire
import Timebase

// Plain transfers: RFC 1350 with the options of RFC 2347–2349 and 7440.
extension BootServer {
  /// Begins a transfer. The client has none.
  mutating func begin(
    _ request: ReadRequest, _ terms: TransferTerms, of file: FileID, to client: Client, at now: Nanoseconds,
    into effects: inout [BootServerEffect]
  ) {
    guard transfers.count < settings.mostTransfers || dropHalfOpen(at: now, into: &effects) else {
      return refuse(client, request, .undefined, "the server is busy", at: now, into: &effects)
    }
    var settings = transferSettings(for: terms)
    // DATA is the larger for it: who has shown nothing gets it when it asks, and not by a timer.
    if terms.accepted.isEmpty { settings.repeatsItself = false }
    var sent: [TransferSender.Effect] = []
    let sender = TransferSender(terms, at: now, under: settings, into: &sent)
    let id = keep(
      ServedTransfer(client: client, request: request, file: file, settings: settings, sender: sender, heardAt: now),
      at: now, into: &effects)
    carryOut(sent, of: id, at: now, into: &effects)
  }

  /// Begins a transfer to a device that has its OACK, and asks for block 1 by ACK(0).
  mutating func beginAccepted(
    _ request: ReadRequest, _ terms: TransferTerms, of file: FileID, to client: Client, at now: Nanoseconds,
    into effects: inout [BootServerEffect]
  ) -> TransferID {
    var settings = transferSettings(for: terms)
    settings.repeatsItself = false
    var sent: [TransferSender.Effect] = []
    var sender = TransferSender(terms, at: now, under: settings, into: &sent)
    sent.removeAll()
    sender.receive(.acknowledgment(0), at: now, under: settings, into: &sent)
    var transfer = ServedTransfer(
      client: client, request: request, file: file, settings: settings, sender: sender, heardAt: now)
    transfer.hasAnswered = true
    transfer.openedAt = now
    let id = keep(transfer, at: now, into: &effects)
    carryOut(sent, of: id, at: now, into: &effects)
    return id
  }

  /// A packet of the client, which is no request.
  mutating func take(
    _ packet: Packet, in id: TransferID, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) {
    guard var transfer = transfers[id], transfer.sender.end == nil else { return }
    let message = transfer.sender.message(packet)
    if case .acknowledgment(let block) = message {
      transfer.heardAt = now
      if !transfer.hasAnswered { noteHalfOpen(id, hasAnswered: true) }
      transfer.hasAnswered = true
      let isProof = block > transfer.sender.acknowledged && block <= transfer.sender.sent
      if !transfer.isProven, !isProof {
        // Once each half a timeout: no more than a client that is there repeats its ACK(0).
        let half = Nanoseconds(transfer.settings.timeout.count / 2)
        if let openedAt = transfer.openedAt, now < openedAt.later(by: half) { return }
        transfer.openedAt = now
        transfer.settings.repeatsItself = false
      }
      transfers[id] = transfer
      if isProof { prove(transfer.client) }
    }
    pass(message, to: id, at: now, into: &effects)
  }

  /// The client's request once more. While the transfer stands at its beginning it is a repeat. Later it is a late copy,
  /// unless the client has been silent for a timeout: then it has begun anew, from the same port.
  ///
  /// - Returns: whether it was a repeat or a copy.
  mutating func takeRepeat(
    in id: TransferID, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) -> Bool {
    guard let transfer = transfers[id], transfer.sender.end == nil else { return false }
    guard !transfer.hasAnswered else { return now < transfer.heardAt.later(by: transfer.settings.timeout) }
    pass(.request(TransferOptions(transfer.request.options)), to: id, at: now, into: &effects)
    return true
  }

  mutating func fire(transfer id: TransferID, at now: Nanoseconds, into effects: inout [BootServerEffect]) {
    guard var transfer = transfers[id] else { return }
    if transfer.forgottenAt <= now { return forget(transfer: id) }
    var sent: [TransferSender.Effect] = []
    transfer.sender.fire(at: now, under: transfer.settings, into: &sent)
    transfers[id] = transfer
    carryOut(sent, of: id, at: now, into: &effects)
  }

  /// The server ends a transfer, and tells the client why.
  mutating func cancel(
    transfer id: TransferID, saying reason: String, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) {
    guard let transfer = transfers[id] else { return }
    if transfer.sender.end == nil {
      sendError(.undefined, reason, to: transfer.client, into: &effects)
      close(transfer: id, .ended(.cancelled(.undefined)), at: now, into: &effects)
    }
    forget(transfer: id)
  }

  /// The client asked for something else.
  mutating func replace(transfer id: TransferID, at now: Nanoseconds, into effects: inout [BootServerEffect]) {
    if let transfer = transfers[id], transfer.sender.end == nil {
      close(transfer: id, .replaced, at: now, into: &effects)
    }
    forget(transfer: id)
  }

  /// A client may be silent for as long as its repeats take, by its own timeout if it gave one, up to five minutes.
  private func transferSettings(for terms: TransferTerms) -> TransferSender.Settings {
    let timeout = settings.parameters.timeout
    var settings = TransferSender.Settings(timeout: timeout, silence: .zero, repeatsItself: true).following(terms)
    let repeats = settings.timeout.later(by: settings.timeout * self.settings.parameters.retries)
    settings.silence = max(min(repeats, .seconds(300)), timeout)
    return settings
  }

  private mutating func keep(
    _ transfer: ServedTransfer, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) -> TransferID {
    lastTransfer += 1
    transfers[lastTransfer] = transfer
    peers[transfer.client] = .transfer(lastTransfer)
    strangers.begin(transfer.client.endpoint.host, at: now)
    noteHalfOpen(lastTransfer, hasAnswered: transfer.hasAnswered)
    retain(transfer.file)
    let description = TransferDescription(
      client: transfer.client.endpoint, fileName: transfer.request.fileName, terms: transfer.sender.terms)
    effects.append(.event(.transferBegan(lastTransfer, description), at: now))
    return lastTransfer
  }

  private mutating func pass(
    _ message: TransferMessage, to id: TransferID, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) {
    guard let settings = transfers[id]?.settings else { return }
    var sent: [TransferSender.Effect] = []
    transfers[id]?.sender.receive(message, at: now, under: settings, into: &sent)
    carryOut(sent, of: id, at: now, into: &effects)
  }

  private mutating func carryOut(
    _ sent: [TransferSender.Effect], of id: TransferID, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) {
    guard let transfer = transfers[id] else { return }
    let context = transfer.sender.context(fileName: transfer.request.fileName)
    for effect in sent {
      switch effect {
      case .send(let message, _):
        send(message.packet(in: context), width: context.blockNumbers, to: transfer.client, into: &effects)
      case .sendData(let first, let last, _):
        let run = DataRun(
          file: transfer.file, layout: transfer.sender.terms.file, first: first, last: last,
          blockNumbers: context.blockNumbers)
        guard maySend(.window, of: Int(clamping: run.packetBytes), to: transfer.client) else { continue }
        effects.append(.sendData(run, to: transfer.client.endpoint, from: transfer.client.local))
        effects.append(
          .event(.transferSent(id, first: first, last: last, payloadBytes: run.payloadBytes), at: now))
      case .ended(let end): close(transfer: id, .ended(end), at: now, into: &effects)
      }
    }
    if let deadline = transfers[id]?.deadline { agenda.note(.transfer(id), at: deadline) }
  }

  /// A transfer is over. It is remembered for two timeouts, in which its client's last packets are no stranger's.
  private mutating func close(
    transfer id: TransferID, _ closing: TransferClosing, at now: Nanoseconds, into effects: inout [BootServerEffect]
  ) {
    guard let transfer = transfers[id], transfer.forgottenAt == .never else { return }
    transfers[id]?.forgottenAt = now.later(by: transfer.settings.timeout * 2)
    effects.append(.event(.transferEnded(id, closing), at: now))
    release(transfer.file, into: &effects)
  }

  /// Puts a transfer behind those of which one may have to end to make room.
  private mutating func noteHalfOpen(_ id: TransferID, hasAnswered: Bool) {
    let most = 2 * max(16, settings.mostTransfers)
    if hasAnswered {
      if answered.count >= most { answered.removeAll { transfers[$0]?.isProven ?? true } }
      answered.append(id)
    } else {
      if begun.count >= most { begun.removeAll { transfers[$0]?.isProven ?? true } }
      begun.append(id)
    }
  }

  /// Makes room for another transfer: the oldest one ends that nobody has gone on with. Whoever has acknowledged the OACK
  /// may be there, and waits for a window; so his comes last. False if there is none.
  private mutating func dropHalfOpen(at now: Nanoseconds, into effects: inout [BootServerEffect]) -> Bool {
    while true {
      let isOfBegun = !begun.isEmpty
      guard let id = begun.popFirst() ?? answered.popFirst() else { return false }
      guard let transfer = transfers[id], !transfer.isProven, !(isOfBegun && transfer.hasAnswered) else { continue }
      if transfer.sender.end == nil { close(transfer: id, .ended(.silent), at: now, into: &effects) }
      forget(transfer: id)
      return true
    }
  }

  private mutating func forget(transfer id: TransferID) {
    guard let transfer = transfers.removeValue(forKey: id) else { return }
    if !transfer.isProven { strangers.end(transfer.client.endpoint.host) }
    if peers[transfer.client] == .transfer(id) { peers[transfer.client] = nil }
    agenda.forget(.transfer(id))
  }
}
