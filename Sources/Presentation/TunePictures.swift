import Experiments
import Results

/// The pictures of a tuning: the objective over the candidates, and time against what the server sends.
enum TunePictures {
  static func all(of folder: ResultsFolder) throws -> Gallery {
    let data = try TuneData(folder)
    var gallery = Gallery()
    gallery.add(ObjectivePicture.picture(of: data), or: "Objective over the candidates", "there is no candidate")
    gallery.add(ParetoPicture.picture(of: data), or: ParetoPicture.title, "no candidate has both figures")
    return gallery
  }

  /// How candidates are drawn, by their status, in the order of the picture's key.
  static func marks(of data: TuneData) -> [Mark] {
    [
      Mark(
        status: "unfit", shape: "pt 2 ps 0.7", paint: .grey,
        title: "\(data.outcome.isEstimated ? "seems not to" : "does not") meet what is required"),
      Mark(status: "eliminated", shape: "pt 6 ps 0.6", paint: .grey, title: "worse"),
      Mark(status: "alive", shape: "pt 7 ps 0.6", paint: .blue, title: "not told apart"),
      Mark(status: "better", shape: "pt 9 ps 0.9", paint: .vermillion, title: "seems better: no answer yet"),
      Mark(status: "chosen", shape: "pt 13 ps 1.3", paint: .ink, title: "the choice"),
    ]
  }

  /// How candidates of a status are drawn.
  struct Mark {
    var status: String
    var shape: String
    var paint: Paint
    var title: String
    var style: String { "\(shape) lc \(GnuplotScript.color(paint))" }
  }

  /// The name of a candidate at its mark.
  static func name(of candidate: TuneData.Candidate) -> String {
    candidate.point.isEmpty
      ? DisplayUnit.bytes(upTo: candidate.threshold).text(candidate.threshold) : candidate.point
  }

  /// Writes the choice's name, with its value and unit, at its mark: above it, or below it where the ``knee(_:)`` may stand
  /// above.
  static func label(
    _ data: TuneData, at place: (x: Double, y: Double), isBelow: Bool = false, _ script: inout GnuplotScript
  ) {
    guard let choice = data.choice else { return }
    // The last candidate stands near the axis at the right.
    let isLast = data.candidates.last?.status == "chosen"
    let side = isLast ? "right offset \(isBelow ? -0.7 : 0.5)" : "left offset 1"
    label(name(of: choice), number: 8, side: "\(side), \(isBelow ? -1 : 1)", at: place, &script)
  }

  /// The smallest threshold that cannot be told apart from the choice, if it is another.
  static func knee(_ data: TuneData) -> Int? {
    guard !data.isOfPoints else { return nil }
    let knee = data.candidates.indices.filter { ["alive", "chosen"].contains(data.candidates[$0].status) }
      .min { data.candidates[$0].threshold < data.candidates[$1].threshold }
    return knee.flatMap { data.candidates[$0].status == "chosen" ? nil : $0 }
  }

  /// Writes the name of the ``knee(_:)`` at its mark: where a curve falls, there is room at the left below it.
  static func labelKnee(_ data: TuneData, at places: [[Double]], _ script: inout GnuplotScript) {
    guard let knee = knee(data) else { return }
    label(
      name(of: data.candidates[knee]), number: 7, side: "right offset -1, -0.8", at: (places[knee][0], places[knee][1]),
      &script)
  }

  private static func label(
    _ text: String, number: Int, side: String, at place: (x: Double, y: Double), _ script: inout GnuplotScript
  ) {
    script.add(
      "set label \(number) \(GnuplotScript.quoted(text)) at first \(GnuplotScript.number(place.x)), "
        + "first \(GnuplotScript.number(place.y)) \(side) front font ',12' textcolor \(GnuplotScript.color(.ink))"
    )
  }
}
