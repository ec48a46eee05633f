package import HTTPServer

extension Exchange {
    /// Who asks, once that is proven.
    package var caller: Caller? { principal as? Caller }
}
