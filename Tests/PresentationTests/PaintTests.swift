import TestSupport
import Testing

@testable import Presentation

@Suite struct PaintTests {
  private static let schemes: [(name: String, color: @Sendable (Paint) -> RGB)] = [
    ("light", \.light), ("dark", \.dark),
  ]

  @Test(arguments: [0, 1]) func textStandsOutFromWhatItIsWrittenOn(scheme: Int) {
    let (name, color) = Self.schemes[scheme]
    for text in Paint.text {
      for ground in Paint.grounds {
        let contrast = color(text).contrast(with: color(ground))
        #expect(contrast >= 4.5, "\(text) on \(ground), \(name): \(contrast)")
      }
    }
  }

  @Test(arguments: [0, 1]) func dataStandOutFromThePaper(scheme: Int) {
    let (name, color) = Self.schemes[scheme]
    for paint in Paint.data {
      let contrast = color(paint).contrast(with: color(.paper))
      #expect(contrast >= 3, "\(paint), \(name): \(contrast)")
    }
  }

  @Test func figuresOnAMapCanBeRead() {
    for step in 0...100 {
      let share = Double(step) / 100
      #expect(Shade.ink(on: share).contrast(with: Shade.color(at: share)) >= 4.5)
    }
  }

  @Test func aMapGetsDarkerFromStopToStop() {
    #expect(zip(Shade.stops, Shade.stops.dropFirst()).allSatisfy { $0.luminance > $1.luminance * 1.5 })
  }

  @Test func noTwoPaintsAreTheSameOnLightPaper() {
    expect(Set(Paint.allCases.map(\.light)).count, equals: Paint.allCases.count)
  }

  @Test func contrastIsThatOfWCAG() {
    expect(RGB(0x000000).contrast(with: RGB(0xFFFFFF)), equals: 21)
    #expect(abs(RGB(0x777777).contrast(with: RGB(0xFFFFFF)) - 4.478) < 0.001)
  }
}
