import ArgumentParser

@main
struct GapSim: ParsableCommand {
  func run() throws {}
}
