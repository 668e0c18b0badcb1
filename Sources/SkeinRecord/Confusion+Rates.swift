extension Confusion.Class {
  /// Of the samples taken for the class, the share that is of it; nil if there is none.
  public var precision: Double? { predicted == 0 ? nil : Double(correct) / Double(predicted) }

  /// Of the samples of the class, the share that was taken for it; nil if there is none.
  public var recall: Double? { support == 0 ? nil : Double(correct) / Double(support) }
}
