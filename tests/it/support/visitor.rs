//! Somebody at a browser: sends what a browser or htmx would send, and reads the answer to its end.

use poem::Response;
use poem::endpoint::BoxEndpoint;
use poem::http::{Method, StatusCode, header};
use poem::test::{TestClient, TestResponse};

/// A browser, as far as the server can tell.
pub struct Visitor<'a> {
    pub(super) client: &'a TestClient<BoxEndpoint<'static>>,
    pub cookie: String,
    pub csrf: String,
    pub person_id: i64,
}

impl Visitor<'_> {
    /// Takes the cookies of an answer, as a browser does.
    pub fn keep_cookies(&mut self, answer: &Answer) {
        let own = self.cookie.split("; ").filter(|pair| !pair.is_empty());
        let mut jar: Vec<(String, String)> =
            own.filter_map(|pair| pair.split_once('=')).map(|(name, value)| (name.into(), value.into())).collect();
        for set in answer.headers.get_all(header::SET_COOKIE) {
            let text = set.to_str().unwrap();
            let (name, value) = text.split(';').next().unwrap().split_once('=').unwrap();
            jar.retain(|(known, _)| known != name);
            if !text.contains("Max-Age=0") {
                jar.push((name.to_owned(), value.to_owned()));
            }
        }
        self.cookie = jar.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
    }

    /// The value of a cookie that this browser holds.
    pub fn cookie_named(&self, name: &str) -> Option<&str> {
        self.cookie
            .split("; ")
            .filter_map(|pair| pair.split_once('='))
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// Loses a cookie, as a browser does with that of a window that is closed.
    pub fn lose_cookie(&mut self, name: &str) {
        let own: Vec<&str> = self.cookie.split("; ").filter(|pair| !pair.starts_with(&format!("{name}="))).collect();
        self.cookie = own.join("; ");
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    /// As htmx asks for a part of a page.
    pub async fn fragment(&self, path: &str) -> Answer {
        self.send(Method::GET, path, PARTIAL, None).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, &[], Some(self.form(fields))).await
    }

    pub async fn post_fragment(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, PARTIAL, Some(self.form(fields))).await
    }

    fn form(&self, fields: &[(&str, &str)]) -> (&'static str, Vec<u8>) {
        let mut fields = fields.to_vec();
        fields.push(("csrf", &self.csrf));
        ("application/x-www-form-urlencoded", serde_urlencoded::to_string(fields).unwrap().into_bytes())
    }

    /// Uploads a file in the multipart form that a browser sends.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], file_name: &str, bytes: &[u8]) -> Answer {
        const BOUNDARY: &str = "----quarterdeck-test";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
            );
        }
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(bytes);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
        let kind = "multipart/form-data; boundary=----quarterdeck-test";
        self.send(Method::POST, path, &[("sec-fetch-site", "same-origin")], Some((kind, body))).await
    }

    /// Any request; `body` is its type and bytes.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<(&'static str, Vec<u8>)>,
    ) -> Answer {
        let mut request = self.client.request(method, path);
        if !self.cookie.is_empty() {
            request = request.header(header::COOKIE, &self.cookie);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some((kind, bytes)) = body {
            request = request.header(header::CONTENT_TYPE, kind).body(bytes);
        }
        Answer::of(request.send().await).await
    }
}

const PARTIAL: &[(&str, &str)] = &[("hx-request", "true"), ("hx-request-type", "partial")];

/// A response that was read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: poem::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    async fn of(response: TestResponse) -> Self {
        let response: Response = response.0;
        let (parts, body) = response.into_parts();
        let bytes = body.into_vec().await.unwrap_or_default();
        Answer { status: parts.status.as_u16(), headers: parts.headers, bytes }
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).expect("the body is text")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of the first hidden field of that name.
    #[track_caller]
    pub fn hidden(&self, name: &str) -> String {
        let before = format!("name=\"{name}\" value=\"");
        let after = self.text().split_once(&before).unwrap_or_else(|| panic!("no field {name} in:\n{}", self.text())).1;
        after.split('"').next().unwrap().to_owned()
    }

    #[track_caller]
    pub fn has_status(&self, status: StatusCode) -> &Self {
        assert_eq!(self.status, status.as_u16(), "{}", String::from_utf8_lossy(&self.bytes));
        self
    }

    #[track_caller]
    pub fn shows(&self, text: &str) -> &Self {
        assert!(self.text().contains(text), "{text:?} is not in:\n{}", self.text());
        self
    }

    #[track_caller]
    pub fn hides(&self, text: &str) -> &Self {
        assert!(!self.text().contains(text), "{text:?} is in:\n{}", self.text());
        self
    }

    #[track_caller]
    pub fn leads_to(&self, path: &str) -> &Self {
        self.has_status(StatusCode::SEE_OTHER);
        assert_eq!(self.header("location"), path);
        self
    }

    #[track_caller]
    pub fn is_page(&self) -> &Self {
        self.shows("<!DOCTYPE html>").shows("</html>")
    }

    #[track_caller]
    pub fn is_fragment(&self) -> &Self {
        self.hides("<!DOCTYPE html>").hides("<body")
    }
}
