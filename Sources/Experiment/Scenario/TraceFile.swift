/// A file of lost packets by device.
///
/// Lines `device: 3 17 20-25` (or `all: …`), or CSV rows under the header `device,packet`; `#` begins a comment.
/// A device that is not named loses nothing.
enum TraceFile {
  /// The most lost packets of one trace.
  static let mostNumbers: UInt64 = 4_000_000

  /// Reads a packet number, or a range of them such as `20-25`, and takes it from the budget.
  static func numbers(_ text: String, _ budget: inout UInt64) -> Result<ClosedRange<UInt64>, QuantityError> {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { number($0) }
    guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1] else {
      return .failure(QuantityError("'\(text.excerpt)' is not a packet number like 17, or a range like 20-25"))
    }
    guard first >= 1 else { return .failure(QuantityError("'\(text.excerpt)': packets are counted from 1")) }
    guard first <= last else { return .failure(QuantityError("'\(text.excerpt)' is a range that runs backwards")) }
    guard last - first < budget else {
      return .failure(
        QuantityError("'\(text.excerpt)' is too much; a trace has at most \(mostNumbers.grouped) lost packets")
      )
    }
    budget -= last - first + 1
    return .success(first...last)
  }

  private static func number(_ text: Substring) -> UInt64? {
    let digits = String(text).trimmed
    return digits.utf8.allSatisfy { (48...57).contains($0) } ? UInt64(digits) : nil
  }

  /// Sorted, each number once.
  static func ascending(_ numbers: [UInt64]) -> [UInt64] {
    var kept = [UInt64]()
    for number in numbers.sorted() where number != kept.last { kept.append(number) }
    return kept
  }

  /// The lists of all devices, or one for all of them, and what is wrong with the file.
  static func parse(
    _ text: String,
    file: String,
    path: String,
    devices: Int
  ) -> (lists: [[UInt64]], problems: [ScenarioDiagnostic]) {
    var reading = Reading(file: file, path: path, devices: devices)
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      reading.line(String(line), number: index + 1)
    }
    return (reading.result, reading.problems)
  }

  /// The state of reading one file.
  private struct Reading {
    let file: String
    let path: String
    let devices: Int
    var problems = [ScenarioDiagnostic]()
    private var lists = [Int: [UInt64]]()
    private var isCSV: Bool?
    private var budget = TraceFile.mostNumbers

    init(file: String, path: String, devices: Int) {
      self.file = file
      self.path = path
      self.devices = devices
    }

    /// What every device loses has the key 0.
    var result: [[UInt64]] {
      let everyone = lists[0] ?? []
      if lists.keys.allSatisfy({ $0 == 0 }) { return [TraceFile.ascending(everyone)] }
      return (1...devices).map { TraceFile.ascending(everyone + (lists[$0] ?? [])) }
    }

    mutating func line(_ raw: String, number: Int) {
      let content = String(raw.prefix { $0 != "#" }).trimmed
      guard !content.isEmpty else { return }
      if isCSV == nil {
        isCSV = content.replacing(" ", with: "") == "device,packet"
        if isCSV == true { return }
      }
      let separator: Character = isCSV == true ? "," : ":"
      let parts = content.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false).map {
        String($0).trimmed
      }
      guard parts.count == 2 else {
        let expected =
          isCSV == true ? "a row like '1,17'" : "'device: packets' like '1: 3 17 20-25', or the header 'device,packet'"
        return fail(number, raw, content, "'\(content.excerpt)' is not \(expected)")
      }
      guard let device = device(parts[0]) else {
        return fail(
          number,
          raw,
          parts[0],
          "'\(parts[0].excerpt)' is no device of this cohort; allowed: 1 … \(devices)\(isCSV == true ? "" : ", or all")"
        )
      }
      let words = isCSV == true ? [parts[1]] : parts[1].split(whereSeparator: { " ,\t".contains($0) }).map(String.init)
      for word in words {
        switch TraceFile.numbers(word, &budget) {
        case .success(let range): lists[device, default: []].append(contentsOf: range)
        case .failure(let problem): fail(number, raw, word, problem.message)
        }
      }
    }

    private func device(_ text: String) -> Int? {
      if text == "all", isCSV != true { return 0 }
      guard let number = TraceFile.number(Substring(text)), (1...UInt64(max(devices, 1))).contains(number) else {
        return nil
      }
      return Int(number)
    }

    private mutating func fail(_ line: Int, _ raw: String, _ word: String, _ message: String) {
      let column =
        raw.ranges(of: word).first.map { raw.unicodeScalars.distance(from: raw.startIndex, to: $0.lowerBound) + 1 } ?? 1
      let origin = SourceOrigin(file: file, line: line, column: column)
      var diagnostic = ScenarioDiagnostic(.error, origin, path: path, message)
      diagnostic.sourceLine = raw
      problems.append(diagnostic)
    }
  }
}
