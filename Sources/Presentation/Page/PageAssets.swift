import CPageAssets

/// What a page contains as it is: the chart library with its style sheet, and the page's own script.
enum PageAssets {
  /// The scripts, one after the other.
  static let script = [page_asset_dygraphs_script, page_asset_script].map(text).joined(separator: "\n")

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
