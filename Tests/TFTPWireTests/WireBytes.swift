/// The bytes of a packet: numbers, then text. `\0` in the text is a NUL.
func wireBytes(_ head: UInt8..., text: String) -> [UInt8] { head + Array(text.utf8) }
