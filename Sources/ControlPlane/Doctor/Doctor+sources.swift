import Base
import Experiments
import WebClient

extension Doctor {
    /// Whether the sources of stop conditions that the flags name answer; one that does not is no reason not to start.
    func sources() async -> [Finding] {
        let options = options.sources
        var findings = options.files
        guard options.prometheus != nil || options.asksCloudWatch else { return findings }
        do throws(SystemError) {
            let client = SourceClient(fleet: try WebFleet(options.rules), clock: .system)
            if let prometheus = options.prometheusSource(client) {
                findings.append(await prometheus.finding())
            }
            if options.asksCloudWatch {
                let region = self.options.region
                findings.append(await options.cloudWatchSource(client).finding(region: region))
            }
        } catch {
            findings.append(.warning("sources", "they cannot be asked (\(error))"))
        }
        return findings
    }
}

extension SourceOptions {
    /// Whoever names neither an endpoint nor a file has no CloudWatch in mind.
    fileprivate var asksCloudWatch: Bool { cloudWatch != nil || cloudWatchCredentials != nil }

    /// What is wrong with the files that the flags name.
    fileprivate var files: [Finding] {
        var findings: [Finding] = []
        if let authorities, !Files.exists(authorities) {
            findings.append(
                .warning(
                    "source-ca",
                    "there is no file \(authorities), so no source is believed to be who it says"
                )
            )
        }
        for (subject, path) in [("prometheus", prometheusAuth), ("cloudwatch", cloudWatchCredentials)] {
            guard let path, let mode = try? Files.mode(path), mode & 0o007 != 0 else { continue }
            findings.append(.warning(subject, "\(path) can be read by everybody here: chmod 600 \(path)"))
        }
        return findings
    }
}

extension PrometheusSource {
    /// Whether it answers a query that always yields one element.
    fileprivate func finding() async -> Finding {
        let question = PrometheusQuestion(expression: "vector(1)")
        let inquiry = Inquiry(.prometheus(question))
        let answers = Locked<[Reading]>([])
        await read([inquiry], by: .now + .seconds(5)) { _, reading in
            answers.withLock { $0.append(reading) }
        }
        guard let reading = answers.withLock({ $0 }).first, reading.finding == .breached else {
            let reason = answers.withLock { $0 }.first?.value ?? "no answer"
            return .warning(
                "prometheus",
                "\(url.text) cannot be read: \(reason); stop conditions on it would stop runs"
            )
        }
        return .ok("prometheus", "\(url.text) answers queries")
    }
}

extension CloudWatchSource {
    fileprivate func finding(region: String) async -> Finding {
        do throws(SourceFailure) {
            let endpoint = try await probe(region: region, by: .now + .seconds(5))
            return .ok("cloudwatch", "\(endpoint) answers for its alarms")
        } catch {
            return .warning(
                "cloudwatch",
                "it cannot be read: \(error.reason); stop conditions on it would stop runs"
            )
        }
    }
}
