// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that who builds gapsim does not build this.
let package = Package(
  name: "boot-fuzz",
  dependencies: [.package(name: "gapsim", path: "../../..")],
  targets: [
    .executableTarget(
      name: "boot-fuzz",
      dependencies: [
        .product(name: "BlockTransfer", package: "gapsim"),
        .product(name: "BootService", package: "gapsim"),
        .product(name: "PromotionEngine", package: "gapsim"),
        .product(name: "TFTPWire", package: "gapsim"),
        .product(name: "Timebase", package: "gapsim"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error)])
  ]
)
