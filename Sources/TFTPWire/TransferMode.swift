/// How the bytes of a file must be read (RFC 1350 §1). It is read in upper or lower case, and written in lower case.
public enum TransferMode: String, Hashable, Sendable, CaseIterable {
  /// The file's bytes as they are. Boot images are read in this mode.
  case octet
  /// Text with CR LF line ends. It is recognised so that a server can refuse it with a message.
  case netascii
}
