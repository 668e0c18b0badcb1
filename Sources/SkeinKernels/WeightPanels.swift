internal import CKernels
import SkeinFiles

/// Copies of weight matrices in the order in which products read them: what a training step keeps
/// beside the parameters, and writes anew where it updates them.
///
/// A matrix W [outputs, inputs] lies in panels of as many outputs as a tile of a product has
/// columns, for the forward pass, and again in panels of as many inputs, for the backward pass.
/// Products read each panel from its front to its end. Without the copies they would turn the
/// matrix round, or jump from row to row, which for few samples takes longer than multiplying.
///
/// `@unchecked Sendable`: as `FloatBuffer`, of whose blocks these are copies.
package final class WeightPanels: @unchecked Sendable {
  /// A matrix of weights among the parameters.
  package struct Matrix: Sendable {
    let start: Int
    let outputs: Int
    let inputs: Int
    let passesBack: Bool

    /// - Parameters:
    ///   - start: its place among the parameters.
    ///   - outputs: its rows.
    ///   - inputs: its columns.
    ///   - passesBack: whether the backward pass wants panels too.
    package init(start: Int, outputs: Int, inputs: Int, passesBack: Bool) {
      self.start = start
      self.outputs = outputs
      self.inputs = inputs
      self.passesBack = passesBack
    }
  }

  /// Where a matrix's panels are.
  package struct Place {
    /// Those that the forward pass reads.
    package let forward: UnsafePointer<Float>
    /// Those that the backward pass reads; nil where it does not.
    package let backward: UnsafePointer<Float>?
    /// Whether they hold words of two numbers of bfloat16, for a `BFloat16Product`.
    package let isBFloat16: Bool
  }

  /// How long rows must be for a backward pass to want panels. Measured: rows of 256 elements are
  /// read as fast as panels (114 against 117 GFLOP/s of 122), and rows of 2048 are not (75 against
  /// 112), because they fall into the same few lines of the first cache.
  package static let leastInputs = 1024

  /// How many weights a matrix must have: turning a smaller one round at each product costs less
  /// than keeping a copy. Measured with 10-16-16-5 and one batch shard: 1.06 times as fast without.
  package static let leastCount = 4096

  /// What the panels lie in.
  package let memory: FloatBuffer
  /// One for each parameter of a layout; nil for what is no matrix of weights.
  private let matrices: [(matrix: Matrix, forward: Int, backward: Int)?]
  /// Whether they hold words of two numbers of bfloat16.
  package let areBFloat16: Bool

  /// - Parameters:
  ///   - parameters: each parameter of a layout; nil for what is no matrix of weights.
  ///   - areBFloat16: whether to round the weights to bfloat16, two in the place of one.
  package init(_ parameters: [Matrix?], areBFloat16: Bool = false) {
    self.areBFloat16 = areBFloat16
    let width = Int(
      areBFloat16 ? Kernels.bfloat16.pointee.panel_columns : Kernels.current.pointee.panel_columns)
    func whole(_ count: Int) -> Int { (count + width - 1) / width * width }
    /// How many elements of a panel one of its columns has.
    func depth(_ count: Int) -> Int { areBFloat16 ? (count + 1) / 2 : count }
    var count = 0
    matrices = parameters.map { matrix in
      guard let matrix else { return nil }
      let forward = count
      count += whole(matrix.outputs) * depth(matrix.inputs)
      let backward = count
      if matrix.passesBack { count += whole(matrix.inputs) * depth(matrix.outputs) }
      return (matrix, forward, backward)
    }
    memory = FloatBuffer(count: count)
  }

  /// Whether the backward pass wants panels of a matrix with rows of `inputs` elements: not of the
  /// first layer, behind which nothing has a gradient.
  package static func passesBack(inputs: Double, isFirst: Bool) -> Bool {
    !isFirst && inputs >= Double(leastInputs)
  }

  /// The most elements that the panels of a matrix have, on any level; 0 where it has none.
  package static func count(outputs: Double, inputs: Double, isFirst: Bool) -> Double {
    guard outputs * inputs >= Double(leastCount) else { return 0 }
    // A panel has at most 48 columns.
    let backward = passesBack(inputs: inputs, isFirst: isFirst) ? (inputs + 47) * outputs : 0
    return (outputs + 47) * inputs + backward
  }

  /// The same for panels of bfloat16, which all matrices have.
  package static func countOfBFloat16(outputs: Double, inputs: Double, isFirst: Bool) -> Double {
    let backward = isFirst ? 0 : (inputs + 47) * (outputs + 1) / 2
    return (outputs + 47) * (inputs + 1) / 2 + backward
  }

  /// Copies all matrices from `parameters`. O(parameters).
  package func copy(_ parameters: FloatBuffer) {
    for (index, place) in matrices.enumerated() {
      guard let matrix = place?.matrix else { continue }
      copy(
        ParameterBlock(
          start: matrix.start, rows: matrix.outputs, columns: matrix.inputs, stride: matrix.inputs),
        ofParameter: index, in: parameters)
    }
  }

  /// Copies a block of parameter number `index`; nothing where that is no matrix. O(block), no
  /// allocation.
  ///
  /// - Precondition: the block lies in the parameter, as its rows do.
  package func copy(
    _ block: ParameterBlock, ofParameter index: Int, in parameters: FloatBuffer
  ) {
    guard let (matrix, forward, backward) = matrices[index] else { return }
    let (row, column) = (block.start - matrix.start).quotientAndRemainder(dividingBy: matrix.inputs)
    require(
      block.start >= matrix.start && row + block.rows <= matrix.outputs
        && column + block.columns <= matrix.inputs
        && (block.rows == 1 || block.stride == matrix.inputs),
      "a block of \(block.rows) × \(block.columns) at \(row), \(column) of a matrix of "
        + "\(matrix.outputs) × \(matrix.inputs)")
    parameters.check(block.range)
    if areBFloat16 {
      require(
        row % 2 == 0 && column % 2 == 0
          && (block.rows % 2 == 0 || row + block.rows == matrix.outputs)
          && (block.columns % 2 == 0 || column + block.columns == matrix.inputs),
        "a block of \(block.rows) × \(block.columns) at \(row), \(column), which cuts pairs")
      let memory = BFloat16Product.words(memory.base)
      return Kernels.bfloat16.pointee.pack(
        parameters.base + block.start, matrix.inputs, row, block.rows, column, block.columns,
        matrix.outputs, memory + forward, matrix.passesBack ? memory + backward : nil)
    }
    Kernels.current.pointee.pack(
      parameters.base + block.start, matrix.inputs, row, block.rows, column, block.columns,
      matrix.outputs, memory.base + forward, matrix.passesBack ? memory.base + backward : nil)
  }

  /// The panels of the matrix that is at `start` among the parameters; nil where there is none.
  /// They last as long as `memory`.
  package func place(of start: Int) -> Place? {
    for case let (matrix, forward, backward)? in matrices where matrix.start == start {
      return Place(
        forward: UnsafePointer(memory.base + forward),
        backward: matrix.passesBack ? UnsafePointer(memory.base + backward) : nil,
        isBFloat16: areBFloat16)
    }
    return nil
  }
}
