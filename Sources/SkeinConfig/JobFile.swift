import Foundation
import SkeinFiles

/// Reads the text of a job file. It never waits, whatever lies at the path.
enum JobFile {
  /// The size of the largest job file in bytes. Real ones have less than 2 KiB.
  static let maximumBytes = 1 << 20

  /// The text at `path`, without a byte-order mark.
  ///
  /// - Throws: `JobError` where there is no file, or where it is not a regular file, is too large,
  ///   or is not UTF-8.
  static func text(at path: String) throws(JobError) -> String {
    let source = JobSource(name: path, hasLines: true)
    let bytes = try bytes(at: path, source)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      let valid = String(decoding: bytes, as: UTF8.self).utf8
      let offset = zip(valid, bytes).prefix { $0 == $1 }.count
      throw source.error(
        "expected a text in UTF-8, found another byte at offset \(offset)",
        suggestion: "save the file as UTF-8")
    }
    return text.hasPrefix("\u{FEFF}") ? String(text.unicodeScalars.dropFirst()) : text
  }

  private static func bytes(at path: String, _ source: JobSource) throws(JobError) -> Data {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw source.error("expected the path of a job file, found '\(path.printable(limit: 80))'")
    }
    // Without O_NONBLOCK, opening a pipe would wait for its writer.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw source.error("cannot open the job file: \(String(cString: strerror(errno)))")
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw source.error("expected a job file, found a folder, a pipe or a device")
    }
    guard status.st_size <= maximumBytes else { throw tooLarge(source) }
    do {
      // The file may have grown, so one byte more than allowed is read.
      let data = try file.read(upToCount: maximumBytes + 1) ?? Data()
      guard data.count <= maximumBytes else { throw tooLarge(source) }
      return data
    } catch let error as JobError {
      throw error
    } catch {
      throw source.error("cannot read the job file: \(error.localizedDescription)")
    }
  }

  private static func tooLarge(_ source: JobSource) -> JobError {
    source.error("expected at most \(maximumBytes) bytes, found more: this is not a job file")
  }
}
