/// Samples without labels from a file that a user named, read chunk by chunk.
public protocol SampleChunks: AnyObject {
  /// The type of the elements.
  var type: ElementType { get }
  /// The least and the greatest of the elements given so far.
  var values: ElementStatistics { get }
  /// What is strange about the samples so far, a sentence each.
  var warnings: [String] { get }
  /// How much of the file is read, and how much there is, in any unit; 0 where nobody knows.
  var progress: (done: Int, total: Int) { get }

  /// The next samples, at most `limit`, all with the label −1, or with values of 0; nil behind the
  /// last one. Memory: these samples.
  ///
  /// - Parameter target: what kind of targets a network wants with them.
  /// - Precondition: `limit` is above 0.
  /// - Throws: `DataError` where the file is cut short or damaged, or holds what is no sample.
  func next(_ limit: Int, target: TargetKind) throws -> Split?
}
