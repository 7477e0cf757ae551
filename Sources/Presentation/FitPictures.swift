import Experiments
import Measurements
import Quantities
import Results
import Statistics

/// The pictures of a fit: the lengths of runs as they were measured, and as each model has them.
///
/// What a model has is drawn from it, at the same instants, many times over: so a chain in time can be compared too.
package struct FitPictures {
  /// The models with their runs, the best first.
  struct Model {
    let fit: LossFit
    let runs: LossData
  }

  /// Enough for a smooth line.
  package static let drawnPackets = 1_000_000

  let data: LossData
  let models: [Model]
  private let name: String
  private let drawn: Int

  /// - Parameters:
  ///   - name: what was measured, as the pictures call it.
  ///   - packets: how many packets are drawn of each model, at least as many as were measured.
  package init(_ selection: LossSelection, of name: String, packets: Int = drawnPackets) {
    data = selection.data
    (self.name, drawn) = (name, packets)
    models = selection.fits.enumerated().map { index, fit in
      Model(
        fit: fit, runs: selection.data.drawn(from: fit.law, packets: packets, number: UInt32(index + 1)))
    }
  }

  /// What a picture was made of: the measurement, and how much is drawn of each model.
  func subtitle(_ runs: String) -> String {
    Subtitle.text(
      name, [runs, "of each model \(HumanUnits.plural(max(drawn, data.packets), "packet")) are drawn"])
  }

  /// The pictures, and those that cannot be made.
  package var gallery: Gallery {
    var gallery = Gallery()
    gallery.add(RunLengthPicture.picture(of: self, lost: true), or: "Runs of lost packets", "there is no whole one")
    gallery.add(
      RunLengthPicture.picture(of: self, lost: false), or: "Runs of received packets", "there is no whole one")
    gallery.add(QuantilePicture.picture(of: self), or: "Quantiles against the best model", "there are no whole runs")
    return gallery
  }

  /// Draws them into a directory, which is then whole, or as it was before.
  package func draw(into path: String) throws -> Gallery {
    let gnuplot = try Gnuplot()
    let target = try PictureDirectory(at: path)
    let interruption = Interruption(target.discard)
    defer {
      target.discard()
      interruption.end()
    }
    return try target.write(gallery, with: gnuplot)
  }
}
