// swift-tools-version: 6.2
import PackageDescription

/// Every target is held to the same bar in CI: a warning is an error. Whoever installs has another compiler, and other warnings.
let strict: [SwiftSetting] = Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]

/// For what reads scenarios, records and captures, compares results and writes pages: it waits for files and gnuplot, and
/// the optimiser would take half of the time of a build. A package that others depend on may set no such flag, so there
/// it does not.
let cold: [SwiftSetting] =
  Context.packageDirectory.contains("/checkouts/")
  ? strict : strict + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

/// `make test` has what the tests spend their time in optimised, with assertions and overflow traps on. `make debug` and
/// a plain `swift test` do without the optimiser, which leaves out checks of exclusive access where it has inlined both.
let optimizesTests = Context.environment["GAPSIM_OPTIMIZE_TESTS"] != nil
let busy: [SwiftSetting] =
  strict
  + (optimizesTests ? [.unsafeFlags(["-O", "-assert-config", "Debug"], .when(configuration: .debug))] : [])
let busyC: [CSetting] = optimizesTests ? [.unsafeFlags(["-O2"], .when(configuration: .debug))] : []

/// The modules from the bottom up; each imports only what stands above it in this list (`.ci/check-imports` looks).
let modules: [Target] = [
  // Their module maps name the static archives of libgsl-dev, nettle-dev, libsqlite3-dev and libyaml-dev: pkg-config would
  // add the shared ones.
  .systemLibrary(name: "CGSL"),
  .systemLibrary(name: "CNettle"),
  .systemLibrary(name: "CSQLite"),
  .systemLibrary(name: "CYAML"),
  .target(name: "CRandomStreams", dependencies: ["CGSL"], cSettings: busyC),
  .target(name: "Timebase", swiftSettings: busy),
  .target(name: "RandomStreams", dependencies: ["CGSL", "CRandomStreams", "Timebase"], swiftSettings: busy),
  .target(name: "Quantities", dependencies: ["Timebase"], swiftSettings: busy),
  .target(name: "Statistics", dependencies: ["CGSL", "RandomStreams"], swiftSettings: busy),
  .target(name: "EventSimulation", dependencies: ["Timebase"], swiftSettings: busy),
  .target(name: "BlockTransfer", swiftSettings: busy),
  .target(name: "Captures", swiftSettings: cold),
  .target(name: "TFTPWire", dependencies: ["BlockTransfer"], swiftSettings: busy),
  .target(name: "TFTPTransfer", dependencies: ["BlockTransfer", "TFTPWire", "Timebase"], swiftSettings: busy),
  .target(
    name: "PromotionEngine",
    dependencies: [
      "BlockTransfer", "TFTPWire", "Timebase",
      .product(name: "DequeModule", package: "swift-collections"),
      .product(name: "HeapModule", package: "swift-collections"),
    ],
    swiftSettings: busy),
  .target(
    name: "Network",
    dependencies: [
      "BlockTransfer", "EventSimulation", "RandomStreams", "Timebase",
      .product(name: "BitCollections", package: "swift-collections"),
      .product(name: "DequeModule", package: "swift-collections"),
    ],
    swiftSettings: busy),
  .target(
    name: "Runs",
    dependencies: ["BlockTransfer", "Network", "PromotionEngine", "TFTPWire", "Timebase"],
    swiftSettings: busy),
  .target(
    name: "PromotionRun",
    dependencies: [
      "BlockTransfer", "Network", "PromotionEngine", "Runs", "TFTPWire", "Timebase",
      .product(name: "BitCollections", package: "swift-collections"),
      .product(name: "DequeModule", package: "swift-collections"),
    ],
    swiftSettings: busy + [.define("UNOBSERVED", .when(traits: ["Unobserved"]))]),
  .target(
    name: "Rivals",
    dependencies: [
      "BlockTransfer", "Network", "PromotionEngine", "PromotionRun", "Runs", "TFTPTransfer", "TFTPWire", "Timebase",
      .product(name: "BitCollections", package: "swift-collections"),
      .product(name: "DequeModule", package: "swift-collections"),
    ],
    swiftSettings: strict),
  .target(
    name: "RunMetrics",
    dependencies: ["Network", "Quantities", "Runs", "Statistics", "TFTPWire", "Timebase"],
    swiftSettings: busy),
  .target(
    name: "Results",
    dependencies: [
      "BlockTransfer", "CNettle", "Network", "PromotionEngine", "Quantities", "RunMetrics", "Runs", "Statistics",
      "Timebase",
    ],
    swiftSettings: busy),
  .target(
    name: "Scenarios",
    dependencies: [
      "BlockTransfer", "CYAML", "Network", "PromotionEngine", "Quantities", "RandomStreams", "Results", "RunMetrics",
      "Runs", "Timebase",
    ],
    swiftSettings: cold),
  .target(
    name: "Measurements", dependencies: ["Captures", "Quantities", "Results", "Scenarios", "Statistics"],
    swiftSettings: cold),
  .target(
    name: "Experiments",
    dependencies: [
      "Network", "PromotionEngine", "PromotionRun", "Quantities", "RandomStreams", "Results", "Rivals", "RunMetrics",
      "Runs", "Scenarios", "Statistics", "Timebase",
    ],
    swiftSettings: cold),
  .target(
    name: "Comparison",
    dependencies: [
      "BlockTransfer", "Experiments", "PromotionEngine", "PromotionRun", "Quantities", "Results", "Rivals",
      "RunMetrics", "Runs", "Scenarios", "Statistics", "Timebase",
    ],
    swiftSettings: cold),
  .target(
    name: "Export",
    dependencies: ["CSQLite", "Experiments", "Quantities", "Results", "RunMetrics"], swiftSettings: cold),
  .target(
    name: "LiveRecords",
    dependencies: [
      "BlockTransfer", "Network", "PromotionEngine", "Quantities", "Results", "Runs", "Scenarios", "TFTPWire",
      "Timebase",
    ],
    swiftSettings: cold),
  // The scripts of the pages, compiled into the program.
  .target(
    name: "CPageAssets",
    exclude: [
      "base.js", "blocks.js", "cells.js", "charts.js", "cursor.js", "drawing.js", "links.js", "maps.js", "page.css",
      "replay-draw.js", "replay.js", "series.js", "tables.js",
    ]),
  .target(
    name: "Presentation",
    dependencies: [
      "BlockTransfer", "Comparison", "CPageAssets", "Experiments", "LiveRecords", "Measurements", "Network",
      "PromotionEngine", "PromotionRun", "Quantities", "RandomStreams", "Results", "RunMetrics", "Runs", "Scenarios",
      "Statistics", "TFTPWire", "Timebase",
    ],
    swiftSettings: cold),
  .executableTarget(
    name: "gapsim",
    dependencies: [
      "Captures", "Comparison", "Experiments", "Export", "Measurements", "Network", "Presentation", "PromotionRun",
      "Quantities", "Results", "Rivals", "Runs", "Scenarios", "Statistics", "Timebase",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    swiftSettings: cold),
  // What runs on real sockets. Who builds gapsim alone does not build these, nor the packages that only they need.
  .target(
    name: "BootService",
    dependencies: [
      "BlockTransfer", "PromotionEngine", "TFTPTransfer", "TFTPWire", "Timebase",
      .product(name: "DequeModule", package: "swift-collections"),
      .product(name: "HeapModule", package: "swift-collections"),
    ],
    swiftSettings: busy),
  .target(name: "CLinux"),
  .target(
    name: "LiveTransport",
    dependencies: [
      "BlockTransfer", "BootService", "CLinux", "CNettle", "LiveRecords", "Network", "PromotionEngine", "Quantities",
      "Runs", "Scenarios", "TFTPTransfer", "TFTPWire", "Timebase",
      .product(name: "DequeModule", package: "swift-collections"),
      .product(name: "Logging", package: "swift-log"),
      .product(name: "Metrics", package: "swift-metrics"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOHTTP1", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"),
    ],
    swiftSettings: strict),
  .executableTarget(
    name: "gapcast",
    dependencies: [
      "BootService", "LiveRecords", "LiveTransport", "PromotionEngine", "Quantities", "Results", "Scenarios",
      "TFTPTransfer", "TFTPWire", "Timebase",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
      .product(name: "Logging", package: "swift-log"),
      .product(name: "Metrics", package: "swift-metrics"),
      .product(name: "NIOPosix", package: "swift-nio"),
    ],
    swiftSettings: strict),
]

let tests: [Target] = [
  .testTarget(
    name: "TFTPWireTests", dependencies: ["BlockTransfer", "TestSupport", "TFTPWire"], swiftSettings: strict),
  .testTarget(
    name: "TFTPTransferTests", dependencies: ["BlockTransfer", "TestSupport", "TFTPTransfer", "TFTPWire", "Timebase"],
    swiftSettings: strict),
  .testTarget(
    name: "PromotionEngineTests",
    dependencies: ["BlockTransfer", "PromotionEngine", "TestSupport", "TFTPWire", "Timebase"],
    swiftSettings: strict),
  .testTarget(name: "QuantitiesTests", dependencies: ["Quantities", "TestSupport", "Timebase"], swiftSettings: strict),
  .testTarget(
    name: "RandomStreamsTests",
    dependencies: ["CGSL", "CRandomStreams", "RandomStreams", "Statistics", "TestSupport", "Timebase"],
    swiftSettings: strict),
  .testTarget(
    name: "StatisticsTests", dependencies: ["CGSL", "RandomStreams", "Statistics", "TestSupport"],
    swiftSettings: strict),
  .testTarget(
    name: "EventSimulationTests", dependencies: ["EventSimulation", "TestSupport", "Timebase"], swiftSettings: strict),
  .testTarget(name: "RunMetricsTests", dependencies: ["RunMetrics", "TestSupport"], swiftSettings: strict),
  .testTarget(
    name: "NetworkTests",
    dependencies: [
      "BlockTransfer", "CGSL", "Network", "PromotionEngine", "PromotionRun", "RandomStreams", "Runs", "Statistics",
      "TestSupport", "TFTPWire", "Timebase",
    ],
    swiftSettings: strict),
  .testTarget(
    name: "RivalsTests",
    dependencies: [
      "BlockTransfer", "CGSL", "Network", "PromotionEngine", "RandomStreams", "Rivals", "Runs", "Statistics",
      "TestSupport", "TFTPTransfer", "Timebase",
      .product(name: "BitCollections", package: "swift-collections"),
    ],
    swiftSettings: strict),
  .testTarget(
    name: "ResultsTests",
    dependencies: [
      "Fixtures", "Network", "PromotionEngine", "PromotionRun", "Quantities", "Results", "RunMetrics", "Runs",
      "Scenarios", "Statistics", "TestSupport", "TFTPWire", "Timebase",
    ],
    exclude: ["Golden"],
    swiftSettings: strict),
  .testTarget(
    name: "ScenariosTests",
    dependencies: [
      "BlockTransfer", "CYAML", "Fixtures", "Network", "PromotionEngine", "PromotionRun", "RandomStreams", "Rivals",
      "Runs", "Scenarios", "TestSupport", "Timebase",
    ],
    exclude: ["Golden"],
    swiftSettings: strict),
  .testTarget(name: "CapturesTests", dependencies: ["Captures", "TestSupport"], swiftSettings: strict),
  .testTarget(
    name: "MeasurementsTests",
    dependencies: [
      "Captures", "Measurements", "Network", "RandomStreams", "Scenarios", "Statistics", "TestSupport", "Timebase",
    ],
    swiftSettings: strict),
  .testTarget(
    name: "ExperimentsTests",
    dependencies: [
      "BlockTransfer", "Experiments", "Fixtures", "Network", "PromotionEngine", "PromotionRun", "Quantities",
      "RandomStreams", "Results", "RunMetrics", "Runs", "Scenarios", "Statistics", "TestSupport", "Timebase",
    ],
    exclude: ["Golden"],
    swiftSettings: strict),
  .testTarget(
    name: "ComparisonTests",
    dependencies: [
      "Comparison", "Experiments", "Fixtures", "Quantities", "Results", "RunMetrics", "Scenarios", "Statistics",
      "TestSupport",
    ],
    exclude: ["Golden"],
    swiftSettings: strict),
  .testTarget(
    name: "ExportTests", dependencies: ["CSQLite", "Export", "Fixtures", "Results", "TestSupport"],
    swiftSettings: strict),
  .testTarget(
    name: "PresentationTests",
    dependencies: [
      "Comparison", "Experiments", "Fixtures", "Measurements", "Network", "Presentation", "PromotionEngine",
      "PromotionRun", "Quantities", "RandomStreams", "Results", "Rivals", "RunMetrics", "Runs", "Scenarios",
      "Statistics", "TestSupport", "Timebase",
    ],
    exclude: ["Golden"],
    swiftSettings: strict),
  .testTarget(
    name: "CommandLineTests",
    dependencies: ["Experiments", "gapsim", "PromotionRun", "Results", "Runs", "Scenarios", "TestSupport"],
    swiftSettings: strict),
  .testTarget(
    name: "LiveRecordsTests",
    dependencies: [
      "BlockTransfer", "Comparison", "Experiments", "LiveRecords", "Network", "Presentation", "PromotionEngine",
      "PromotionRun", "Results", "Runs", "Scenarios", "TestSupport", "TFTPWire", "Timebase",
    ],
    swiftSettings: strict),
  .testTarget(
    name: "BootServiceTests",
    dependencies: [
      "BlockTransfer", "BootService", "PromotionEngine", "TestSupport", "TFTPTransfer", "TFTPWire", "Timebase",
    ],
    swiftSettings: strict),
  .testTarget(
    name: "LiveTransportTests",
    dependencies: [
      "BlockTransfer", "BootService", "LiveRecords", "LiveTransport", "PromotionEngine", "Results", "TestSupport",
      "TFTPTransfer", "TFTPWire", "Timebase",
      .product(name: "Logging", package: "swift-log"),
      .product(name: "Metrics", package: "swift-metrics"),
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio"),
    ],
    swiftSettings: strict),
  .testTarget(
    name: "GapcastTests",
    dependencies: [
      "BootService", "gapcast", "LiveTransport", "PromotionEngine", "Results", "TestSupport",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    swiftSettings: strict),
  // What tests of several modules have in common.
  .testTarget(name: "TestSupport", swiftSettings: strict),
  .testTarget(
    name: "Fixtures",
    dependencies: [
      "BlockTransfer", "Experiments", "Network", "PromotionEngine", "PromotionRun", "Results", "Runs", "Scenarios",
      "TestSupport", "TFTPWire", "Timebase",
    ],
    swiftSettings: strict),
]

let package = Package(
  name: "gapsim",
  products: [
    .executable(name: "gapsim", targets: ["gapsim"]),
    .executable(name: "gapcast", targets: ["gapcast"]),
    .library(name: "BlockTransfer", targets: ["BlockTransfer"]),
    .library(name: "BootService", targets: ["BootService"]),
    .library(name: "EventSimulation", targets: ["EventSimulation"]),
    .library(name: "LiveTransport", targets: ["LiveTransport"]),
    .library(name: "Network", targets: ["Network"]),
    .library(name: "PromotionEngine", targets: ["PromotionEngine"]),
    .library(name: "PromotionRun", targets: ["PromotionRun"]),
    .library(name: "Rivals", targets: ["Rivals"]),
    .library(name: "Runs", targets: ["Runs"]),
    .library(name: "RandomStreams", targets: ["RandomStreams"]),
    .library(name: "TFTPWire", targets: ["TFTPWire"]),
    .library(name: "Timebase", targets: ["Timebase"]),
  ],
  traits: [.trait(name: "Unobserved", description: "Runs that nobody observes, for benchmarks.")],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
  ],
  targets: modules + tests
)
