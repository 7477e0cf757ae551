import Statistics

/// A trace of 0 and 1, of which 1 is a lost packet: a string, lines of them, or one a line. `#` begins a comment.
enum MeasuredBits {
  private enum Kind {
    case passed, lost, separator, comment, other
  }

  private static func kind(_ byte: UInt8) -> Kind {
    switch byte {
    case UInt8(ascii: "0"): .passed
    case UInt8(ascii: "1"): .lost
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: ","),
      UInt8(ascii: ";"):
      .separator
    case UInt8(ascii: "#"): .comment
    default: .other
    }
  }

  /// Whether the first line with content begins with 0 or 1, and is not the list of a device.
  static func isForm(of bytes: [UInt8]) -> Bool {
    let content = bytes.split(separator: UInt8(ascii: "\n")).lazy
      .map { $0.prefix { kind($0) != .comment }.drop { kind($0) == .separator } }.first { !$0.isEmpty }
    guard let content, let first = content.first else { return false }
    return (kind(first) == .passed || kind(first) == .lost) && !content.contains(UInt8(ascii: ":"))
  }

  static func read(_ bytes: [UInt8], _ path: String) throws(MeasurementError) -> Observation {
    var sequence = LossSequence()
    var (line, isComment) = (1, false)
    for byte in bytes {
      if byte == UInt8(ascii: "\n") {
        (line, isComment) = (line + 1, false)
      } else if !isComment {
        switch kind(byte) {
        case .passed: sequence.append(isLost: false, count: 1)
        case .lost: sequence.append(isLost: true, count: 1)
        case .separator: break
        case .comment: isComment = true
        case .other:
          throw MeasurementError(
            path, line: line, "a trace of 0 and 1 has nothing else but spaces, commas and comments after '#'")
        }
      }
    }
    return Observation(device: "", sequence: sequence)
  }
}
