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
  static let marks: [(status: String, style: String, title: String)] = [
    ("unfit", "pt 2 ps 0.7 lc \(GnuplotScript.color(.grey))", "does not meet what is required"),
    ("eliminated", "pt 6 ps 0.6 lc \(GnuplotScript.color(.grey))", "worse"),
    ("alive", "pt 7 ps 0.6 lc \(GnuplotScript.color(.blue))", "not told apart from the choice"),
    ("better", "pt 9 ps 0.9 lc \(GnuplotScript.color(.vermillion))", "seems better: no answer yet"),
    ("chosen", "pt 13 ps 1.3 lc \(GnuplotScript.color(.ink))", "the choice"),
  ]

  /// The name of a candidate at its mark.
  static func name(of candidate: TuneData.Candidate) -> String {
    candidate.point.isEmpty
      ? DisplayUnit.bytes(upTo: candidate.threshold).text(candidate.threshold) : candidate.point
  }

  /// Writes the choice's name, with its value and unit, at its mark.
  static func label(_ data: TuneData, at place: (x: Double, y: Double), _ script: inout GnuplotScript) {
    guard let choice = data.choice else { return }
    script.add(
      "set label 8 \(GnuplotScript.quoted(name(of: choice))) at first \(GnuplotScript.number(place.x)), "
        + "first \(GnuplotScript.number(place.y)) left offset 1, 1 front font ',12' textcolor \(GnuplotScript.color(.ink))"
    )
  }
}
