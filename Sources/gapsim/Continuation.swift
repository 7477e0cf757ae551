import ArgumentParser
import Experiments
import Glibc
import Presentation
import Results

/// The options that say what to do with results and runs that exist already, and which share of the runs to do.
struct Continuation: ParsableArguments {
  @Flag(help: "Go on with the runs of an interrupted command, or of results with fewer replications.")
  var resume = false

  @Flag(
    name: [.long, .customLong("restart")],
    help: "Start anew, even if runs or results of this program are there.")
  var force = false

  @Option(
    help: ArgumentHelp(
      "Do only a share of the runs, such as 3/16, into a directory that 'gapsim merge' takes.", valueName: "share"),
    transform: { text in
      guard let share = Share(text) else {
        throw ValidationError(
          "'\(text)' is no share; the third of sixteen is written 3/16, and there are at most \(Share.most)")
      }
      return share
    })
  var shard: Share?

  func validate() throws {
    if resume, force { throw ValidationError("--resume takes runs over and --force gives them up: choose one") }
  }

  /// How to start, by these options.
  var start: Sweep.Start { resume ? .resume : force ? .restart : .new }

  /// Puts the options into an experiment. If a signal ends it, a message says how to go on.
  func apply(to sweep: inout Sweep) {
    sweep.start = start
    sweep.share = shard
    sweep.interrupted = { journal, runs in
      let kept = runs == 0 ? "no run was finished" : Self.kept(runs, in: journal)
      Failure.say((StandardError.isTerminal ? "\n" : "") + "interrupted: " + kept)
    }
    sweep.stopped = { journal, runs in Failure.say("note: " + Self.kept(runs, in: journal)) }
  }

  private static func kept(_ runs: Int, in journal: String) -> String {
    "\(runs) finished run\(runs == 1 ? " is" : "s are") kept in \(journal); the same command "
      + "with --resume goes on with \(runs == 1 ? "it" : "them")"
  }

  /// Says how to go on with a tuning for which the disk was full.
  static let sayTuningStopped: @Sendable (_ journal: String, _ records: Int) -> Void = { journal, _ in
    Failure.say("note: what was run is kept in \(journal); --resume goes on with it")
  }

  /// Says how to go on with a tuning that a signal ended.
  static let sayTuningInterrupted: @Sendable (_ journal: String, _ records: Int) -> Void = { journal, records in
    guard records > 0 else { return }
    Failure.say(
      (StandardError.isTerminal ? "\n" : "")
        + "interrupted: what was run is kept in \(journal); --resume goes on with it")
  }
}
