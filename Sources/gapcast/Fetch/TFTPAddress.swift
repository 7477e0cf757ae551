import ArgumentParser
import BootService

/// An address of RFC 3617: `tftp://SERVER[:PORT]/FILE[;mode=octet]`.
struct TFTPAddress: ExpressibleByArgument, Hashable {
  /// The server's name or address, as it was written.
  let server: String
  /// Its port; 69 without one.
  let port: UInt16
  /// The file's name, without the slash before it.
  let file: String

  private static let scheme = "tftp://"

  init?(argument: String) {
    guard argument.lowercased().hasPrefix(Self.scheme) else { return nil }
    let rest = argument.dropFirst(Self.scheme.count)
    guard let slash = rest.firstIndex(of: "/") else { return nil }
    guard let (server, port) = Self.split(rest[..<slash]) else { return nil }
    var name = rest[rest.index(after: slash)...]
    if let mode = name.range(of: ";mode=") {
      guard name[mode.upperBound...].lowercased() == "octet" else { return nil }
      name = name[..<mode.lowerBound]
    }
    guard let file = Self.decoded(name), !file.isEmpty else { return nil }
    self.server = server
    self.port = port
    self.file = file
  }

  /// The name that the file gets here, unless another one is given; nil if its last part is no name.
  var lastPart: String? {
    let name = file.split(separator: "/", omittingEmptySubsequences: false).last.map(String.init) ?? ""
    return name.isEmpty || name == "." || name == ".." ? nil : name
  }

  /// A host and its port. An IPv6 address stands in brackets.
  private static func split(_ text: Substring) -> (String, UInt16)? {
    var host = text
    var port: UInt16 = 69
    let end = text.first == "[" ? text.firstIndex(of: "]") : text.startIndex
    guard let end else { return nil }
    if let colon = text[end...].lastIndex(of: ":") {
      let digits = text[text.index(after: colon)...]
      guard digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let number = UInt16(digits), number > 0 else { return nil }
      port = number
      host = text[..<colon]
    }
    if host.first == "[" {
      guard host.last == "]" else { return nil }
      host = host.dropFirst().dropLast()
    }
    return host.isEmpty ? nil : (String(host), port)
  }

  /// `%20` and the like stand for bytes. TFTP knows ASCII alone, and NUL ends a name.
  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      // `UInt8` takes a sign.
      guard digits.count == 2, digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16) else { return nil }
      bytes.append(value)
      rest.removeFirst(2)
    }
    guard bytes.allSatisfy({ 1...0x7F ~= $0 }) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Substring {
  fileprivate func range(of text: String) -> Range<Index>? {
    indices.first { self[$0...].lowercased().hasPrefix(text) }.map { $0..<index($0, offsetBy: text.count) }
  }
}
