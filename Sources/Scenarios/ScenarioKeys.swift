/// All keys of scenario files, each described once, in the order of the reference page.
public enum ScenarioKeys {
  /// The version of the format that this program reads and writes.
  static let formatVersion: UInt64 = 1
  /// The longest time that a scenario may name: 365 days.
  static let longestTime: UInt64 = 365 * 86_400_000_000_000
  /// The most devices of all cohorts together.
  static let mostDevices: UInt64 = 16_000_000
  /// The most cohorts.
  static let mostCohorts = 100_000

  /// Every key.
  public static let all: [ScenarioKey] =
    experiment + expect + protocolKeys + promotion + server + cohort + limits + loss + join + leaves + sweep

  private static let byPath = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })
  private static let byParent = Dictionary(grouping: all, by: \.parent)

  /// The key of a path; a path that is not in the table is a mistake of the program.
  static func key(_ path: String) -> ScenarioKey {
    guard let key = byPath[path] else { preconditionFailure("no key '\(path)' in the table") }
    return key
  }

  /// The keys of a section, in order.
  static func keys(of section: String) -> [ScenarioKey] { byParent[section] ?? [] }

  /// The sections that a key of this name stands in, for a key in the wrong place.
  static func sections(withKey name: String) -> [String] { all.filter { $0.name == name }.map(\.parent) }

  static func time(_ lowest: UInt64) -> ScenarioKey.Form { .quantity(.time, lowest...longestTime) }

  static let experiment: [ScenarioKey] = [
    ScenarioKey(
      "gapsim",
      .integer(1...formatVersion),
      default: .value("1"),
      example: "1",
      "The version of this file format."
    ),
    ScenarioKey(
      "name",
      .name,
      default: .described("the file's name without its extension"),
      example: "lab-boot",
      "The scenario's name, as it stands in every row of the results and in file names. At most 200 bytes in UTF-8, no"
        + " control characters, no `/`, no point at the beginning; none of `=`, `+`, `-` and `@` there either, which begin"
        + " formulas, and no marks that turn text around. One that readers of CSV take for a missing value (`NA`, `null`)"
        + " or a number gets a warning."
    ),
    ScenarioKey(
      "description",
      .text,
      default: .described("empty"),
      example: "A lab of 500 devices boots one image.",
      "What the scenario shows, for people. At most 10 000 characters."
    ),
    ScenarioKey(
      "seed",
      .integer(0...UInt64.max),
      default: .value("1"),
      example: "1",
      "The seed of all random numbers: the same scenario and seed give the same results, byte for byte."
    ),
    ScenarioKey(
      "replications",
      .integer(1...1_000_000),
      default: .value("10"),
      example: "10",
      "How many times the scenario is run, each time with other random numbers. Replication 7 is the same in a batch of"
        + " 10 or of 1000."
    ),
    ScenarioKey("file", .section, default: .required, example: "{size: 48 MiB}", "The boot image."),
    ScenarioKey(
      "file.size",
      .quantity(.size, 0...(1 << 48)),
      default: .required,
      example: "48 MiB",
      "The image's size. It divides into `size / blksize + 1` blocks, the last one short, possibly empty (RFC 1350)."
    ),
    ScenarioKey(
      "timeline",
      time(1_000),
      default: .nothing,
      example: "1 s",
      "The step of `timeline.csv`: how many devices are in each role, and how busy the uplink is. `none` writes no"
        + " timeline. The option `--timeline` sets it too."
    ),
  ]
}
