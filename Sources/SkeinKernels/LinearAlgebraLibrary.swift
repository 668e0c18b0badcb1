internal import COneDNN

/// The libraries behind the matrix products, as reports name them.
public enum LinearAlgebraLibrary {
  /// Names and versions, as "OpenBLAS 0.3.29 … Zen MAX_THREADS=128, oneDNN 3.7.0".
  public static var description: String {
    let blas = OpenBLAS.shared?.description ?? "no OpenBLAS"
    guard let dnn = dnnl_version()?.pointee else { return blas }
    return "\(blas), oneDNN \(dnn.major).\(dnn.minor).\(dnn.patch)"
  }
}
