import Foundation
import SkeinFiles
import SkeinModel
import SkeinRecord

/// The folder `history` of a run: `run.safetensors`, and a file per recorded epoch, such as
/// `epoch-000000003.safetensors`.
///
/// Its size is bounded. After epoch n it keeps the epochs 0 and n, and the multiples of the
/// smallest power of two that has at most 24 multiples up to n. This rule depends only on n, so a
/// resumed run ends with the same files as a run that was never stopped.
public struct RunHistory: Sendable {
  /// The most epochs that are kept, besides the first and the newest.
  public static let limit = 24

  /// The path of the folder.
  public let path: String
  private let calls: FileCalls

  /// The history in the folder `path`, written through `calls`.
  init(path: String, calls: FileCalls) {
    self.path = path
    self.calls = calls
  }

  /// Whether the history keeps epoch `epoch` once `newest` is the newest epoch.
  public static func keeps(_ epoch: Int, newest: Int) -> Bool {
    epoch <= newest && (epoch == newest || epoch % stride(newest: newest) == 0)
  }

  /// How many epochs are kept once `newest` is the newest one.
  static func keptCount(newest: Int) -> Int {
    let (multiples, rest) = newest.quotientAndRemainder(dividingBy: stride(newest: newest))
    return 1 + multiples + (rest == 0 ? 0 : 1)
  }

  /// The smallest power of two that has at most `limit` multiples up to `newest`.
  private static func stride(newest: Int) -> Int {
    var stride = 1
    while newest / stride > limit { stride *= 2 }
    return stride
  }

  /// The recorded epochs, ascending; empty where the folder cannot be read.
  public var epochs: [Int] {
    let names = (try? FolderListing.names(in: path)) ?? []
    return names.compactMap { name in
      guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix),
        let epoch = Int(name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)),
        file(epoch) == path + "/" + name
      else { return nil }
      return epoch
    }.sorted()
  }

  /// The record of the run as a whole; nil where nothing was recorded.
  ///
  /// - Throws: `FormatError` for a damaged file, `FileSystemError` where it cannot be read.
  public func run() throws -> RunRecord? {
    guard fileExists(runFile) else { return nil }
    return try RunRecord(decoding: try read(runFile, atMost: Self.largestRun), file: runFile)
  }

  /// The record of `epoch`, of a run that trains `network`.
  ///
  /// - Throws: `FormatError` for a file that is missing, is damaged, or belongs to another epoch or
  ///   network, `FileSystemError` where it cannot be read.
  public func record(_ epoch: Int, of network: Network) throws -> EpochRecord {
    let file = file(epoch)
    guard fileExists(file) else {
      throw FormatError(
        file: file, what: "file", expected: "an epoch's record", found: "no file")
    }
    let record: EpochRecord
    do {
      record = try EpochRecord(
        decoding: try read(file, atMost: EpochRecord.largestFile(of: network)), file: file)
    } catch let error as FormatError {
      throw error.advising(
        "remove the file, or take it from a copy of the run: pictures do without an epoch")
    }
    guard record.epoch == epoch else {
      throw FormatError(
        file: file, what: "metadata epoch", expected: "\(epoch), as in the file's name",
        found: "\(record.epoch)", advice: "the file was renamed: give it its own name back")
    }
    guard record.widths == network.widths else {
      throw FormatError(
        file: file, what: "layers", expected: "layers of widths \(network.widths)",
        found: "\(record.widths)", advice: "job.yaml and the history are of different runs")
    }
    return record
  }

  /// Makes the folder and writes the record of the run as a whole.
  ///
  /// - Throws: `FileSystemError`.
  func write(_ record: RunRecord) throws {
    if mkdir(path, 0o777) != 0 && errno != EEXIST {
      throw FileSystemError("make the folder", path, code: errno)
    }
    try AtomicFile.write([record.encode()], to: runFile, through: calls)
  }

  /// Writes `record`, and removes the epochs that are no longer kept.
  ///
  /// - Throws: `FileSystemError`.
  func write(_ record: EpochRecord) throws {
    try AtomicFile.write([record.encode()], to: file(record.epoch), through: calls)
    try remove { !Self.keeps($0, newest: record.epoch) }
  }

  /// Removes the epochs after `epoch`. A stopped run may have recorded epochs after its last
  /// checkpoint.
  ///
  /// - Throws: `FileSystemError`.
  func drop(after epoch: Int) throws { try remove { $0 > epoch } }

  private static let prefix = "epoch-"
  private static let suffix = ".safetensors"

  /// The most bytes that `run.safetensors` may have. It holds 1 MiB of samples, or one sample that
  /// is larger.
  static let largestRun = 256 << 20

  private var runFile: String { path + "/run.safetensors" }

  private func file(_ epoch: Int) -> String {
    let digits = String(epoch)
    return path + "/" + Self.prefix + String(repeating: "0", count: max(0, 9 - digits.count))
      + digits + Self.suffix
  }

  /// Whether the first bytes of `file` name the format of an epoch's record.
  private func isRecord(_ file: String) -> Bool {
    let bytes = (try? WholeFile.prefix(file, 4096)) ?? []
    return String(decoding: bytes, as: UTF8.self).contains("\"skein-history-epoch-")
  }

  private func read(_ file: String, atMost limit: Int) throws -> [UInt8] {
    do {
      return try WholeFile.read(file, atMost: limit)
    } catch .system(let code) {
      throw FileSystemError("read", file, code: code)
    } catch {
      throw FormatError(
        file: file, what: "file", expected: "a regular file of at most \(limit) bytes",
        found: error.description, advice: "no run leaves such a file")
    }
  }

  private func remove(_ isUnwanted: (Int) -> Bool) throws {
    for epoch in epochs where isUnwanted(epoch) {
      let file = file(epoch)
      // A file that is no record belongs to somebody else, whatever its name is.
      guard isRecord(file) else { continue }
      guard calls.unlink(file) == 0 || errno == ENOENT else {
        throw FileSystemError("remove", file, code: errno)
      }
    }
  }
}
