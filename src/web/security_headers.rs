//! The headers that tell a browser what pages of this site may do, on every answer, errors included.
//!
//! The policy allows no inline script or style and nothing from elsewhere, and requires Trusted Types, so that markup
//! that slipped through escaping still cannot run. What a handler has set itself is kept: a page that needs another
//! policy says so where it is made.

use poem::{
    Endpoint, Middleware, Request, Response, Result,
    http::{HeaderMap, HeaderName, HeaderValue},
};

/// Every browser reports at once by `report-uri`; with `report-to` beside it some would do so a minute later, or never.
/// Everything that is not listed is forbidden by `default-src`, plug-ins and manifests among it.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types htmx; \
    report-uri /csp-reports";

const PERMISSIONS_POLICY: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), \
    gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

const ALWAYS: [(&str, &str); 7] = [
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "SAMEORIGIN"),
    ("referrer-policy", "strict-origin-when-cross-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", PERMISSIONS_POLICY),
];

/// The middleware. It belongs outside of the layer that makes pages of errors.
#[derive(Clone, Copy, Debug)]
pub struct SecurityHeaders {
    /// Tells browsers to use HTTPS alone for a year. Only for a site that is reached through TLS.
    pub hsts: bool,
    /// Sends X-XSS-Protection, which only old browsers read.
    pub xss_protection: bool,
}

impl Default for SecurityHeaders {
    fn default() -> Self {
        Self { hsts: false, xss_protection: true }
    }
}

impl SecurityHeaders {
    /// Their names in lower case, and their values.
    pub fn all(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let hsts = self.hsts.then_some(("strict-transport-security", "max-age=31536000"));
        let xss = self.xss_protection.then_some(("x-xss-protection", "1; mode=block"));
        ALWAYS.into_iter().chain(hsts).chain(xss)
    }

    fn headers(self) -> Vec<(HeaderName, HeaderValue)> {
        self.all().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }
}

impl<E: Endpoint> Middleware<E> for SecurityHeaders {
    type Output = SecurityHeadersEndpoint<E>;

    fn transform(&self, inner: E) -> Self::Output {
        SecurityHeadersEndpoint { inner, headers: self.headers() }
    }
}

/// What [`SecurityHeaders`] makes of an endpoint.
pub struct SecurityHeadersEndpoint<E> {
    inner: E,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl<E: Endpoint> Endpoint for SecurityHeadersEndpoint<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let mut response = self.inner.get_response(request).await;
        add_missing(response.headers_mut(), &self.headers);
        Ok(response)
    }
}

fn add_missing(present: &mut HeaderMap, wanted: &[(HeaderName, HeaderValue)]) {
    for (name, value) in wanted {
        if !present.contains_key(name) {
            present.insert(name.clone(), value.clone());
        }
    }
}
