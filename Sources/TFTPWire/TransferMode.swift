/// How the bytes of a file are to be read (RFC 1350 §1). On the wire in any case; written in lower case.
public enum TransferMode: String, Hashable, Sendable, CaseIterable {
  /// The file's bytes as they are. Boot images are read so.
  case octet
  /// Text with CR LF line ends. It is recognised so that a server can refuse it in words.
  case netascii
}
