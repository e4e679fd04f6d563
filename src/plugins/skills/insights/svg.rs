//! The frame of a picture, its colours, and how it is sent.
//!
//! A picture is a file of its own, because the pages' policy allows no inline style. It is written here and not by a crate:
//! those that draw radars and heat maps put fixed colours into the file, or run a JavaScript engine on the server, whereas
//! this one follows the theme. Within an `<img>` the media query answers with the scheme of the page around it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use maud::{Markup, PreEscaped, html};
use poem::Response;
use poem::http::header;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// Nothing is fetched or run, and no other style than the one below is taken: its hash names it.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = BASE64.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{hash}'; sandbox")
});

/// Colours by what they mean. The ramp `g1` to `g4` differs in lightness, so that it holds for every kind of colour vision;
/// `c1` to `c5` are told apart by their marks too. Both follow the tokens of the pages.
const STYLE: &str = "
text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Liberation Sans',sans-serif;font-size:12px;fill:#1b2430}
.q{fill:#556172}.e{text-anchor:end}.m{text-anchor:middle}.b{font-weight:600}.s{font-size:11px}
.bg{fill:#fff}.l{stroke:#dde2e8;fill:none}.ls{stroke:#8a96a5;fill:none}
.g0{fill:#eef1f4}.g1{fill:#fbe3d3}.g2{fill:#f5bd97}.g3{fill:#e38a55}.g4{fill:#b3501c}text.on4{fill:#fff}
.ok{fill:#1a6596}.rest{fill:#dde2e8}.short{fill:#b3501c}.one{fill:#c98a1b}
.c{fill:none;stroke-width:2.2}.c1{stroke:#1a6596}.c2{stroke:#b3501c}.c3{stroke:#1c6b45}.c4{stroke:#8a3d8f}.c5{stroke:#7a5200}
.f1{fill:#1a6596}.f2{fill:#b3501c}.f3{fill:#1c6b45}.f4{fill:#8a3d8f}.f5{fill:#7a5200}
.mean{fill:#8a96a5;fill-opacity:.22;stroke:#556172;stroke-width:1.5;stroke-dasharray:4 3}
@media (prefers-color-scheme:dark){
text{fill:#dfe5ec}.q{fill:#9ba8b7}.bg{fill:#19202a}.l{stroke:#2d3845}.ls{stroke:#66758a}
.g0{fill:#222b37}.g1{fill:#4a3226}.g2{fill:#7a452a}.g3{fill:#9a5127}.g4{fill:#f0a06a}text.on4{fill:#1b1008}
.ok{fill:#6db6e4}.rest{fill:#2d3845}.short{fill:#f0a06a}.one{fill:#e7bd6a}
.c1{stroke:#6db6e4}.c2{stroke:#f0a06a}.c3{stroke:#7fcca4}.c4{stroke:#d79be0}.c5{stroke:#e7bd6a}
.f1{fill:#6db6e4}.f2{fill:#f0a06a}.f3{fill:#7fcca4}.f4{fill:#d79be0}.f5{fill:#e7bd6a}
.mean{fill:#9ba8b7;fill-opacity:.2;stroke:#9ba8b7}}";

/// A picture of a certain size in pixels. `title` is what it is called where it stands alone.
pub struct Picture {
    pub title: String,
    pub width: f64,
    pub height: f64,
    pub content: Markup,
}

impl Picture {
    fn markup(&self) -> Markup {
        let (width, height) = (self.width.ceil(), self.height.ceil());
        html! {
            svg xmlns="http://www.w3.org/2000/svg" width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } role="img" {
                title { (self.title) }
                style { (PreEscaped(STYLE)) }
                rect.bg width=(width) height=(height) {}
                (self.content)
            }
        }
    }

    pub fn response(&self) -> Response {
        Response::builder()
            .content_type("image/svg+xml")
            .header(header::CONTENT_SECURITY_POLICY, POLICY.as_str())
            .body(self.markup().into_string())
    }
}

/// A picture in a page: its file, its size, and what it shows for those who do not see it. It is never scaled down, because
/// its text would become too small to read; a narrow window scrolls it.
pub fn figure(address: &str, (width, height): (f64, f64), alt: &str) -> Markup {
    html! {
        div.picture tabindex="0" role="region" aria-label="Picture" {
            img src=(address) width=(width.ceil()) height=(height.ceil()) alt=(alt);
        }
    }
}

/// A text, cut where it would not fit.
pub fn text(x: f64, y: f64, class: &str, content: &str) -> Markup {
    html! { text x=(one_decimal(x)) y=(one_decimal(y)) class=(class) { (content) } }
}

pub fn line(from: (f64, f64), to: (f64, f64), class: &str) -> Markup {
    let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(one_decimal);
    html! { line class=(class) x1=(x1) y1=(y1) x2=(x2) y2=(y2) {} }
}

pub fn rect((x, y): (f64, f64), (width, height): (f64, f64), class: &str) -> Markup {
    let [x, y, width, height] = [x, y, width.max(0.0), height].map(one_decimal);
    html! { rect class=(class) x=(x) y=(y) width=(width) height=(height) rx="2" {} }
}

pub fn one_decimal(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// The mark of a line, so that lines differ by shape and not by colour alone: circle, square, triangle, diamond, cross.
pub fn mark(index: usize, x: f64, y: f64) -> Markup {
    let class = format!("f{}", index % 5 + 1);
    let shape = |points: [(f64, f64); 4]| {
        let points = points.map(|(dx, dy)| format!("{},{}", one_decimal(x + dx), one_decimal(y + dy))).join(" ");
        html! { polygon class=(class) points=(points) {} }
    };
    match index % 5 {
        0 => html! { circle class=(class) cx=(one_decimal(x)) cy=(one_decimal(y)) r="4" {} },
        1 => shape([(-3.6, -3.6), (3.6, -3.6), (3.6, 3.6), (-3.6, 3.6)]),
        2 => shape([(0.0, -4.6), (4.4, 3.6), (-4.4, 3.6), (0.0, -4.6)]),
        3 => shape([(0.0, -5.2), (5.2, 0.0), (0.0, 5.2), (-5.2, 0.0)]),
        _ => shape([(-5.0, -2.0), (5.0, -2.0), (5.0, 2.0), (-5.0, 2.0)]),
    }
}
