/// What is wrong with a value in a JSON text, in the words of messages.
package struct JSONFault: Sendable, Equatable {
  /// The value's key, as `splits.train[0].images.bytes`; nil for the outermost object.
  package let place: String?
  package let expected: String
  package let found: String

  /// Nil where no key can be named: the text is no JSON, or a number does not fit its type, for
  /// which Foundation has the same words.
  package init?(_ error: DecodingError) {
    let (context, expected, found): (DecodingError.Context, String, String)
    switch error {
    case .keyNotFound(let key, let at):
      (context, expected, found) = (at, "the key \"\(key.stringValue)\"", "none")
    case .typeMismatch(let type, let at):
      (context, expected) = (at, Self.name(of: type))
      // Foundation's words: "Expected to decode Int but found a string instead."
      let words = at.debugDescription.firstMatch(of: /but found (?:an? )?(.+?) instead/)?.1
      found = Self.names[words.map(String.init) ?? ""] ?? "something else"
    case .valueNotFound(let type, let at):
      (context, expected, found) = (at, Self.name(of: type), "null")
    case .dataCorrupted(let at) where !at.codingPath.isEmpty:
      (context, expected, found) = (at, "a value in range", at.debugDescription)
    default: return nil
    }
    let path = Self.path(context.codingPath)
    place = path.isEmpty ? nil : path
    (self.expected, self.found) = (expected, found)
  }

  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is Int.Type: "a whole number"
    case is Double.Type, is Float.Type: "a number"
    case is String.Type: "a text"
    case is [Any].Type: "a list"
    case is Bool.Type: "true or false"
    default: "an object"
    }
  }

  /// What Foundation calls the kinds of values, in our words.
  private static let names = [
    "number": "a number", "string": "a text", "string/data": "a text", "array": "a list",
    "dictionary": "an object", "bool": "true or false", "null": "null", "null value": "null",
  ]

  private static func path(_ keys: [any CodingKey]) -> String {
    var text = ""
    for key in keys {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return text
  }
}
