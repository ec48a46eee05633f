import CCurl

/// What comes in: handed on where somebody waits for it and it is no refusal, else kept, up to the limit.
///
/// The handle outlives it.
@safe
final class ReceivedBody {
    private(set) var bytes: [UInt8] = []
    private(set) var isTooLong = false
    private let handle: UnsafeMutableRawPointer
    let limit: Int
    private let listener: (([UInt8]) -> Void)?

    init(_ handle: UnsafeMutableRawPointer, limit: Int, _ listener: (([UInt8]) -> Void)?) {
        unsafe self.handle = handle
        self.limit = limit
        self.listener = listener
    }

    var status: Int {
        var status = 0
        unsafe ccurl_status(handle, &status)
        return status
    }

    /// Has libcurl bring everything here; it must live as long as the exchange.
    func listen() {
        unsafe ccurl_set_sink(
            handle,
            { bytes, size, count, context in
                guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
                let received = unsafe Unmanaged<ReceivedBody>.fromOpaque(context).takeUnretainedValue()
                let chunk = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
                return unsafe received.take(chunk) ? size * count : 0
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    /// False ends the exchange.
    private func take(_ chunk: UnsafeRawBufferPointer) -> Bool {
        if let listener, (200..<300).contains(status) {
            unsafe listener(Array(chunk))
            return true
        }
        guard chunk.count <= limit - bytes.count else {
            isTooLong = true
            return false
        }
        unsafe bytes += chunk
        return true
    }
}
