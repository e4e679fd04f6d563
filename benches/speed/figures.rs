//! What was measured, and how it is printed: a figure is many measurements in one run, of which the least, the median
//! and the greatest are shown, because one number says nothing about how far to trust it.

use std::time::Duration;

/// How a figure is to compare with its target.
#[derive(Clone, Copy)]
pub enum Target {
    AtLeast(f64),
    AtMost(f64),
    /// Only told, to understand the others.
    None,
}

impl Target {
    fn is_met(self, value: f64) -> Option<bool> {
        match self {
            Target::AtLeast(least) => Some(value >= least),
            Target::AtMost(most) => Some(value <= most),
            Target::None => None,
        }
    }

    fn text(self) -> String {
        match self {
            Target::AtLeast(least) => format!("≥ {least}"),
            Target::AtMost(most) => format!("≤ {most}"),
            Target::None => String::new(),
        }
    }
}

/// Measurements of one thing, at least one, in ascending order.
pub struct Sample(Vec<f64>);

impl Sample {
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        assert!(!values.is_empty(), "nothing was measured");
        values.sort_by(f64::total_cmp);
        Sample(values)
    }

    /// In milliseconds.
    pub fn of_times(times: &[Duration]) -> Self {
        Self::of(times.iter().map(|time| time.as_secs_f64() * 1000.0))
    }

    /// The value below which this part of the measurements lies, `0.5` for the median.
    pub fn quantile(&self, part: f64) -> f64 {
        let last = self.0.len() - 1;
        self.0[(part * last as f64).round() as usize]
    }

    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }
}

/// Prints figures, one line each, and counts the targets that were missed.
#[derive(Default)]
pub struct Table {
    pub missed: usize,
}

impl Table {
    pub fn section(&mut self, title: &str) {
        println!("\n{title}");
        println!("  {:<66} {:>9} {:>9} {:>9}  {:<9}", "", "least", "median", "greatest", "target");
    }

    /// The median is what counts.
    pub fn line(&mut self, name: &str, unit: &str, sample: &Sample, target: Target) {
        let shown = [0.0, 0.5, 1.0].map(|part| short(sample.quantile(part)));
        let [least, median, greatest] = shown;
        let verdict = match target.is_met(sample.median()) {
            Some(true) => "met",
            Some(false) => "MISSED",
            None => "",
        };
        self.missed += usize::from(verdict == "MISSED");
        let named = if unit.is_empty() { name.to_owned() } else { format!("{name} [{unit}]") };
        println!("  {named:<66} {least:>9} {median:>9} {greatest:>9}  {:<9} {verdict}", target.text());
    }

    pub fn note(&self, text: &str) {
        println!("  {text}");
    }
}

fn short(value: f64) -> String {
    match value.abs() {
        large if large >= 1000.0 => format!("{value:.0}"),
        medium if medium >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
