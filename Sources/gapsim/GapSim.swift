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
        gapsim tune my-lab.yaml            find its best threshold
        gapsim run my-lab.yaml --set 'protocol.promotion.threshold=64 KiB' -o Results/try

      Exit codes: 0 done; 64 wrong usage; 65 wrong scenario; 66 a file is missing; 70 the simulator contradicts itself;
      73 or 74 results cannot be written; 75 results are written, but a limit ended a run.
      """,
    version: Program.version,
    subcommands: [
      InitCommand.self, ValidateCommand.self, RunCommand.self, TuneCommand.self, SchemaCommand.self,
      ColumnsCommand.self,
    ])
}
