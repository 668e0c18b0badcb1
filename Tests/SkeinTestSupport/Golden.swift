import Foundation

/// The cases of one golden file.
package struct Golden<Case: Decodable>: Decodable {
  package let cases: [Case]

  package init(_ name: String) throws {
    self = try JSONDecoder().decode(
      Self.self, from: Data(contentsOf: Repository.goldens.appendingPathComponent(name)))
  }
}
