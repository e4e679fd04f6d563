//! A QR code as SVG, drawn by the page itself: the policy lets no picture in from elsewhere, and no style.

use crate::error::{Error, Result};
use maud::{Markup, html};
use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write;

/// Light modules around the code, as ISO/IEC 18004 asks for.
const QUIET_ZONE: usize = 4;

/// Black on white in every theme, because a camera reads it.
pub fn code(text: &str, label: &str) -> Result<Markup> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(Error::internal)?;
    let width = code.width();
    let side = width + 2 * QUIET_ZONE;
    let path = path(&code.to_colors(), width);
    let view = format!("0 0 {side} {side}");
    Ok(html! {
        svg.qr viewBox=(view) role="img" aria-label=(label) shape-rendering="crispEdges" {
            rect width=(side) height=(side) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    })
}

/// Each run of dark modules in a row as one rectangle.
fn path(colors: &[Color], width: usize) -> String {
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                // A String takes whatever is written.
                let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + QUIET_ZONE, y + QUIET_ZONE);
            }
            x += run.max(1);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_dark_modules_is_one_rectangle() {
        use Color::{Dark, Light};
        let colors = [Dark, Dark, Light, Light, Dark, Dark, Light, Light, Light];
        assert_eq!(path(&colors, 3), "M4 4h2v1h-2zM5 5h2v1h-2z");
    }

    #[test]
    fn a_code_has_its_three_corners() {
        let svg = code("otpauth://totp/x", "Code").unwrap().into_string();
        assert!(svg.contains("M4 4h7v1h-7z") && svg.contains("aria-label=\"Code\""), "{svg}");
    }
}
