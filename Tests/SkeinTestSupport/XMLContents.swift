import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What an XML document holds: its elements' names, and its texts without the space between.
package final class XMLContents: NSObject, XMLParserDelegate {
  /// How many elements there are of each name.
  package private(set) var elements: [String: Int] = [:]
  package private(set) var attributes: Set<String> = []
  package private(set) var text = ""

  /// - Throws: what the parser says about text that is not well-formed.
  package init(parsing text: String) throws {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    if !parser.parse() { throw parser.parserError ?? CocoaError(.fileReadCorruptFile) }
  }

  package func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes values: [String: String] = [:]
  ) {
    elements[name, default: 0] += 1
    attributes.formUnion(values.keys)
  }

  package func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
