import TestSupport
import Testing

@testable import Scenarios

struct YAMLEmitterTests {
  @Test(
    "a word or a quantity is written plain, and quoted where a reader might take it for anything else",
    arguments: [
      ("wifi", true), ("lab-boot_2", true), ("5 ms", true), ("64 KiB", true), ("1 Gbit/s", true),
      ("no", false), ("off", false), ("null", false), ("Wifi", false), ("5", false), ("5 ", false), ("ms 5", false),
      ("5 ms/x", false), ("5 /s", false), ("1.5 ms", false), ("5  ms", false), ("a: b", false), ("", false),
      ("fünf", false), ("-5 ms", false),
    ])
  func plain(text: String, isPlain: Bool) {
    expect(
      YAMLEmitter.text(of: .keys([("key", .string(text))])), equals: "key: " + (isPlain ? text : "\"\(text)\"") + "\n")
  }
}
