import Quantities

/// The size of a picture: its width and height in the pixels of a browser. PNG has twice as many.
package struct PictureSize: Hashable, Sendable {
  package let width: Int
  package let height: Int

  /// The size of a picture if nobody asks for another one.
  package static let usual = PictureSize(width: 800, height: 480)

  /// Smaller pictures have no room for their axes, larger ones take a GiB to draw.
  package static let smallest = PictureSize(width: 320, height: 240)
  package static let largest = PictureSize(width: 3000, height: 3000)

  private init(width: Int, height: Int) { (self.width, self.height) = (width, height) }

  /// Reads a size such as `1200x600`.
  ///
  /// - Throws: ``PictureSizeError``.
  package init(_ text: String) throws(PictureSizeError) {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == "x" || $0 == "×" || $0 == "X" }
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 9 && $0.allSatisfy(\.isASCIIDigit) }),
      let width = Int(parts[0]), let height = Int(parts[1])
    else { throw .unreadable(text) }
    guard (Self.smallest.width...Self.largest.width).contains(width),
      (Self.smallest.height...Self.largest.height).contains(height)
    else { throw .outOfRange(text) }
    self.init(width: width, height: height)
  }
}

/// Why a text is no size of a picture.
package enum PictureSizeError: Error, Hashable, Sendable, CustomStringConvertible {
  case unreadable(String)
  case outOfRange(String)

  package var description: String {
    let (least, most) = (PictureSize.smallest, PictureSize.largest)
    return switch self {
    case .unreadable(let text):
      "'\(text.printable.prefix(40))' is no size; a picture of 1200 by 600 pixels is written 1200x600"
    case .outOfRange(let text):
      "'\(text.printable.prefix(40))' is out of range; allowed: \(least.width)x\(least.height) … "
        + "\(most.width)x\(most.height)"
    }
  }
}

extension Character {
  fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
