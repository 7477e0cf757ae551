import ArgumentParser
import Experiment

@main
struct GapSim: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gapsim",
    abstract: "Simulates the promotion protocol: one boot image to hundreds of devices by multicast TFTP.",
    discussion: """
      A scenario file describes the network, the devices and the protocol; the same scenario and seed give the same bytes.

      Examples:
        gapsim init my-lab.yaml            write a commented scenario to start from
        gapsim validate my-lab.yaml        check it without running it
        gapsim run my-lab.yaml             run it, with the results in Results/my-lab
        gapsim sweep my-lab.yaml --vary protocol.promotion.threshold=0,64KiB..1MiB:log2
        gapsim tune my-lab.yaml            find its best threshold
        gapsim compare Results/my-lab Results/try   what got worse or better

      Exit codes: 0 done; 1 results are worse, different, or not as expected; 2 they cannot be compared; 64 wrong usage; \
      65 wrong scenario; 66 a file is missing; 69 gnuplot is missing; 70 the simulator contradicts itself; \
      73 or 74 results cannot be written; 75 results are written, but a limit ended a run.
      """,
    version: Program.version,
    subcommands: [
      InitCommand.self, ValidateCommand.self, RunCommand.self, SweepCommand.self, TuneCommand.self, PlotCommand.self,
      ReportCommand.self, CompareCommand.self, DiffCommand.self, LogCommand.self, SchemaCommand.self,
      ColumnsCommand.self,
    ])

  static func main() async {
    StandardOutput.checkAtExit()
    await main(nil)
  }
}
