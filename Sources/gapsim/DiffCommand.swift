import ArgumentParser
import Comparison
import Presentation
import Results
import Scenarios

/// `gapsim diff`: the first event at which two runs differ.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show the first event at which two runs differ, and the states there.",
    discussion: """
      A and B are each a directory of results, whose scenario is run again; a scenario file; or a log that 'gapsim \
      log' wrote, perhaps by another version of the program. Without B both are A, with settings of their own.

      Examples:
        gapsim diff Results/before Results/after --replication 3
        gapsim diff Scenarios/late-joiners.yaml --set-b 'protocol.promotion.threshold=64 KiB' --ignore-times
        old-gapsim log Results/lab-boot -o old.log && gapsim diff old.log Results/lab-boot

      Exit codes: 0 the runs are the same; 1 they differ; 2 they cannot be compared; 64 wrong usage; 65 results were \
      changed after they were written.
      """)

  @Argument(help: "A directory of results, a scenario file, or an event log.", completion: .file())
  var a: String

  @Argument(help: "The same; if it is left out, A with other settings.", completion: .file())
  var b: String?

  @Option(help: "The replication, from 1. (default: that of a log, else 1)")
  var replication: Int?

  @Option(help: pointHelp)
  var point: Int?

  @Flag(help: "Compare only what happens, and in which order, not when.")
  var ignoreTimes = false

  @Option(help: ArgumentHelp("Replace a value of A; may be repeated.", valueName: "key.path=value"))
  var setA: [String] = []

  @Option(help: ArgumentHelp("Replace a value of B; may be repeated.", valueName: "key.path=value"))
  var setB: [String] = []

  @Option(help: ArgumentHelp("Replace a value of both; may be repeated.", valueName: "key.path=value"))
  var set: [String] = []

  func validate() throws {
    if let replication, replication < 1 { throw ValidationError("--replication \(replication): at least 1") }
    if b == nil, setA == setB {
      throw ValidationError("A alone would be compared with itself; give B, or --set-b key.path=value")
    }
  }

  func run() throws {
    let difference: EventDifference
    let counter = EventCounter()
    do {
      let (left, right) = try EventOperand.sides(
        a, overrides: self.set + setA, b, otherOverrides: self.set + setB, point: point)
      difference = try EventOperand.difference(
        left, right, replication: replication, times: !ignoreTimes, progress: counter.update)
    } catch let error as ResultsFolderError where error.isDamage {
      throw Failure.code(saying: error)
    } catch {
      Failure.say(error is ScenarioError ? "\(error)" : "error: cannot compare: \(error)")
      throw Failure.cannotCompare
    }
    counter.finish()
    print(difference.text, terminator: "")
    if difference.isFound { throw Failure.differs }
  }
}
