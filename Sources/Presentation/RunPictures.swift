import Experiments
import Results

/// The pictures of a plain run.
enum RunPictures {
  private static let noDevices = "the run left out devices.csv (--no-devices)"

  static func all(of folder: ResultsFolder, rerun: Rerun.Cost) throws -> Gallery {
    let data = try RunData(folder, rerun: rerun)
    var gallery = Gallery(replay: try Replay(data), data: data)
    gallery.add(
      CompletionPicture.picture(of: data), or: "Completion over time",
      data.hasDevices ? "no device is complete" : noDevices)
    try gallery.add(RolesPicture.picture(of: data), or: "Roles over time", data.withoutTime)
    gallery.add(
      TotalGapPicture.picture(of: data), or: "Total gaps against the threshold",
      data.threshold == nil ? "nobody can be promoted" : data.hasDevices ? "no device has a gap" : noDevices)
    try gallery.add(GapSizesPicture.picture(of: data), or: "Gap sizes", "there is no gap")
    gallery.add(MissingBlocksPicture.picture(of: data), or: "Missing blocks by device", data.withoutGaps ?? "no gap")
    gallery.add(
      UplinkPicture.picture(of: data), or: "Bytes on the uplink over time",
      data.withoutBytes ?? data.withoutTime ?? "nothing sent")
    if !data.network.segments.isEmpty {
      try gallery.add(
        SegmentRatesPicture.picture(of: data), or: "Rate of each segment over time", data.withoutTime ?? "nothing sent"
      )
    }
    if let picture = try LossesPicture.picture(of: data) {
      gallery.add(picture)
    } else if data.hasPorts, try LossesPicture.sentence(of: data) == nil {
      gallery.add(
        nil, or: "Where packets die", data.hasDevices ? "nothing was lost, as far as the files know" : noDevices)
    }
    return gallery
  }
}

/// The pictures, and notes on those that could not be made.
package struct Gallery: Sendable {
  package private(set) var pictures: [Picture] = []
  package private(set) var omissions: [Omission] = []
  /// The first replication of a run, to be played.
  package var replay: Replay?
  /// What a run's pictures were made from, for a page that tells more.
  var data: RunData?

  /// The pictures that `draw` accepts. A picture that gnuplot refuses is left out with a note.
  ///
  /// - Throws: the error of `draw`; a refusal by gnuplot only if it refuses all pictures.
  func drawn(_ draw: (Picture) throws -> Void) throws -> Gallery {
    var drawn = self
    drawn.pictures = []
    for picture in pictures {
      do {
        try draw(picture)
        drawn.pictures.append(picture)
      } catch let error as PresentationError {
        guard case .gnuplotFailed(_, let reason) = error else { throw error }
        drawn.omissions.append(Omission(title: picture.title, reason: "gnuplot refuses it: \(reason)"))
        if drawn.pictures.isEmpty, picture.name == pictures.last?.name { throw error }
      }
    }
    return drawn
  }

  /// The pictures whose names begin so, and all else.
  func divided(by prefix: String) -> (those: Gallery, rest: Gallery) {
    var (those, rest) = (Gallery(), self)
    those.pictures = pictures.filter { $0.name.hasPrefix(prefix) }
    rest.pictures.removeAll { $0.name.hasPrefix(prefix) }
    return (those, rest)
  }

  mutating func add(_ picture: Picture) { pictures.append(picture) }

  /// Adds a picture, or a note why it is missing.
  mutating func add(_ picture: Picture?, or title: String, _ reason: @autoclosure () -> String?) {
    if let picture {
      add(picture)
    } else {
      omissions.append(Omission(title: title, reason: reason() ?? "there is nothing to show"))
    }
  }
}

extension RunData {
  /// Why the places of gaps are not known; nil if they are.
  var withoutGaps: String? { recorded == nil ? withoutRerun : nil }

  /// Why it is not known what was sent when; nil if it is.
  var withoutBytes: String? {
    guard folder.isLive else { return withoutRerun }
    return folder.manifest.live?.first?.hasServer ?? false ? nil : "the server left no record"
  }

  /// Why it is not known what happened when in a simulated run; nil if it is, or if the run is a live one.
  var withoutTime: String? {
    guard !folder.isLive else { return nil }
    guard case .success(let rerun) = rerun else { return withoutRerun }
    return rerun.record.timeline.count > 1 ? nil : "\(firstName) was over within a microsecond"
  }

  /// Why there is no rerun; nil if there is one.
  var withoutRerun: String? {
    if case .failure(let error) = rerun { "\(error)" } else { nil }
  }
}
