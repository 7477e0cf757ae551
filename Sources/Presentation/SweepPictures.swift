import Experiment

enum SweepPictures {
  static func all(of folder: ResultsFolder) throws -> Gallery { Gallery() }
}
enum TunePictures {
  static func all(of folder: ResultsFolder) throws -> Gallery { Gallery() }
}
