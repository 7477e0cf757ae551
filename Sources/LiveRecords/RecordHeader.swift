import Results
import Timebase

/// What a record is of: who wrote it, of which file and group, and what the writer's clock showed at its time 0.
package struct RecordHeader: Hashable, Sendable {
  /// Who wrote it.
  package var source: RecordedEvent.Source
  /// The file's name, as devices ask for it.
  package var file: String
  /// The server's address and port: what a device asked, or what the server answers from.
  package var server: String
  /// The address and port that a device asked from; empty in a server's record.
  package var own: String
  /// The group's address and port; empty if there is none.
  package var group: String
  /// What the writer's clock showed at time 0 of the record: nanoseconds since 1970. It tells apart runs of one file.
  package var began: Nanoseconds

  /// Describes a record.
  package init(
    source: RecordedEvent.Source, file: String, server: String, own: String = "", group: String, began: Nanoseconds
  ) {
    self.source = source
    self.file = file
    self.server = server
    self.own = own
    self.group = group
    self.began = began
  }

  /// The name of the directory of results, without its number: the file's last part, for a device with its address.
  ///
  /// Only letters, digits, `.`, `_` and `-` remain, and no point at the beginning, whatever a client asked for.
  package var directoryName: String {
    let last = file.split(separator: "/").last.map(String.init) ?? ""
    let whole = own.isEmpty ? last : last + "-" + own.prefix { $0 != ":" || own.hasPrefix("[") }
    let plain = String(
      whole.utf8.prefix(100).map { byte -> Character in
        let scalar = Unicode.Scalar(byte)
        let isPlain =
          ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
          || "._-".unicodeScalars.contains(scalar)
        return isPlain ? Character(scalar) : "_"
      })
    return plain.isEmpty || plain.hasPrefix(".") || plain.hasPrefix("-") ? "_" + plain : plain
  }
}
