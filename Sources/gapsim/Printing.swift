import Quantities

/// Prints text for people. In this module it replaces the library's function: names from scenarios and files of results
/// are shown as they are, but cannot control the terminal.
func print(_ text: some CustomStringConvertible, terminator: String = "\n") {
  Swift.print(text.description.replacingUnprintable(except: ["\n", "\t"]), terminator: terminator)
}

/// Prints JSON for programs. They get every name back as it was: characters that are not printable are written by their
/// numbers.
func printJSON(_ json: String) {
  var text = ""
  for scalar in json.unicodeScalars {
    if scalar.isPrintable || scalar == "\n" {
      text.unicodeScalars.append(scalar)
    } else {
      let digits = String(scalar.value, radix: 16)
      text += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
  }
  Swift.print(text, terminator: "")
}
