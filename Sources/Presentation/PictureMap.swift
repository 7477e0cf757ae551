/// What a picture of cells shows, for a map that answers to the reader. The page's script draws it in the picture's place.
package enum PictureMap: Encodable, Hashable, Sendable {
  case cells(CellMap)
  case blocks(BlockMap)

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .cells(let map): try map.encode(to: encoder)
    case .blocks(let map): try map.encode(to: encoder)
    }
  }

  /// An axis: what it counts, and of a key its values in the order of the columns or rows.
  package struct Side: Encodable, Hashable, Sendable {
    package var label: String
    package var texts: [String] = []
  }
}

/// A metric over two keys (`cells.js`).
package struct CellMap: Encodable, Hashable, Sendable {
  /// A cell, with the figures of the picture's table.
  package struct Cell: Encodable, Hashable, Sendable {
    /// From the left, and from the top.
    package var column: Int
    package var row: Int
    package var mean: Double
    package var low: Double
    package var high: Double
    /// What stands in it, as far as there is room: the mean, and half of its interval.
    package var text: String
    package var half: String
    package var fill: String
    package var ink: String
    package var isFramed: Bool
  }

  package var x: PictureMap.Side
  package var y: PictureMap.Side
  /// What is measured, and its unit.
  package var name: String
  package var unit: String
  /// What a frame says.
  package var frame: String
  package var cells: [Cell]
}

/// The missing blocks of devices where they lie (`blocks.js`).
package struct BlockMap: Encodable, Hashable, Sendable {
  /// Devices that lie together.
  package struct Cohort: Encodable, Hashable, Sendable {
    package var name: String
    /// The number of its first device.
    package var first: Int
    package var count: Int
  }

  /// How much of a cell must be missing for it to be painted so.
  package struct Level: Encodable, Hashable, Sendable {
    package var share: Double
    package var opacity: Double
    package var text: String
  }

  package var x = PictureMap.Side(label: "block")
  package var y = PictureMap.Side(label: "device")
  package var blocks: Int
  /// The blocks of a cell, if rows are of cells; nil if they are of gaps.
  package var cell: Int?
  /// The device of each row.
  package var devices: [Int]
  /// Two numbers for each gap: how many blocks lie between the one before and it, and its own. Of cells: how many cells
  /// lie between, and how many blocks are missing in it.
  package var rows: [[Int]]
  package var cohorts: [Cohort]
  package var levels: [Level]
}
