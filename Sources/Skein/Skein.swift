@_exported import SkeinAutograd
@_exported import SkeinData
@_exported import SkeinModel
@_exported import SkeinRandom
@_exported import SkeinTraining
