import Glibc
import SkeinFiles

/// The one buffer that holds a split's elements in their stored type and the machine's byte order.
///
/// `@unchecked Sendable`: the memory is written only while the split is built, each byte by one
/// thread, and only read once it is shared.
final class SampleStorage: @unchecked Sendable {
  let type: ElementType
  var bytes: UnsafeMutableRawBufferPointer { memory.bytes }
  private let memory: SampleMemory

  /// Room for `byteCount` bytes, which are not set.
  ///
  /// - Throws: `DataError` where the machine has not so much memory, `FileSystemError` where the
  ///   process is given less; `name` is the file to blame.
  init(type: ElementType, byteCount: Int, name: String) throws {
    // Linux hands out more than it has and ends the process later, so ask first.
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let most = ArrayShape.product([pages, sysconf(Int32(_SC_PAGESIZE))]) ?? .max
    guard byteCount <= most else {
      throw DataError(
        name, expected: "samples that fit into memory", found: "\(byteCount) bytes of samples",
        advice: "split the data, or use a machine with more memory")
    }
    guard let memory = SampleMemory(byteCount: byteCount) else {
      throw FileSystemError(
        "allocate \((byteCount + 1_048_575) / 1_048_576) MiB for", name, code: ENOMEM)
    }
    self.type = type
    self.memory = memory
  }

  /// A copy of `elements`.
  init<Element: SampleElement>(copying elements: [Element]) {
    type = Element.elementType
    let count = elements.count * type.size
    guard let memory = SampleMemory(byteCount: count) else { OutOfMemory.end(bytes: count) }
    self.memory = memory
    elements.withUnsafeBytes { memory.bytes.copyMemory(from: $0) }
  }

  deinit {
    memory.free()
  }
}
