import Captures
import Statistics

/// What was measured on one path: a device, or one transfer to it.
package struct Observation: Sendable {
  /// The device's name in its file; empty if the file has only one.
  package let device: String
  /// What became of the packets.
  package let sequence: LossSequence
}

/// A file of measurements: what it is, and what it says.
package struct MeasuredFile: Sendable {
  /// The file as the user named it.
  package let path: String
  /// The SHA-256 of its bytes, in hexadecimal.
  package let digest: String
  /// Its form, in a word or two.
  package let form: String
  /// One for each device.
  package let observations: [Observation]
  /// What a reader should know about it.
  package let notes: [String]
}

/// What is measured, from all files.
package struct MeasuredLoss: Sendable {
  /// The most packets of all files: a longer measurement says no more.
  package static let mostPackets = 50_000_000

  package let files: [MeasuredFile]
  /// The sender's capture.
  package let sent: MeasuredFile?

  /// How to read files.
  package struct Options: Sendable {
    /// How many packets each device was sent, for lists of lost packets.
    package var packets: UInt64?
    /// The sender's capture, against which those of the devices are held.
    package var sent: String?
    /// The group of the transfer, where captures have several.
    package var group: Group?

    package init() {}
  }

  /// Is told how many bytes of a capture have been read, of how many.
  package typealias Progress = (_ path: String, _ read: UInt64, _ size: UInt64) -> Void

  /// Reads files, each of them of any form.
  ///
  /// - Throws: a ``MeasurementError`` for the first file that is missing or wrong.
  package init(reading paths: [String], _ options: Options, progress: Progress? = nil) throws(MeasurementError) {
    let sender = try options.sent.map { path throws(MeasurementError) in
      try MeasuredCapture(MeasurementReader.open(path), at: path, options.group, progress)
    }
    guard (paths + [options.sent].compactMap(\.self)).count(where: { $0 == "-" }) < 2 else {
      throw MeasurementError("-", "the standard input is there once")
    }
    var files: [MeasuredFile] = []
    var packets = 0
    for path in paths {
      let file = try MeasurementReader(path, options, sender, progress).read()
      if let same = files.first(where: { $0.digest == file.digest }) {
        throw MeasurementError(path, "it has the same bytes as \(same.path); a measurement counts once")
      }
      packets += file.observations.reduce(0) { $0 + $1.sequence.packets }
      guard packets <= Self.mostPackets else { throw .tooManyPackets(path) }
      files.append(file)
    }
    if options.packets != nil, !files.contains(where: { $0.form == MeasuredLists.form }) {
      throw MeasurementError(
        paths.first ?? "", "--packets is for lists of lost packets: what is given says how many packets there were")
    }
    self.files = files
    sent = sender?.file
    guard packets > 0 else { throw MeasurementError(paths.first ?? "", "there is no packet in it") }
  }

  /// All observations, for a fit.
  package var data: LossData { LossData(files.flatMap(\.observations).map(\.sequence)) }
}

extension MeasurementError {
  static func tooManyPackets(_ file: String) -> MeasurementError {
    MeasurementError(
      file, "more than 50 million packets in all; a part of them says as much, and is read in a moment")
  }
}
