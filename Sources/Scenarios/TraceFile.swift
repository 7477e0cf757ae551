import Network
import Quantities

/// A file of lost packets by device.
///
/// Lines `device: 3 17 20-25` (or `all: …`), CSV rows under the header `device,packet` or `device,lost`, or 0 and 1 for
/// all devices. `#` begins a comment. A device that no line names loses only what all lose. Rows of lost packets cannot
/// name a device that lost none; rows of what became of each packet name every device.
package struct TraceFile {
  /// The most runs of lost packets in all traces of a scenario, written out for each device that differs.
  static let mostRuns = 2_000_000
  /// The highest number of a packet.
  static let lastPacket: UInt64 = 1 << 40

  /// The outcome of reading.
  enum Outcome: Hashable {
    /// It is a trace, with the number of its runs when written out.
    case read(runs: Int)
    /// It is a trace with errors.
    case broken
    /// It is no trace; what it is instead.
    case foreign(String)
  }

  private enum Form {
    case lines
    /// Rows of lost packets, and rows of what became of each packet.
    case packets, fates
    /// A 0 or 1 for each packet.
    case bits

    var isCSV: Bool { self == .packets || self == .fates }
  }

  let file: String
  let path: String
  let devices: Int
  /// The outcome of reading.
  private(set) var outcome = Outcome.read(runs: 1)
  /// The errors that are printed.
  private(set) var problems = [ScenarioDiagnostic]()
  /// The number of errors.
  private(set) var problemCount = 0
  private var form: Form?
  private(set) var common = [ClosedRange<UInt64>]()
  private(set) var own = [Int: [ClosedRange<UInt64>]]()
  /// Devices that a line names, with or without lost packets of their own.
  private(set) var listed = Set<Int>()
  private var runs = 0
  /// How many packets have a fate, by device; 0 stands for all.
  private(set) var lengths = [Int: UInt64]()

  init(file: String, path: String, devices: Int) {
    self.file = file
    self.path = path
    self.devices = devices
  }

  /// What all devices lost, or one recording for all. Devices without their own packets share one list.
  var recordings: [LossTrace.Recording] {
    let shared = LossTrace.Recording(lost: PacketRuns(common), length: lengths[0])
    guard !own.isEmpty || form == .fates else { return [shared] }
    return (1...devices).map { device in
      guard own[device] != nil || lengths[device] != nil else { return shared }
      return LossTrace.Recording(lost: PacketRuns(common + (own[device] ?? [])), length: lengths[device])
    }
  }

  /// How many devices no row of a CSV names; nil for other forms, in which that is meant.
  var devicesWithoutRow: (count: Int, isError: Bool)? {
    switch form {
    case .fates: (devices - lengths.count, true)
    case .packets: (devices - listed.count, false)
    default: nil
    }
  }

  /// Reads a packet number, or a range of them such as `20-25`.
  static func packets(_ text: some StringProtocol) -> Result<ClosedRange<UInt64>, QuantityError> {
    let text = String(text)
    // Nearly all words are plain numbers, and there may be millions.
    if let first = text.utf8.first, (48...57).contains(first), let packet = UInt64(text), 1...lastPacket ~= packet {
      return .success(packet...packet)
    }
    let shown = { "'\(text.excerpt)'" }
    let ends = text.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false).map { number($0) }
    guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1] else {
      return .failure(QuantityError("\(shown()) is not a packet number like 17, or a range like 20-25"))
    }
    guard first >= 1 else { return .failure(QuantityError("\(shown()): packets are counted from 1")) }
    guard first <= last else { return .failure(QuantityError("\(shown()) is a range that runs backwards")) }
    guard last <= lastPacket else {
      return .failure(QuantityError("\(shown()) is beyond the last packet, \(lastPacket.grouped)"))
    }
    return .success(first...last)
  }

  private static func number(_ text: some StringProtocol) -> UInt64? {
    let digits = String(text).trimmed
    return digits.utf8.allSatisfy { (48...57).contains($0) } ? UInt64(digits) : nil
  }

  // MARK: - Reading

  /// Reads the file's text, and keeps at most this many runs.
  mutating func read(_ text: String, most: Int) {
    var rest = text.utf8[...]
    var number = 0
    while !rest.isEmpty, runs <= most {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      number += 1
      line(Substring(rest[..<end]), number)
      if case .foreign = outcome { return }
      rest = rest[end...].dropFirst()
    }
    guard outcome != .broken else { return }
    guard form == .lines || form == .packets || lengths.values.contains(where: { $0 > 0 }) else {
      return outcome = .foreign("is empty: it has no packet, and says of no device what was lost")
    }
    // This is checked before lists are made: the lists of devices that differ also have what all lose.
    let isForAll = own.isEmpty && form != .fates
    outcome = .read(runs: isForAll ? max(runs, 1) : runs + devices * max(common.count, 1))
  }

  private mutating func line(_ line: Substring, _ number: Int) {
    if form == .bits { return bits(line, number) }
    let content = String(line.prefix { $0 != "#" }).trimmed
    guard !content.isEmpty, let form = form ?? recognize(content, number) else { return }
    if form == .bits { return bits(line, number) }
    let isCSV = form.isCSV
    let parts = content.split(separator: isCSV ? "," : ":", maxSplits: 1, omittingEmptySubsequences: false)
      .map { isCSV ? String($0).unquoted : String($0).trimmed }
    guard parts.count == 2 else {
      let row =
        isCSV
        ? "a row like '1,\(form == .fates ? "0" : "17")'"
        : "'device: packets' like '1: 3 17 20-25', or the header 'device,packet'"
      return fail(number, line, content, "'\(content.excerpt)' is not \(row)")
    }
    guard let device = device(parts[0], form) else {
      let allowed = "1 … \(devices)\(isCSV ? "" : ", or all")"
      let isOfCohort = path.isEmpty || path.hasPrefix("cohorts")
      let what = isOfCohort ? "is no device of this cohort" : "is no device: there is one path"
      return fail(number, line, parts[0], "'\(parts[0].excerpt)' \(what); allowed: \(allowed)")
    }
    if form == .fates { return fate(parts[1], of: device, number, line) }
    if device > 0 { listed.insert(device) }
    let words = isCSV ? [parts[1][...]] : parts[1].split { $0 == " " || $0 == "," || $0 == "\t" }
    for word in words {
      switch TraceFile.packets(word) {
      case .success(let run): keep(run, device)
      case .failure(let problem): fail(number, line, String(word), problem.message)
      }
    }
  }

  /// What became of the next packet of a device.
  private mutating func fate(_ text: String, of device: Int, _ number: Int, _ line: Substring) {
    guard text == "0" || text == "1" else {
      return fail(number, line, text, "'\(text.excerpt)' is neither 0 nor 1, which is a lost packet")
    }
    let packet = lengths[device, default: 0] + 1
    lengths[device] = packet
    guard text == "1" else { return }
    if let last = own[device]?.last, last.upperBound == packet - 1 {
      own[device]?.removeLast()
      own[device]?.append(last.lowerBound...packet)
    } else {
      keep(packet...packet, device)
    }
  }

  /// A line of 0 and 1, which may be the whole file.
  private mutating func bits(_ line: Substring, _ number: Int) {
    var packets = lengths[0] ?? 0
    defer { lengths[0] = packets }
    for byte in line.utf8 {
      switch byte {
      case UInt8(ascii: "0"): packets += 1
      case UInt8(ascii: "1"):
        packets += 1
        if let last = common.last, last.upperBound == packets - 1 {
          common[common.count - 1] = last.lowerBound...packets
        } else {
          keep(packets...packets, 0)
        }
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: ","), UInt8(ascii: ";"): break
      case UInt8(ascii: "#"): return
      default:
        let content = String(line).trimmed
        return fail(
          number, line, content,
          "'\(content.excerpt)' is not 0 or 1, of which the lines before are; 1 is a lost packet")
      }
    }
  }

  private mutating func keep(_ run: ClosedRange<UInt64>, _ device: Int) {
    runs += 1
    if device == 0 { common.append(run) } else { own[device, default: []].append(run) }
  }

  /// 0 for all.
  private func device(_ text: String, _ form: Form) -> Int? {
    if text == "all", form == .lines { return 0 }
    guard let number = TraceFile.number(text), (1...UInt64(max(devices, 1))).contains(number) else { return nil }
    return Int(number)
  }

  private mutating func fail(_ line: Int, _ raw: Substring, _ word: String, _ message: @autoclosure () -> String) {
    outcome = .broken
    problemCount += 1
    guard problems.count < ScenarioReader.mostMessages else { return }
    let column =
      raw.ranges(of: word).first.map { raw.unicodeScalars.distance(from: raw.startIndex, to: $0.lowerBound) + 1 } ?? 1
    let origin = SourceOrigin(file: file, line: line, column: column)
    var diagnostic = ScenarioDiagnostic(.error, origin, path: path, message())
    diagnostic.sourceLine = String(raw)
    problems.append(diagnostic)
  }

  // MARK: - Forms

  /// The form of the file, by its first line with content. A line of no known form is not quoted, because it may be
  /// from any file.
  private mutating func recognize(_ content: String, _ number: Int) -> Form? {
    let head = content.prefix { $0 != ":" }
    switch content.split(separator: ",", omittingEmptySubsequences: false).map({ String($0).unquoted }) {
    case ["device", "packet"]:
      form = .packets
      return nil  // nothing more in this line
    case ["device", "lost"]:
      form = .fates
      return nil
    default: break
    }
    if head.endIndex != content.endIndex, head == "all" || Self.number(head) != nil {
      form = .lines
    } else if content.unicodeScalars.allSatisfy({ "01 ,;\t".unicodeScalars.contains($0) }) {
      form = .bits
    } else {
      outcome = .foreign(Self.description(of: content, line: number))
    }
    return form
  }

  private static func description(of content: String, line: Int) -> String {
    let looks =
      content.contains(",")
      ? "looks like CSV, but line \(line) is not the header 'device,packet' (the lost packets) or 'device,lost' (0 or 1 for"
        + " each packet)"
      : "is no trace: line \(line) has none of its forms"
    return
      "\(looks); a trace has 0 and 1, one for each packet, of which 1 is lost, or lines like '2: 3 17 20-25' (device 2)"
      + " and 'all: 9', or CSV under the header 'device,packet' or 'device,lost'"
  }
}
