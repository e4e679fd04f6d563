//! “Why can X do this?”: the chain of grants from a person to a permission or a mapped route, now or on a past day.
//!
//! The present is wound back by the changes since that day (`access_changes`); what was never changed was so from the
//! start. Each link of a chain says since when it holds and who made it, where that is known.

use crate::accounts::access::{self, AccessControl, AccessTable, Change, Facts, Grantee, Noted, admits};
use crate::accounts::{Actor, Permission, ROLES_READ};
use crate::error::{Error, Result};
use crate::sql;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What<'a> {
    Permission(Permission),
    /// A route, and the permission in its code, if it needs one.
    Route(&'a str, Option<Permission>),
    /// What administrators alone may do.
    Everything,
}

/// How a link came to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    pub at: i64,
    /// `None` for the command line.
    pub by: Option<String>,
}

/// A link of a chain: the title of a role, and how it was reached from the link before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub title: String,
    /// `None` when it has been so from the start.
    pub since: Option<Since>,
}

/// One way to the right: roles, each included by the one before it, and at the end what the last one gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    pub roles: Vec<Link>,
    pub gives: Link,
}

#[derive(Clone, Debug)]
pub struct Answer {
    pub person: String,
    /// When nobody of that id was here on that day.
    pub was_here: bool,
    pub may: bool,
    /// Whether the route was mapped; `false` also for a permission.
    pub is_mapped: bool,
    pub chains: Vec<Chain>,
    /// The roles that would give it, when the person may not.
    pub would: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct PersonRow {
    name: String,
    created_at: i64,
}

/// `at_ms` is the moment that is asked about.
pub async fn explain(
    access: &AccessControl,
    actor: &Actor,
    person_id: i64,
    what: What<'_>,
    at_ms: i64,
) -> Result<Answer> {
    actor.require(ROLES_READ)?;
    let query = access.db().q(sql!("SELECT name, created_at FROM people WHERE id = ?"));
    let person: PersonRow = query.bind(person_id).optional().await?.ok_or(Error::NotFound)?;
    let noted = access::changes_since(access.db(), i64::MIN).await?;
    let mut facts = access.table().await?.facts.clone();
    let own: BTreeSet<i64> = access::roles_of(&mut access.db(), person_id).await?.into_iter().collect();
    let mut given = BTreeMap::from([(person_id, own)]);
    let later = noted.iter().take_while(|noted| noted.at > at_ms).count();
    facts.wind_back(&mut given, &noted[..later]);
    let was_here = person.created_at <= at_ms;
    let own = if was_here { given.remove(&person_id).unwrap_or_default() } else { BTreeSet::new() };
    let table = AccessTable::compile(facts, access.index().clone(), 0);
    let past = Past { table: &table, own, person_id, noted: &noted[later..] };
    let chains = if was_here { past.chains(what) } else { Vec::new() };
    Ok(Answer {
        person: person.name,
        was_here,
        may: !chains.is_empty(),
        is_mapped: matches!(what, What::Route(route, _) if table.facts.routes.contains_key(route)),
        would: if chains.is_empty() { past.roles_that_would(what) } else { Vec::new() },
        chains,
    })
}

fn plain(title: &str) -> Link {
    Link { title: title.to_owned(), since: None }
}

/// A person among the roles of a moment.
struct Past<'a> {
    table: &'a AccessTable,
    own: BTreeSet<i64>,
    person_id: i64,
    /// What was changed until then, the newest first.
    noted: &'a [Noted],
}

impl Past<'_> {
    fn facts(&self) -> &Facts {
        &self.table.facts
    }

    fn chains(&self, what: What<'_>) -> Vec<Chain> {
        match what {
            What::Permission(permission) => self.by_roles(|id| self.gives(id, permission)),
            What::Everything => self.by_roles(|id| self.gives_everything(id)),
            What::Route(route, needed) => match (self.facts().routes.get(route), needed) {
                (Some(grantees), _) => self.by_mapping(route, grantees),
                (None, Some(permission)) => self.by_roles(|id| self.gives(id, permission)),
                (None, None) => vec![Chain { roles: Vec::new(), gives: plain("being signed in") }],
            },
        }
    }

    /// What a role gives by itself.
    fn gives(&self, id: i64, permission: Permission) -> Option<Link> {
        if let Some(everything) = self.gives_everything(id) {
            return Some(everything);
        }
        let role = self.facts().roles.get(&id)?;
        role.permissions.contains(permission.0).then(|| {
            let change = Change::Permitted { role: id, permission: permission.0.to_owned() };
            Link { title: permission.0.to_owned(), since: self.since(&change) }
        })
    }

    fn gives_everything(&self, id: i64) -> Option<Link> {
        self.facts().roles.get(&id).filter(|role| role.everything).map(|_| plain("everything"))
    }

    fn by_mapping(&self, route: &str, grantees: &BTreeSet<Grantee>) -> Vec<Chain> {
        let link = |grantee: Grantee| {
            let change = Change::Admitted { route: route.to_owned(), grantee };
            Link { title: route.to_owned(), since: self.since(&change) }
        };
        let myself = Grantee::Person(self.person_id);
        let by_name = grantees.contains(&myself).then(|| Chain { roles: Vec::new(), gives: link(myself) });
        let of_role = |id: i64| {
            let admitted = || grantees.contains(&Grantee::Role(id)).then(|| link(Grantee::Role(id)));
            self.gives_everything(id).or_else(admitted)
        };
        by_name.into_iter().chain(self.by_roles(of_role)).collect()
    }

    /// A chain for each role of the person and each role that it includes and that gives something.
    fn by_roles(&self, gives: impl Fn(i64) -> Option<Link>) -> Vec<Chain> {
        let mut chains = Vec::new();
        for own in &self.own {
            for included in self.facts().included([*own]) {
                if let (Some(gives), Some(way)) = (gives(included), self.facts().way(*own, included)) {
                    chains.push(Chain { roles: self.links(&way), gives });
                }
            }
        }
        chains.sort_by_key(|chain| chain.roles.len());
        chains
    }

    fn links(&self, way: &[i64]) -> Vec<Link> {
        let given = Change::Given { person: self.person_id, role: way[0] };
        let included = way.windows(2).map(|step| Change::Included { role: step[0], parent: step[1] });
        let changes = std::iter::once(given).chain(included);
        let titles = self.facts().titles(way);
        titles
            .into_iter()
            .zip(changes)
            .map(|(title, change)| Link { title: title.to_owned(), since: self.since(&change) })
            .collect()
    }

    fn since(&self, change: &Change) -> Option<Since> {
        let noted = self.noted.iter().find(|noted| noted.added && noted.change == *change)?;
        Some(Since { at: noted.at, by: noted.by.clone() })
    }

    fn roles_that_would(&self, what: What<'_>) -> Vec<String> {
        let roles = match what {
            What::Permission(permission) => self.table.roles_with(permission),
            What::Everything => self.table.administrating(),
            What::Route(route, needed) => match (self.facts().routes.get(route), needed) {
                (Some(grantees), _) => self.admitted(grantees),
                (None, Some(permission)) => self.table.roles_with(permission),
                (None, None) => self.facts().roles.keys().copied().collect(),
            },
        };
        self.facts().titles(&roles).into_iter().map(str::to_owned).collect()
    }

    fn admitted(&self, grantees: &BTreeSet<Grantee>) -> Vec<i64> {
        let is_admitted =
            |id: &i64| self.table.held(*id).everything || admits(grantees, &self.facts().included([*id]), None);
        self.facts().roles.keys().copied().filter(is_admitted).collect()
    }
}
