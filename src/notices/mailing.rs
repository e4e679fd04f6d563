//! Notices by mail: what was raised is sorted by what its person chose, and what belongs together becomes one mail.
//!
//! `notices.mailing` goes from `open` to `none`, `mailed` or `digest`, and from there to `mailed` once a day. A mail is
//! written in the transaction that marks its notices, so that each is told of by one mail, whoever looks at the same time.

use super::{Channel, NoticeKind};
use crate::db::{self, Db};
use crate::outbox::{self, NewMail};
use crate::sql;
use std::collections::BTreeMap;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// How many are looked at together.
const AT_ONCE: i64 = 500;
const MAX_SUBJECT_CHARS: usize = 120;

/// What mails about notices are made with.
pub struct Terms<'a> {
    pub kinds: &'a [&'static NoticeKind],
    /// Where people reach the portal.
    pub site: &'a str,
    /// The hour, in UTC, at which digests leave.
    pub digest_hour: i64,
}

#[derive(Clone, Debug, sqlx::FromRow)]
struct Raised {
    id: i64,
    person_id: i64,
    kind: String,
    title: String,
    href: String,
    read_at: Option<i64>,
    email: Option<String>,
    active: bool,
    channel: Option<String>,
}

impl Raised {
    /// What the person wants now; those who cannot or need not be told by mail want to hear of it in the app alone.
    fn channel(&self, kinds: &[&'static NoticeKind]) -> Channel {
        if !self.active || self.read_at.is_some() || self.email.is_none() {
            return Channel::App;
        }
        let chosen = self.channel.as_deref().and_then(Channel::from_name);
        let kind = kinds.iter().find(|kind| kind.kind == self.kind);
        chosen.or(kind.map(|kind| kind.default)).unwrap_or(Channel::App)
    }
}

/// Writes the mails that are due into the outbox, and returns how many.
pub async fn bundle(db: &Db, terms: &Terms<'_>, now_ms: i64) -> db::Result<usize> {
    Ok(mail_at_once(db, terms, now_ms).await? + mail_digests(db, terms, now_ms).await?)
}

async fn mail_at_once(db: &Db, terms: &Terms<'_>, now_ms: i64) -> db::Result<usize> {
    let mut mails = 0;
    loop {
        let query = db.q(sql!(
            "SELECT n.id, n.person_id, n.kind, n.title, n.href, n.read_at, p.email, p.active, c.channel
             FROM notices n JOIN people p ON p.id = n.person_id
             LEFT JOIN notice_preferences c ON c.person_id = n.person_id AND c.kind = n.kind
             WHERE n.mailing = 'open' ORDER BY n.person_id, n.id LIMIT ?"
        ));
        let open: Vec<Raised> = query.bind(AT_ONCE).all().await?;
        let (written, settled) = sort(db, terms, open, now_ms).await?;
        mails += written;
        if written == 0 && settled == 0 {
            return Ok(mails);
        }
    }
}

/// Returns how many mails were written, and how many notices become no mail of their own.
async fn sort(db: &Db, terms: &Terms<'_>, open: Vec<Raised>, now_ms: i64) -> db::Result<(usize, u64)> {
    let (mut in_app, mut for_digest, mut at_once) = (Vec::new(), Vec::new(), Vec::new());
    for notice in open {
        match notice.channel(terms.kinds) {
            Channel::App | Channel::Off => in_app.push(notice.id),
            Channel::Digest => for_digest.push(notice.id),
            Channel::Mail => at_once.push(notice),
        }
    }
    let settled = settle(db, &in_app, "open", "none").await? + settle(db, &for_digest, "open", "digest").await?;
    let mut mails = 0;
    for notices in by_person(at_once) {
        mails += usize::from(write(db, terms, &notices, ("open", "notices"), now_ms).await?);
    }
    Ok((mails, settled))
}

/// What was raised before the last time at which digests leave.
async fn mail_digests(db: &Db, terms: &Terms<'_>, now_ms: i64) -> db::Result<usize> {
    let since = last_digest(terms.digest_hour, now_ms);
    let mut mails = 0;
    loop {
        let query = db.q(sql!(
            "SELECT n.id, n.person_id, n.kind, n.title, n.href, n.read_at, p.email, p.active, c.channel
             FROM notices n JOIN people p ON p.id = n.person_id
             LEFT JOIN notice_preferences c ON c.person_id = n.person_id AND c.kind = n.kind
             WHERE n.mailing = 'digest' AND n.at < ? ORDER BY n.person_id, n.id LIMIT ?"
        ));
        let due: Vec<Raised> = query.bind(since).bind(AT_ONCE).all().await?;
        let is_wanted = |notice: &Raised| matches!(notice.channel(terms.kinds), Channel::Mail | Channel::Digest);
        let (wanted, unwanted): (Vec<Raised>, Vec<Raised>) = due.into_iter().partition(is_wanted);
        let unwanted: Vec<i64> = unwanted.iter().map(|notice| notice.id).collect();
        let settled = settle(db, &unwanted, "digest", "none").await?;
        let mut written = 0;
        for notices in by_person(wanted) {
            written += usize::from(write(db, terms, &notices, ("digest", "digest"), now_ms).await?);
        }
        mails += written;
        if written == 0 && settled == 0 {
            return Ok(mails);
        }
    }
}

fn by_person(notices: Vec<Raised>) -> Vec<Vec<Raised>> {
    let mut people: BTreeMap<i64, Vec<Raised>> = BTreeMap::new();
    for notice in notices {
        people.entry(notice.person_id).or_default().push(notice);
    }
    people.into_values().collect()
}

async fn settle(db: &Db, ids: &[i64], from: &'static str, to: &'static str) -> db::Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    let query = db.q(sql!("UPDATE notices SET mailing = ? WHERE id IN ({ids}) AND mailing = ?"));
    unless_busy(query.bind(to).bind_ids(ids).bind(from).execute().await)
}

