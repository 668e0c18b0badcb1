@_exported import SkeinAutograd
@_exported import SkeinConfig
@_exported import SkeinData
@_exported import SkeinKernels
@_exported import SkeinModel
@_exported import SkeinRandom
@_exported import SkeinRecord
@_exported import SkeinReport
@_exported import SkeinRun
@_exported import SkeinTraining
@_exported import SkeinWorkers

// What runs throw about files, and what all errors have in common. The rest of SkeinFiles is for
// the package itself.
@_exported import protocol SkeinFiles.ExitCoded
@_exported import struct SkeinFiles.FileSystemError
@_exported import struct SkeinFiles.FormatError
