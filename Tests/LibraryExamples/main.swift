// The examples of README.md; its tests run them in a folder that has the repository's Configs and
// Datasets. Each function's body is what README shows.
switch CommandLine.arguments.dropFirst().first {
case "job": try trainFromAJobFile()
case "arrays": try trainOnArrays()
case "loop": try trainInALoop()
default: print("which example: job, arrays or loop?")
}
