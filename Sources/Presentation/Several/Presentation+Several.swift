import Experiments
import FoundationEssentials
import Results

extension Presentation {
  /// Writes a page that lays several directories of results over each other.
  ///
  /// - Parameters:
  ///   - arguments: the directories, each as DIR or LABEL=DIR.
  ///   - output: the page; if nil it is called by the labels and goes to the current directory.
  ///   - rerun: what it may cost to run a replication of each again, for pictures of roles.
  @discardableResult
  package static func overlay(
    _ arguments: [String], output: String? = nil, rerun: Rerun.Cost = .little
  ) throws -> Drawn {
    let results = try LabelledResults.all(arguments)
    let path = output ?? name(of: results.map(\.label))
    let page = try OverlayPage(results, links: results.map { ownPage(of: $0.folder.path, from: path) })
    let gallery = try put(OverlayPictures.all(of: results, page.figures, rerun: rerun), at: path) {
      try page.page($0, $1)
    }
    return Drawn(path: path, gallery: gallery)
  }

  /// The name of a page of several results: `before-after.html`.
  static func name(of labels: [String]) -> String {
    func part(_ label: String) -> String {
      let name = label.map { $0 == "/" || !$0.unicodeScalars.allSatisfy(\.isPrintable) ? "-" : String($0) }.joined()
      return name.hasPrefix(".") ? "-" + name.dropFirst() : name
    }
    let names = labels.map(part)
    let name = names.joined(separator: "-")
    return (name.utf8.count <= 120 ? name : "\(names[0].prefix(30))-and-\(names.count - 1)-others") + ".html"
  }

  /// The way from a page to that of a directory of results, if it stands beside the directory.
  static func ownPage(of directory: String, from page: String) -> String? {
    let own = defaultPath(for: directory, suffix: ".html")
    return FileManager.default.fileExists(atPath: own) ? way(from: page, to: own) : nil
  }
}
