//! `config show`.

use super::{Failure, load, output};
use crate::config::{Flags, show as options};

pub fn show(flags: &Flags) -> Result<(), Failure> {
    let config = load(flags)?;
    let rows = options(&config).into_iter().map(|shown| [shown.option, shown.value, shown.source]);
    output::table(["OPTION", "VALUE", "FROM"], rows.collect())
}