/// MariaDB ends one of two that mark the same notices at once; the other one marks them.
fn unless_busy(marked: db::Result<u64>) -> db::Result<u64> {
    match marked {
        Err(db::Error::Busy) => Ok(0),
        other => other,
    }
}

/// Writes one mail about notices of one person; `false` when another process was quicker with one of them. How they are
/// marked now comes first, then how the key of the mail begins.
async fn write(
    db: &Db,
    terms: &Terms<'_>,
    notices: &[Raised],
    (marked, key): (&'static str, &'static str),
    now_ms: i64,
) -> db::Result<bool> {
    let [first, ..] = notices else { return Ok(false) };
    let ids: Vec<i64> = notices.iter().map(|notice| notice.id).collect();
    let mut tx = db.begin().await?;
    let query = tx.q(sql!("UPDATE notices SET mailing = 'mailed' WHERE id IN ({ids}) AND mailing = ?"));
    if unless_busy(query.bind_ids(&ids).bind(marked).execute().await)? != ids.len() as u64 {
        return Ok(false);
    }
    let mail = NewMail {
        to: first.email.clone().unwrap_or_default(),
        subject: subject(notices, marked == "digest"),
        text: text(notices, terms.site),
        dedup_key: format!("{key}:{}:{}", first.person_id, ids[0]),
    };
    outbox::enqueue_for(&mut tx, first.person_id, &mail, now_ms).await?;
    tx.commit().await?;
    Ok(true)
}

fn subject(notices: &[Raised], is_digest: bool) -> String {
    match (notices, is_digest) {
        ([only], false) => only.title.chars().take(MAX_SUBJECT_CHARS).collect(),
        ([_], true) => "Your day at Quarterdeck: one notice".to_owned(),
        (many, false) => format!("{} notices", many.len()),
        (many, true) => format!("Your day at Quarterdeck: {} notices", many.len()),
    }
}

fn text(notices: &[Raised], site: &str) -> String {
    let mut text = String::new();
    for notice in notices {
        text.push_str(&format!("{}\n{site}{}\n\n", notice.title, notice.href));
    }
    text.push_str(&format!("--\nHow you hear of what: {site}/account/notices\n"));
    text
}

/// The last time, up to now, at which digests left.
fn last_digest(hour: i64, now_ms: i64) -> i64 {
    let today = now_ms.div_euclid(DAY_MS) * DAY_MS + hour * HOUR_MS;
    if today <= now_ms { today } else { today - DAY_MS }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_leave_once_a_day_at_their_hour() {
        let at = |day: i64, hour: i64| day * DAY_MS + hour * HOUR_MS;
        assert_eq!(last_digest(6, at(10, 6)), at(10, 6));
        assert_eq!(last_digest(6, at(10, 6) - 1), at(9, 6));
        assert_eq!(last_digest(6, at(10, 23)), at(10, 6));
        assert_eq!(last_digest(0, at(10, 0)), at(10, 0));
        assert_eq!(last_digest(23, at(10, 22)), at(9, 23));
    }
}
