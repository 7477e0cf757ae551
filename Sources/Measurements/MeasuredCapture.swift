import Captures
import Quantities
import Results
import Statistics

/// A capture of a multicast transfer, at the sender or at a device.
struct MeasuredCapture {
  private let path: String
  private let digest: String
  private let capture: TransferCapture

  /// Reads a capture piece by piece: it may be larger than the memory.
  init(
    _ file: InputFile, at path: String, _ group: Group?, _ progress: MeasuredLoss.Progress?
  ) throws(MeasurementError) {
    self.path = path
    let source = ByteSource(size: file.size) { position, count throws(CaptureError) in
      progress?(path, min(file.size, position + UInt64(count)), file.size)
      do { return try file.read(at: position, count: count) } catch { throw CaptureError("\(error)") }
    }
    do { capture = try TransferCapture(source, group: group) } catch { throw MeasurementError(path, error.description) }
    // After that: a file that is no capture may be endless.
    do { digest = try Self.digest(of: file) } catch { throw MeasurementError(path, error) }
  }

  private static func digest(of file: InputFile) throws(ResultsError) -> String {
    var hash = SHA256()
    var position: UInt64 = 0
    while position < file.size {
      let piece = try file.read(at: position, count: InputFile.piece)
      guard !piece.isEmpty else { break }
      hash.update(data: piece)
      position += UInt64(piece.count)
    }
    return hash.finalize().hexadecimal
  }

  /// The capture by itself, as the sender's.
  var file: MeasuredFile {
    MeasuredFile(
      path: path, digest: digest, form: "the sender's capture, \(capture.group)", observations: [], notes: generalNotes)
  }

  /// What the device lost: of what the sender's capture has, or by the gaps in the block numbers.
  func measured(against sender: MeasuredCapture?) throws(MeasurementError) -> MeasuredFile {
    do {
      guard let sender else { return try alone() }
      let transfer = try SentAndReceivedTransfer(sent: sender.capture, received: capture)
      var notes = generalNotes
      if transfer.outside > 0 {
        notes.append(
          "\(HumanUnits.plural(transfer.outside, "packet")) of the sender before its first or after its last packet "
            + "are left out: nobody knows whether it listened")
      }
      if transfer.foreign > 0 {
        notes.append(
          "\(HumanUnits.plural(transfer.foreign, "packet")) of it were not sent, or came twice, and are left out")
      }
      return file("capture against the sender's", transfer.fates, notes)
    } catch { throw MeasurementError(path, error.description) }
  }

  private func alone() throws(CaptureError) -> MeasuredFile {
    let transfer = try ReceivedTransfer(capture, most: MeasuredLoss.mostPackets)
    var notes = generalNotes
    notes.append(
      "lost are the gaps in the block numbers; a packet lost right before a repeat, before the first packet or after the "
        + "last is not seen (\(HumanUnits.plural(transfer.repeats, "repeat")))")
    if transfer.omitted > 0 {
      notes.append(
        "\(HumanUnits.plural(transfer.omitted, "packet")) after the first pass through the file are left out: there only some "
          + "blocks may be sent")
    }
    return file("capture", transfer.fates, notes)
  }

  private func file(_ form: String, _ fates: PacketFates, _ notes: [String]) -> MeasuredFile {
    var sequence = LossSequence()
    for stretch in fates.stretches { sequence.append(isLost: stretch.isLost, count: stretch.count) }
    sequence.times = fates.times
    return MeasuredFile(
      path: path, digest: digest, form: "\(form), \(capture.group)",
      observations: [Observation(device: "", sequence: sequence)], notes: notes)
  }

  private var generalNotes: [String] {
    let others = capture.others.prefix(3).map { "\($0.group) (\(HumanUnits.plural($0.packets, "packet")))" }
    return (capture.isCut ? ["the capture ends within a packet"] : [])
      + (others.isEmpty ? [] : ["it also has DATA to \(others.joined(separator: ", ")); --group picks one"])
  }
}
