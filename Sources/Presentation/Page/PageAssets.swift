import CPageAssets
import FoundationEssentials
import Results

/// What a page contains as it is: the chart library with its style sheet, and the page's own script.
enum PageAssets {
  /// The scripts, one after the other, as they stand between the tags of their element.
  static let script = "\n" + [page_asset_dygraphs_script, page_asset_script].map(text).joined(separator: "\n") + "\n"

  /// What a browser lets a page do (Content Security Policy): run this one script, and load nothing from anywhere.
  ///
  /// Whatever a name might become by mistake, it could neither run nor ask a server. Styles are in elements and attributes
  /// that gnuplot and the chart library make; the cells of maps are pictures within the page.
  static let policy: String = {
    let digest = Data(SHA256.hash(data: Data(script.utf8))).base64EncodedString()
    return "default-src 'none'; script-src 'sha256-\(digest)'; style-src 'unsafe-inline'; img-src data:; "
      + "base-uri 'none'; form-action 'none'"
  }()

  /// The style sheets of the charts and of what the scripts make.
  static let style = [page_asset_dygraphs_style, page_asset_style].map(text).joined(separator: "\n")

  /// The chart library, as the page names it.
  static let library: (name: String, version: String, licence: String, link: String) = {
    let script = text(page_asset_dygraphs_script)
    let version = script.firstMatch(of: #/VERSION="([0-9.]+)"/#).map { String($0.1) } ?? ""
    return ("dygraphs", version, "MIT", "https://dygraphs.com")
  }()

  /// The text of a file. A browser would look for the maps of minified files, which a page does not have.
  private static func text(_ asset: PageAsset) -> String {
    String(decoding: UnsafeRawBufferPointer(start: asset.bytes, count: asset.count), as: UTF8.self)
      .replacing(#/(\/\/|\/\*)# sourceMappingURL=\S+( \*\/)?/#, with: "")
  }
}
