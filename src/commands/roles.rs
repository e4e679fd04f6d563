//! `roles list`: the roles as a tree.

use super::{Failure, output, with_app};
use crate::accounts::{Actor, roles};
use crate::config::Flags;

pub async fn list(flags: &Flags) -> Result<(), Failure> {
    with_app(flags, async |app| {
        let rows = roles::list(&app.access, &Actor::system()).await?.into_iter().map(|role| {
            let title = format!("{}{}", "  ".repeat(role.depth), role.title);
            let held = match role.held.everything {
                true => "everything".to_owned(),
                false => app.access.index().names(role.held.permissions).join(" "),
            };
            [role.name, title, role.people.to_string(), role.parents.join(", "), held]
        });
        output::table(["NAME", "ROLE", "PEOPLE", "INCLUDES", "MAY"], rows.collect())
    })
    .await
}
