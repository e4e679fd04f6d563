//! Takes in what browsers report against the Content-Security-Policy. Anybody can send it, so it is short, throttled for
//! each address and over all, and never says more than that it arrived.

use super::client_address::ClientAddress;
use super::form::unreadable;
use crate::app::App;
use crate::plugin::{Access, Route};
use crate::policy_reports::{Report, count};
use poem::http::{StatusCode, header};
use poem::{Endpoint, Request, Response};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Mutex, PoisonError};

pub const PATH: &str = "/csp-reports";
/// A report has a few hundred bytes, and a browser may send some together.
pub const MAX_BYTES: u64 = 16 * 1024;

/// In each minute, from one address and from all together.
const FROM_ONE: u32 = 20;
const FROM_ALL: u32 = 200;
const MINUTE_MS: i64 = 60_000;

pub fn routes() -> Vec<Route> {
    vec![Route::post(PATH, Access::Public, Inbox::default())]
}

#[derive(Default)]
struct Inbox(Mutex<Budget>);

/// What came in the present minute. It holds no more addresses than requests are let in.
#[derive(Default)]
struct Budget {
    minute: i64,
    all: u32,
    by_address: HashMap<IpAddr, u32>,
}

impl Budget {
    fn allows(&mut self, address: IpAddr, now_ms: i64) -> bool {
        let minute = now_ms / MINUTE_MS;
        if self.minute != minute {
            *self = Budget { minute, ..Budget::default() };
        }
        if self.all >= FROM_ALL {
            return false;
        }
        let from_one = self.by_address.entry(address).or_default();
        if *from_one >= FROM_ONE {
            return false;
        }
        *from_one += 1;
        self.all += 1;
        true
    }
}

impl Endpoint for Inbox {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let app = request.data::<App>().expect("every request carries the app").clone();
        let address = request.data::<ClientAddress>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |client| client.ip);
        if !self.0.lock().unwrap_or_else(PoisonError::into_inner).allows(address, app.now_ms()) {
            let response = Response::builder().status(StatusCode::TOO_MANY_REQUESTS);
            return Ok(response.header(header::RETRY_AFTER, "60").finish());
        }
        let bytes = request.take_body().into_bytes().await.map_err(unreadable)?;
        for report in Report::read(&bytes) {
            // What is not counted is no loss to whoever sent it.
            if let Err(error) = count(&app.db, &report, app.now_ms()).await {
                tracing::warn!(%error, "a report against the policy could not be counted");
            }
        }
        Ok(StatusCode::NO_CONTENT.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_takes_so_many_from_one_and_so_many_from_all() {
        let mut budget = Budget::default();
        let address = |last: u8| IpAddr::V4(Ipv4Addr::new(192, 0, 2, last));
        let taken = (0..30).filter(|_| budget.allows(address(1), 1000)).count();
        assert_eq!(taken, FROM_ONE as usize);
        let taken = (0..255).flat_map(|_| 2..=255).filter(|last| budget.allows(address(*last), 1000)).count();
        assert_eq!(taken, (FROM_ALL - FROM_ONE) as usize);
        assert!(budget.by_address.len() <= FROM_ALL as usize + 1);
        assert!(budget.allows(address(1), MINUTE_MS + 1));
    }
}
