import Quantities

/// Prints text for people, in this module in place of the library's function: names in scenarios and in files of results are
/// shown as they are, but none of them steers a terminal.
func print(_ text: some CustomStringConvertible, terminator: String = "\n") {
  Swift.print(text.description.replacingUnprintable(except: ["\n", "\t"]), terminator: terminator)
}

/// Prints JSON for programs, which get every name back as it was: what is not printable stands there by its number.
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
