extension Unicode.Scalar {
  /// Whether a terminal or a log just shows it: it is no control character, no mark that turns text around, and no end
  /// of a line.
  package var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: false
    default: !properties.isBidiControl
    }
  }
}

extension String {
  /// With U+FFFD in place of all that is not printable: what a file says, or is called, must not steer a terminal.
  package var printable: String { replacingUnprintable(except: []) }

  /// The same, with some scalars left as they are.
  package func replacingUnprintable(except kept: Set<Unicode.Scalar>) -> String {
    guard unicodeScalars.contains(where: { !$0.isPrintable && !kept.contains($0) }) else { return self }
    var shown = String.UnicodeScalarView()
    for scalar in unicodeScalars { shown.append(scalar.isPrintable || kept.contains(scalar) ? scalar : "\u{FFFD}") }
    return String(shown)
  }
}
