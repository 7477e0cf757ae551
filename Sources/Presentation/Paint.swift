/// The colours of pictures and reports, by their use. Each has a colour for light paper and one for dark paper.
///
/// The colours of the data are those of Okabe and Ito (Color Universal Design, 2008). People with any of the common
/// colour deficiencies can tell them apart. On light paper only the four with enough contrast are used.
package enum Paint: String, CaseIterable, Sendable {
  case paper, surface, ink, muted, grid, link
  case blue, vermillion, green, purple, grey
  /// The missing blocks, painted with a varying opacity; the same on any paper.
  case gap

  /// Colours of lines, marks and areas.
  package static let data: [Paint] = [.blue, .vermillion, .green, .purple, .grey, .gap]
  /// Colours of text.
  package static let text: [Paint] = [.ink, .muted, .link]
  /// Backgrounds of text and data.
  package static let grounds: [Paint] = [.paper, .surface]

  /// The colours of lines in one picture, in their order.
  package static let series: [Paint] = [.blue, .vermillion, .green, .purple, .ink, .grey]

  /// The colour on light paper, and in the files.
  package var light: RGB {
    switch self {
    case .paper: RGB(0xFFFFFF)
    case .surface: RGB(0xF6F8FA)
    case .ink: RGB(0x1F2328)
    case .muted: RGB(0x57606A)
    case .grid: RGB(0xD8DEE4)
    case .link: RGB(0x0A5E9C)
    case .blue: RGB(0x0072B2)
    case .vermillion: RGB(0xD55E00)
    case .green: RGB(0x009E73)
    case .purple: RGB(0xC8709F)
    case .grey: RGB(0x868F99)
    case .gap: RGB(0x1C78BE)
    }
  }

  /// The colour on dark paper.
  package var dark: RGB {
    switch self {
    case .paper: RGB(0x14181F)
    case .surface: RGB(0x1C222B)
    case .ink: RGB(0xE6EDF3)
    case .muted: RGB(0xA3ADB8)
    case .grid: RGB(0x353C46)
    case .link: RGB(0x79BDF2)
    case .blue: RGB(0x56B4E9)
    case .vermillion: RGB(0xE69F00)
    case .green: RGB(0x1FB98C)
    case .purple: RGB(0xDE92BE)
    case .grey: RGB(0x8E98A3)
    case .gap: RGB(0x1C78BE)
    }
  }

  /// The property of the style sheet that has the colour.
  package var property: String { "--\(rawValue)" }
}
