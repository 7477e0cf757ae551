import Glibc
import Timebase

// What hostile packets, and a long time, do to the two ends of gapcast. It prints what was done and its cost, and ends
// with 1 if something does not hold. Build it with `--sanitize address` to see what reads beyond its memory.
let arguments = CommandLine.arguments.dropFirst()
let count = arguments.dropFirst().first.flatMap { Int($0) } ?? 0
let seed = arguments.dropFirst(2).first.flatMap { UInt64($0) } ?? 1

switch (arguments.first, count) {
case ("server", 1...):
  var fuzz = ServerFuzz(seed: seed)
  var fifths = Fifths(of: count, "packet")
  for step in 1...count {
    fuzz.step()
    fifths.done(step, of: count / 5)
  }
  fuzz.finish()
  fifths.check()
  print("\(count) packets into a server, which sent \(fuzz.sent): everything holds")
case ("client", 1...):
  var fuzz = ClientFuzz(seed: seed)
  var fifths = Fifths(of: count, "packet")
  for step in 1...count {
    fuzz.step()
    fifths.done(step, of: count / 5)
  }
  fifths.check()
  print("\(count) packets into clients, which sent \(fuzz.sent): everything holds")
case ("churn", 1...):
  var churn = Churn(seed: seed)
  let between = Nanoseconds.seconds(4)
  let stepsInAnHour = 900
  let steps = count * stepsInAnHour
  var fifths = Fifths(of: steps, "packet")
  var memory = MemoryByHour(of: count)
  var before = 0
  for step in 1...steps {
    churn.step(until: between * step)
    fifths.done(step, of: churn.packets - before)
    if step % (steps / 5) == 0 { before = churn.packets }
    if step % stepsInAnHour == 0 { memory.done(step / stepsInAnHour) }
  }
  fifths.check()
  print("\(count) h: \(churn.packets) packets, \(churn.ended) clients ended, \(churn.complete) of them complete")
  hold(churn.complete * 2 > churn.ended, "most of the clients that live are to be complete")
default:
  print(
    """
    usage: boot-fuzz server|client PACKETS [SEED]
           boot-fuzz churn HOURS [SEED]
    """)
  exit(64)
}
