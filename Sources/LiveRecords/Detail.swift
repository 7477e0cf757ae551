/// Keys with values in one line of text, in their order: `from=10.0.0.2:49152 mc=0`.
///
/// A value has no spaces, control characters or `%` as they are: their bytes are written as `%` and two digits.
struct Detail: Hashable, Sendable {
  private var pairs: [(key: String, value: String)] = []

  /// No keys.
  init() {}

  /// Reads a line; nil if a part of it has no `=` or a wrong escape.
  init?(_ text: String) {
    for part in text.split(separator: " ") {
      guard let equals = part.firstIndex(of: "="),
        let value = Self.unescaped(part[part.index(after: equals)...])
      else { return nil }
      pairs.append((String(part[..<equals]), value))
    }
  }

  /// The line.
  var text: String { pairs.map { "\($0.key)=\(Self.escaped($0.value))" }.joined(separator: " ") }

  /// The value of a key. Nil is no value.
  subscript(key: String) -> String? {
    get { pairs.first { $0.key == key }?.value }
    set {
      pairs.removeAll { $0.key == key }
      if let newValue { pairs.append((key, newValue)) }
    }
  }

  /// A whole number; nil if there is none that fits.
  func number<Integer: FixedWidthInteger>(_ key: String, as: Integer.Type = Integer.self) -> Integer? {
    self[key].flatMap { Integer($0) }
  }

  static func == (left: Detail, right: Detail) -> Bool { left.text == right.text }
  func hash(into hasher: inout Hasher) { hasher.combine(text) }

  private static func escaped(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      guard scalar.value <= 0x20 || scalar.value == 0x7f || scalar == "%" else {
        text.unicodeScalars.append(scalar)
        continue
      }
      text += (scalar.value < 16 ? "%0" : "%") + String(scalar.value, radix: 16)
    }
    return text
  }

  private static func unescaped(_ value: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = value.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let digits = String(rest.prefix(2)), digits.utf8.count == 2, let code = UInt8(digits, radix: 16) else {
        return nil
      }
      bytes.append(code)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
