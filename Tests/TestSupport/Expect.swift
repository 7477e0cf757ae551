import Testing

/// Expects two values to be equal.
///
/// It says both when they are not, as `#expect(actual == expected)` does. The compiler is done with a plain call three
/// times sooner than with a macro, whose operands it types twice and among all the operators that there are.
package func expect<Value: Equatable>(
  _ actual: Value, equals expected: Value, _ comment: @autoclosure () -> Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  if actual == expected { return }
  #expect(actual == expected, comment(), sourceLocation: sourceLocation)
}

/// Expects two arrays to be equal, and says what is in one of them alone when they are not.
package func expect<Element: Equatable>(
  _ actual: [Element], equals expected: [Element], _ comment: @autoclosure () -> Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  if actual == expected { return }
  #expect(actual == expected, comment(), sourceLocation: sourceLocation)
}
