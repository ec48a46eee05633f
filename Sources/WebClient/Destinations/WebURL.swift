import CCurl

/// A URL of HTTP taken apart by libcurl itself, so that what is checked is what is asked.
package struct WebURL: Hashable, Sendable {
    /// `http` or `https`.
    package let scheme: String
    /// In small letters, without a dot at its end; an IPv6 address stands in brackets.
    package let host: String
    package let port: Int
    /// From the slash on, with the query and without what follows a `#`.
    package let path: String

    /// Nil where it is of another scheme, has no host, names a user, or is no URL at all.
    package init?(_ text: String) {
        guard !text.hasControls, let url = unsafe curl_url() else { return nil }
        defer { unsafe curl_url_cleanup(url) }
        guard unsafe curl_url_set(url, CURLUPART_URL, text, UInt32(CURLU_DISALLOW_USER)) == CURLUE_OK,
            let scheme = unsafe Self.part(CURLUPART_SCHEME, url), ["http", "https"].contains(scheme),
            let host = unsafe Self.part(CURLUPART_HOST, url), !host.isEmpty,
            let port = unsafe Self.part(CURLUPART_PORT, url, UInt32(CURLU_DEFAULT_PORT)).flatMap({ Int($0) })
        else { return nil }
        self.scheme = scheme
        self.host = Self.plain(host)
        self.port = port
        let path = unsafe Self.part(CURLUPART_PATH, url) ?? "/"
        let query = unsafe Self.part(CURLUPART_QUERY, url).map { "?\($0)" } ?? ""
        self.path = path + query
    }

    /// What a peer is known by: two URLs with the same share connections and proofs.
    package var origin: String { "\(scheme)://\(host):\(port)" }

    package var text: String { origin + path }

    /// The path without a slash at its end, to which others are added.
    package var folder: String { path.hasSuffix("/") ? String(path.dropLast()) : path }

    /// A host as it is compared.
    static func plain(_ host: String) -> String {
        let small = host.lowercased()
        return small.hasSuffix(".") ? String(small.dropLast()) : small
    }

    private static func part(_ part: CURLUPart, _ url: OpaquePointer, _ flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(url, part, &text, flags) == CURLUE_OK, let text = unsafe text else {
            return nil
        }
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }
}
