import Quantities
import Results
import RunMetrics

/// A column of an exported table.
struct ExportedColumn: Hashable, Sendable {
  /// What its values are. An empty field has none.
  enum Kind: String, Hashable, Sendable {
    case text, integer, unsigned, real
  }

  /// Its name in the file.
  let name: String
  let kind: Kind
  /// Nil for text and for numbers that count nothing.
  let unit: String?
  /// One line, as on the reference page; nil if the program does not know the column.
  let meaning: String?
}

extension ExportedColumn {
  /// A column that the program knows; nil for one that is named by a varied key.
  init?(_ name: String, of table: TableDescription) {
    guard let known = table.columns.first(where: { $0.name == name }) else { return nil }
    let kind: Kind
    switch known.type {
    case .text: kind = .text
    case .integer: kind = .integer
    case .unsigned: kind = .unsigned
    case .real: kind = .real
    case .varied: return nil
    }
    self.init(name: name, kind: kind, unit: known.unit.symbol, meaning: known.documentation)
  }

  /// A column that is named by a key, whose values say what kind it is.
  init(key name: String, _ values: SeenValues) {
    let column = VariedColumn(name: name)
    let kind = values.kind
    self.init(
      name: name, kind: kind, unit: kind == .text ? nil : column.unit?.symbol,
      meaning: "the value of the key \(column.key) of a scenario"
        + (kind == .text || column.unit == nil ? "" : ", in its base unit"))
  }
}

/// What the values of a column have in common.
struct SeenValues: Hashable, Sendable {
  private var areWhole = true
  private var areNumbers = true
  private var isEmpty = true

  /// The narrowest kind that holds all of them.
  var kind: ExportedColumn.Kind { isEmpty || !areNumbers ? .text : areWhole ? .integer : .real }

  /// Takes a field into account. An empty one says nothing.
  mutating func see(_ field: String) {
    guard !field.isEmpty else { return }
    isEmpty = false
    areWhole = areWhole && Int64(field) != nil
    areNumbers = areNumbers && CSVTable.number(field) != nil
  }

  /// What the values of some columns of a file have in common.
  static func all(of columns: [String], in reader: consuming CSVReader) throws(CSVError) -> [String: SeenValues] {
    let places = try columns.map { name throws(CSVError) in
      try CSVTable.column(name, in: reader.header, of: reader.path)
    }
    var seen = columns.map { _ in SeenValues() }
    while let (_, fields) = try reader.next() {
      for (index, place) in places.enumerated() { seen[index].see(fields[place]) }
    }
    return Dictionary(uniqueKeysWithValues: zip(columns, seen))
  }
}
