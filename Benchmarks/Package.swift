// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that who builds gapsim does not build this.
let package = Package(
  name: "gapsim-benchmarks",
  dependencies: [.package(name: "gapsim", path: "..", traits: ["Unobserved"])],
  targets: [
    .target(name: "CFloor"),
    .executableTarget(
      name: "gapsim-benchmarks",
      dependencies: [
        "CFloor",
        .product(name: "EventSimulation", package: "gapsim"),
        .product(name: "BlockTransfer", package: "gapsim"),
        .product(name: "Network", package: "gapsim"),
        .product(name: "PromotionEngine", package: "gapsim"),
        .product(name: "PromotionRun", package: "gapsim"),
        .product(name: "Rivals", package: "gapsim"),
        .product(name: "Runs", package: "gapsim"),
        .product(name: "Timebase", package: "gapsim"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]
    ),
    // Without Foundation and Dispatch, under which valgrind fails: `.ci/check-hot-paths` counts its instructions.
    .executableTarget(
      name: "gapsim-hot-paths",
      dependencies: [
        "CFloor",
        .product(name: "EventSimulation", package: "gapsim"),
        .product(name: "BlockTransfer", package: "gapsim"),
        .product(name: "Network", package: "gapsim"),
        .product(name: "PromotionEngine", package: "gapsim"),
        .product(name: "PromotionRun", package: "gapsim"),
        .product(name: "Runs", package: "gapsim"),
        .product(name: "RandomStreams", package: "gapsim"),
        .product(name: "Timebase", package: "gapsim"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)]
    ),
  ]
)
