import Captures
import Quantities
import Results
import Statistics

/// Reads one file of measurements, whose form its beginning shows.
struct MeasurementReader {
  /// The most bytes of a text.
  private static let largestText: UInt64 = 64 << 20

  let path: String
  let options: MeasuredLoss.Options

  /// The sender's capture.
  let sender: MeasuredCapture?

  private let progress: MeasuredLoss.Progress?

  init(
    _ path: String, _ options: MeasuredLoss.Options, _ sender: MeasuredCapture?, _ progress: MeasuredLoss.Progress?
  ) {
    (self.path, self.options, self.sender, self.progress) = (path, options, sender, progress)
  }

  func read() throws(MeasurementError) -> MeasuredFile {
    let file = try Self.open(path)
    let start: [UInt8]
    do { start = try file.read(at: 0, count: 4) } catch { throw MeasurementError(path, error) }
    if start.starts(with: [0x1F, 0x8B]) {
      throw MeasurementError(path, "the file is compressed; unpack it first, as by 'gunzip'")
    }
    if TransferCapture.isForm(of: start) {
      return try MeasuredCapture(file, at: path, options.group, progress).measured(against: sender)
    }
    guard sender == nil else {
      throw MeasurementError(path, "--sent is for captures, and this is none (pcap, pcapng)")
    }
    guard options.group == nil else {
      throw MeasurementError(path, "--group is for captures, and this is none (pcap, pcapng)")
    }
    let content = try text(of: file)
    return try read(content)
  }

  /// Opens a file; `-` is the standard input.
  static func open(_ path: String) throws(MeasurementError) -> InputFile {
    do { return try path == "-" ? .standardInput() : InputFile(path) } catch { throw MeasurementError(path, error) }
  }

  private func text(of file: InputFile) throws(MeasurementError) -> [UInt8] {
    guard file.size <= Self.largestText else {
      throw MeasurementError(path, "the file is larger than 64 MiB; a part of it says as much")
    }
    do { return try file.read(at: 0, count: Int(file.size)) } catch { throw MeasurementError(path, error) }
  }

  private func read(_ bytes: [UInt8]) throws(MeasurementError) -> MeasuredFile {
    let digest = SHA256.hash(data: bytes).hexadecimal
    func file(_ form: String, _ observations: [Observation], _ notes: [String] = []) -> MeasuredFile {
      MeasuredFile(path: path, digest: digest, form: form, observations: observations, notes: notes)
    }
    let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    guard bytes.contains(where: { $0 > 0x20 }) else { throw MeasurementError(path, "the file is empty") }
    if MeasuredTable.isForm(of: bytes) { return file("CSV", try MeasuredTable.read(bytes, path)) }
    let traces = try MeasuredLists.read(bytes, path, packets: options.packets)
    return file(traces.form, traces.observations)
  }
}
