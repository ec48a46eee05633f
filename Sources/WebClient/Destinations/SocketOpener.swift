import CCurl
import Glibc

/// Opens the sockets of one question, and none to where nobody may be asked.
@safe
final class SocketOpener {
    private let destinations: WebDestinations
    private let host: String
    private let port: Int
    private(set) var wasAsked = false
    /// Whether the question has a connection by which it can be asked, new or used again.
    private(set) var hasConnected = false
    private var hasOpened = false
    private var refused: String?

    init(_ destinations: WebDestinations, for url: WebURL) {
        self.destinations = destinations
        host = url.host.hasPrefix("[") ? String(url.host.dropFirst().dropLast()) : url.host
        port = url.port
    }

    /// Why nobody was connected to, where that was our own doing.
    var refusal: String? { hasOpened ? nil : refused }

    /// Has libcurl ask here for every socket; it must live as long as the exchange.
    func serve(_ handle: WebHandle) {
        unsafe ccurl_set_opener(
            handle.raw,
            { context, _, address in
                guard let context = unsafe context, let address = unsafe address else { return -1 }
                let opener = unsafe Unmanaged<SocketOpener>.fromOpaque(context).takeUnretainedValue()
                return unsafe opener.open(address)
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
        unsafe ccurl_set_starter(
            handle.raw,
            { context, _, _, _, _ in
                if let context = unsafe context {
                    unsafe Unmanaged<SocketOpener>.fromOpaque(context).takeUnretainedValue().hasConnected =
                        true
                }
                return CURL_PREREQFUNC_OK
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }

    private func open(_ place: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        wasAsked = true
        // The one before may have been dead.
        hasConnected = false
        guard let address = unsafe IPAddress(place) else { return -1 }
        if let refusal = destinations.refusal(of: address, port: port, for: host) {
            refused = refusal
            return -1
        }
        let kind = unsafe place.pointee.socktype | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = unsafe socket(place.pointee.family, kind, place.pointee.protocol)
        if descriptor >= 0 { hasOpened = true }
        return descriptor
    }
}

extension IPAddress {
    /// Nil where it is of neither family: nothing else is spoken here.
    fileprivate init?(_ place: UnsafeMutablePointer<curl_sockaddr>) {
        guard let offset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) else { return nil }
        // The address is longer than the field that stands for it.
        let raw = unsafe UnsafeRawPointer(place) + offset
        let length = unsafe Int(place.pointee.addrlen)
        switch unsafe place.pointee.family {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            let address = unsafe raw.loadUnaligned(as: sockaddr_in.self)
            self.init(bytes: unsafe withUnsafeBytes(of: address.sin_addr) { unsafe Array($0) })
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            let address = unsafe raw.loadUnaligned(as: sockaddr_in6.self)
            self.init(bytes: unsafe withUnsafeBytes(of: address.sin6_addr) { unsafe Array($0) })
        default: return nil
        }
    }
}
