import Base
import Experiments

extension ARN {
    /// The name of one of our own resources, as FIS writes it.
    init(fis resource: String, region: String, account: AccountID) {
        self.init(service: "fis", region: region, account: account.description, resource: resource)
    }
}
