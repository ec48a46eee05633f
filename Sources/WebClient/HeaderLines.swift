import CCurl

/// Headers in the form that libcurl reads, for as long as this lives.
@safe
struct HeaderLines: ~Copyable {
    let list: UnsafeMutablePointer<curl_slist>?

    init(_ headers: [WebHeader]) throws(WebError) {
        var list: UnsafeMutablePointer<curl_slist>?
        for header in headers {
            guard header.isSendable else {
                unsafe curl_slist_free_all(list)
                throw .unusable("a header that HTTP cannot carry")
            }
            // Without a value libcurl would take a colon for the wish to leave the header out.
            let line = header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
            unsafe list = curl_slist_append(list, line) ?? list
        }
        unsafe self.list = list
    }

    deinit { unsafe curl_slist_free_all(list) }
}

extension WebHeader {
    fileprivate var isSendable: Bool {
        !name.isEmpty && !name.hasControls && !name.utf8.contains(UInt8(ascii: ":")) && !value.hasLineEnds
    }

    /// The headers of the answer that the handle had last.
    static func received(_ handle: UnsafeMutableRawPointer) -> [WebHeader] {
        var headers: [WebHeader] = []
        var last: UnsafeMutablePointer<curl_header>?
        while let next = unsafe curl_easy_nextheader(handle, UInt32(CURLH_HEADER), -1, last) {
            unsafe headers.append(
                WebHeader(String(cString: next.pointee.name), String(cString: next.pointee.value))
            )
            unsafe last = next
        }
        return headers
    }
}

extension String {
    /// Whether it holds what would end a line of a head, or cut the text for C.
    var hasLineEnds: Bool { utf8.contains { $0 == 0 || $0 == 10 || $0 == 13 } }

    /// Whether it holds a blank, or what no screen shows.
    var hasControls: Bool { utf8.contains { $0 <= 0x20 || $0 == 0x7F } }
}
