import Statistics

extension LossModelKind {
  /// The model's name for people.
  package var title: String {
    switch self {
    case .bernoulli: "Bernoulli"
    case .simpleGilbert: "simple Gilbert"
    case .gilbert: "Gilbert"
    case .gilbertElliott: "Gilbert–Elliott"
    case .simpleGilbertInTime: "simple Gilbert by time"
    case .gilbertInTime: "Gilbert by time"
    case .gilbertElliottInTime: "Gilbert–Elliott by time"
    case .runs: "runs"
    }
  }
}
