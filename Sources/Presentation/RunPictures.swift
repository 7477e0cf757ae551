import Experiment

/// The pictures of a plain run.
enum RunPictures {
  private static let noDevices = "the run left out devices.csv (--no-devices)"

  static func all(of folder: ResultsFolder) throws -> Gallery {
    let data = try RunData(folder)
    var gallery = Gallery()
    gallery.add(
      CompletionPicture.picture(of: data), or: "Completion over time",
      data.hasDevices ? "no device is complete" : noDevices)
    try gallery.add(RolesPicture.picture(of: data), or: "Roles over time", data.withoutRerun)
    gallery.add(
      TotalGapPicture.picture(of: data), or: "Total gaps against the threshold",
      data.hasDevices ? "no device has a gap" : noDevices)
    try gallery.add(GapSizesPicture.picture(of: data), or: "Gap sizes", "there is no gap")
    gallery.add(MissingBlocksPicture.picture(of: data), or: "Missing blocks by device", data.withoutRerun ?? "no gap")
    gallery.add(
      UplinkPicture.picture(of: data), or: "Bytes on the uplink over time", data.withoutRerun ?? "nothing sent")
    return gallery
  }
}

/// Pictures, and those that could not be made.
package struct Gallery: Sendable {
  package private(set) var pictures: [Picture] = []
  package private(set) var omissions: [Omission] = []

  /// Adds a picture, or notes why it is not there.
  mutating func add(_ picture: Picture?, or title: String, _ reason: @autoclosure () -> String?) {
    if let picture {
      pictures.append(picture)
    } else {
      omissions.append(Omission(title: title, reason: reason() ?? "there is nothing to show"))
    }
  }
}

extension RunData {
  /// Why there is no rerun, nil if there is one.
  var withoutRerun: String? {
    if case .failure(let error) = rerun { "\(error)" } else { nil }
  }
}
