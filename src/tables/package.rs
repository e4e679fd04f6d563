//! Checks a workbook's zip container before anything is parsed: a small upload can unpack to gigabytes.
//!
//! Sizes that the container states are not believed. Every part is unpacked once, counted and thrown away, and the
//! counting stops at the limit. Two traps of XML are looked for on the way, see [`PartScan`].

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::Limits;
use super::problem::{Problem, quoted};

/// # Errors
/// A problem of the file as a whole: not a workbook, damaged, encrypted, or more than the limits allow.
pub(super) fn check(bytes: &[u8], limits: &Limits) -> Result<(), Problem> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(&error))?;
    if archive.len() > limits.entries {
        let message = format!("the workbook holds {} files; at most {} are read", archive.len(), limits.entries);
        return Err(Problem::file(message));
    }
    if archive.index_for_name("content.xml").is_some() {
        return Err(Problem::file("this is an OpenDocument file; save it as .xlsx or CSV and try again"));
    }
    if archive.index_for_name("[Content_Types].xml").is_none() {
        return Err(Problem::file("this is a zip file but not an Excel workbook (.xlsx)"));
    }
    let mut left = limits.unpacked_bytes;
    for index in 0..archive.len() {
        left = check_part(&mut archive, index, left, limits)?;
    }
    Ok(())
}

/// Unpacks one part and returns how many bytes the others may still have.
fn check_part(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    left: u64,
    limits: &Limits,
) -> Result<u64, Problem> {
    let mut part = archive.by_index(index).map_err(|error| damaged(&error))?;
    let name = part.name().map_err(|error| damaged(&error))?.to_lowercase();
    let mut scan = PartScan::default();
    let mut buffer = [0; 16 << 10];
    loop {
        let length = part.read(&mut buffer).map_err(|error| damaged(&ZipError::Io(error)))?;
        if length == 0 {
            break;
        }
        scan.take(&buffer[..length]);
        if scan.bytes > left {
            let most = limits.unpacked_bytes >> 20;
            return Err(Problem::file(format!("the workbook unpacks to more than {most} MiB; split it or use CSV")));
        }
    }
    if name.ends_with("sharedstrings.xml") && scan.is_trap() {
        let message = format!("the workbook's part {} is damaged; save the workbook anew and try again", quoted(&name));
        return Err(Problem::file(message));
    }
    Ok(left - scan.bytes)
}

fn damaged(error: &ZipError) -> Problem {
    Problem::file(match error {
        ZipError::UnsupportedArchive(reason) if *reason == ZipError::PASSWORD_REQUIRED => {
            "the workbook is protected by a password; save it without one and try again".to_owned()
        }
        _ => format!("the workbook is damaged ({error}); save it anew and try again"),
    })
}

/// Looks for what would make the XML reader ask for unbounded memory: it reserves room for as many shared strings as
/// the attribute `uniqueCount` claims. A part in which that word could hide behind another encoding has control
/// characters, which XML forbids.
#[derive(Default)]
struct PartScan {
    bytes: u64,
    controls: bool,
    /// Bytes of the attribute's name seen so far, or all of it and then its value.
    matched: usize,
    claimed: u64,
    greatest_claim: u64,
}

impl PartScan {
    const NAME: &[u8] = b"uniqueCount";
    /// `<si/>` is the shortest shared string.
    const SHORTEST: u64 = 5;

    fn take(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        for &byte in bytes {
            self.controls |= byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
            if self.matched == Self::NAME.len() {
                self.take_value(byte);
            } else if byte == Self::NAME[self.matched] {
                self.matched += 1;
            } else {
                self.matched = usize::from(byte == Self::NAME[0]);
            }
        }
    }

    fn take_value(&mut self, byte: u8) {
        match byte {
            b'0'..=b'9' => {
                self.claimed = self.claimed.saturating_mul(10).saturating_add(u64::from(byte - b'0'));
                self.greatest_claim = self.greatest_claim.max(self.claimed);
            }
            b'=' | b'"' | b'\'' | b'+' | b'\t' | b'\n' | b'\r' | b' ' if self.claimed == 0 => {}
            _ => (self.matched, self.claimed) = (0, 0),
        }
    }

    fn is_trap(&self) -> bool {
        self.controls || self.greatest_claim > self.bytes / Self::SHORTEST
    }
}
