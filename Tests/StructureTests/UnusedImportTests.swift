import Foundation
import Testing

/// Of every target that a file imports, it uses something.
///
/// Read from names, not from the compiler: a file uses a target where it names a type or function
/// that the target offers, or a member that the target adds to another module's type. Members of
/// the target's own types are no reason for an import, since a file that names none of these types
/// has their values from what it does import.
@Suite struct UnusedImportTests {
  /// What a target offers to the files that import it.
  struct Offer: Equatable {
    /// Types and functions outside of braces.
    var names: Set<String> = []
    /// Members that it adds to the types of others, by the type.
    var members: [String: Set<String>] = [:]

    /// - Parameter files: the texts of all files of the target.
    init(_ files: [String]) {
      var own: Set<String> = []
      for file in files {
        let tokens = House.tokens(file)
        own.formUnion(House.declarations(tokens))
        var (depth, extended, isOffered) = (0, "", false)
        for (token, next) in zip(tokens, tokens.dropFirst()) {
          switch token {
          case "{": depth += 1
          case "}":
            depth -= 1
            if depth == 0 { extended = "" }
          case "\n": isOffered = false
          case "public", "package", "open": isOffered = true
          case "extension" where depth == 0: extended = next
          case "init" where isOffered && depth == 1 && !extended.isEmpty:
            // A call of it has no name but the type's.
            members[extended, default: []].insert(extended)
          default: break
          }
          guard isOffered, House.keywords.contains(token), next != "\n", next != "{" else {
            continue
          }
          if depth == 0 { names.insert(next) }
          if depth == 1, !extended.isEmpty { members[extended, default: []].insert(next) }
        }
      }
      members = members.filter { !own.contains($0.key) }
    }

    func isUsed(by file: Words) -> Bool {
      !names.isDisjoint(with: file.alone)
        || members.contains { type, members in
          !members.isDisjoint(with: file.behindDot)
            || file.alone.contains(type) && !members.isDisjoint(with: file.alone)
        }
    }
  }

  /// The words of a file's code, without those of its imports.
  struct Words {
    var alone: Set<String> = []
    var behindDot: Set<String> = []

    init(_ text: String) {
      let lines = House.code(text).split(separator: "\n")
      for line in lines where !line.contains(/^\s*(@\w+\s+)*(\w+\s+)?import\s/) {
        for word in line.matches(of: #/(\.*)([A-Za-z_]\w*)/#) {
          if word.1.count == 1 {
            behindDot.insert(String(word.2))
          } else {
            alone.insert(String(word.2))
          }
        }
      }
    }
  }

  @Test func everyImportIsUsed() throws {
    let folder = ImportTests.sources.path
    let paths = try FileManager.default.subpathsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".swift") && !$0.hasSuffix(".pb.swift") }.sorted()
    var texts: [String: [(path: String, text: String)]] = [:]
    for path in paths {
      let text = try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
      texts[String(path.prefix { $0 != "/" }), default: []].append((path, text))
    }
    let offers = texts.mapValues { Offer($0.map(\.text)) }
    #expect(offers.count > 10)
    for (path, text) in texts.values.joined() {
      let words = Words(text)
      // A file that exports a target to others need not use it itself.
      for target in ImportTests.imports(text.replacing(/@_exported import.*/, with: "")) {
        // The targets in C are not read.
        guard let offer = offers[target] else { continue }
        #expect(
          offer.isUsed(by: words) || words.alone.contains(target),
          "\(path) imports \(target) and uses nothing of it")
      }
    }
  }

  @Test func namesAreSeen() {
    let offer = Offer([
      """
      public struct A { public var inside = 0 }
      func hidden() {}
      package func f(x: Int) {}
      extension A { public var own: Int { 0 } }
      """,
      """
      extension String {
        public func added() {}
        func hiddenToo() {}
      }
      extension Float { package init(half: Int) {} }
      """,
    ])
    #expect(offer.names == ["A", "f"])
    #expect(offer.members == ["String": ["added"], "Float": ["Float"]])
    let interpolated = #""\(text.added())""#
    for used in ["let a: A", "x = [f(x: 1)]", "text.added()", interpolated, "Float(half: 1)"] {
      #expect(offer.isUsed(by: Words("import M\n" + used)), "\(used)")
    }
    for unused in ["// A", "a.inside", "hidden()", "x.f", "text.hiddenToo()", "added = 1"] {
      #expect(!offer.isUsed(by: Words("import M\n" + unused)), "\(unused)")
    }
  }
}
