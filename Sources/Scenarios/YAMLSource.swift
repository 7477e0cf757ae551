import FoundationEssentials
import Quantities

/// Reads the text of a scenario into nodes, and reports YAML errors in this program's words.
package struct YAMLSource {
  /// The most bytes of a scenario file.
  package static let largestFile = 64 << 20
  /// The deepest nesting of mappings and sequences; the format needs seven.
  package static let deepest = 32
  /// The most keys and values of a text.
  static let mostNodes = 4_000_000

  /// The file's name as messages show it.
  package let file: String
  /// The file's text.
  package let text: String

  /// A text with the name of its file.
  package init(file: String, text: String) {
    self.file = file
    self.text = text
  }

  /// Decodes a file's bytes.
  package static func decode(_ data: Data, file: String) throws(ScenarioDiagnostic) -> String {
    guard data.count <= largestFile else {
      let limit = Quantity.size.format(UInt64(largestFile))
      throw ScenarioDiagnostic(
        .error,
        SourceOrigin(file: file),
        path: "",
        "the file has \(data.count) bytes; a scenario has at most \(limit)"
      )
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      let valid = String(decoding: data, as: UTF8.self).unicodeScalars.prefix { $0 != "\u{FFFD}" }
      let origin = SourceOrigin(file: file, after: String(valid).utf8)
      throw ScenarioDiagnostic(.error, origin, path: "", "the file is not UTF-8 text; save it as UTF-8")
    }
    return text
  }

  /// The root of the only document; nil if the file is empty.
  package func root() throws(ScenarioDiagnostic) -> SourceNode? {
    var text = self.text.unicodeScalars.first == "\u{FEFF}" ? String(self.text.unicodeScalars.dropFirst()) : self.text
    let composed = text.withUTF8 { bytes in
      Result { () throws(ScenarioDiagnostic) in try YAMLComposer.root(of: bytes, file: file) }
    }
    return try composed.get()
  }
}
