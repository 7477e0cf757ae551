import Measurements
import RandomStreams
import Statistics
import TestSupport
import Testing

@testable import Presentation

/// What is shown and said of a fit.
@Suite struct FitPicturesTests {
  private static let law = LossLaw.packets(ChainByPackets(p: 0.02, r: 0.2, lossInGood: 0, lossInBad: 0.6))

  private func data(_ packets: Int) -> LossData {
    var stream = RandomStream(StreamKey(seed: 4, replication: 1, device: 0, purpose: .downLoss))
    return LossData([Self.law.draw(packets: packets, from: &stream)])
  }

  @Test func runsAreShownAsTheyWereMeasuredAndAsEachModelHasThem() throws {
    let data = data(6000)
    let selection = LossSelection(data)
    let gallery = FitPictures(selection, of: "seat.pcap", packets: 100_000).gallery
    #expect(gallery.pictures.map(\.name) == ["lost-runs", "received-runs", "quantiles"] && gallery.omissions.isEmpty)
    for picture in gallery.pictures {
      #expect(picture.subtitle.hasPrefix("seat.pcap · ") && picture.subtitle.contains("of each model "))
      let printed = Set(picture.data.rows.flatMap { $0 }.compactMap { Double($0) })
      let chart = try #require(picture.chart)
      for series in chart.series where series.name != "as the model says" {
        for value in series.x + series.y { #expect(printed.contains(value), "\(picture.name): \(value)") }
      }
    }
    let rows = gallery.pictures[0].data.rows
    let measured = rows.filter { $0[0] == "measured" }
    expect(measured.map { $0[1] }, equals: data.sample(lost: true).counts.map { "\($0.length)" })
    expect(measured[0][2], equals: "100")
    expect(Set(rows.map { $0[0] }), equals: Set(["measured"] + selection.fits.map(\.kind.rawValue)))
    for fit in selection.fits {
      let shares = rows.filter { $0[0] == fit.kind.rawValue }.compactMap { Double($0[2]) }
      expect(shares, equals: shares.sorted(by: >))
    }
    // Of the right model the median is the measured one, or next to it.
    let middle = try #require(gallery.pictures[2].data.rows.filter { $0[0] == "received" }.dropFirst(49).first)
    let (model, seen) = (try #require(Double(middle[1])), try #require(Double(middle[2])))
    #expect(abs(model - seen) <= 0.2 * seen + 1)
  }

  /// With times there are models by time too: eight, more than there are colours.
  @Test func everyModelIsDrawn() throws {
    var sequence = data(6000).sequences[0]
    sequence.times = (0..<sequence.packets).map { Double($0) / 1000 }
    let selection = LossSelection(LossData([sequence]))
    #expect(selection.fits.count > 5)
    let picture = try #require(FitPictures(selection, of: "timed", packets: 20_000).gallery.pictures.first)
    expect(
      Set(picture.data.rows.map { $0[0] }), equals: Set(["measured"] + selection.fits.map(\.kind.rawValue)))
    let looks = picture.commands.matches(of: #/dt \d lc rgb '#\w+'/#).map { String($0.output) }
    #expect(looks.count == selection.fits.count && Set(looks).count == looks.count, "\(looks)")
  }

  @Test func withoutAWholeRunThereIsNoPicture() {
    for fates in [[false, false, true], [false], [true, true]] {
      let gallery = FitPictures(LossSelection(LossData([LossSequence(fates)])), of: "x", packets: 100).gallery
      #expect(gallery.pictures.isEmpty && gallery.omissions.count == 3)
    }
  }

  @Test(
    arguments: [
      (String(repeating: "0", count: 500), "Nothing was lost. So the probability of loss is at most 0.60 %"),
      (String(repeating: "1", count: 500), "Every packet was lost"),
      (String(repeating: "0001", count: 3), "3 runs of loss are too few"), ("0001000", "1 run of loss is too few"),
      (String(repeating: String(repeating: "0", count: 30) + "1", count: 40), "runs is the best by BIC"),
    ])
  func theChoiceIsASentenceThatSaysHowSureItIs(trace: String, says: String) throws {
    let scratch = try Scratch()
    try scratch.write(trace, to: "trace")
    let measured = try MeasuredLoss(reading: [scratch.path("trace")], .init())
    let summary = FitSummary(measured, LossSelection(measured.data))
    #expect(summary.choice.contains(says), "\(summary.choice)")
    #expect(summary.text.hasSuffix(summary.choice + "\n"))
    #expect(try summary.json.contains("\"sha256\""))
  }

  /// Two kinds of bursts in turn, which no model here has: the right words are that nothing fits.
  @Test func whenNothingFitsThatIsSaid() throws {
    let scratch = try Scratch()
    let trace = (0..<60).map { index in
      let calm = String(repeating: "0", count: 380 + index * 17 % 41)
      return calm + (index % 2 == 0 ? "1010101010101010" : "11111111111111110000")
    }.joined()
    try scratch.write(trace, to: "trace")
    let measured = try MeasuredLoss(reading: [scratch.path("trace")], .init())
    let choice = FitSummary(measured, LossSelection(measured.data)).choice
    #expect(choice.contains("But it does not fit"), "\(choice)")
    #expect(choice.contains("a trace replays what was measured"), "\(choice)")
  }

  @Test func thoseThatCannotBeToldApartAreNamed() throws {
    let selection = LossSelection(LossData([LossSequence(Array("0100").map { $0 == "1" })]))
    #expect(!selection.indistinct.isEmpty)
  }
}
